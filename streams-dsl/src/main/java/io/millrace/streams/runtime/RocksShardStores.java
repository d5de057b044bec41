package io.millrace.streams.runtime;

import io.millrace.store.BackingStore;
import io.millrace.store.StateStoreException;
import io.millrace.store.rocks.RocksEnvironment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Backing stores in RocksDB: one directory per shard, {@code <job>/shard-<n>}. */
public final class RocksShardStores implements ShardStores {

    private static final Logger LOG = LoggerFactory.getLogger(RocksShardStores.class);
    private static final int ASIDE_MAX = 1_000;

    private final Path directory;
    private final RocksEnvironment environment;
    private final Map<Integer, BackingStore> stores = new ConcurrentSkipListMap<>();

    /**
     * @param directory of the job; made when the first store is opened
     * @param environment shared by all jobs of the process; the caller closes it
     */
    public RocksShardStores(Path directory, RocksEnvironment environment) {
        this.directory = directory;
        this.environment = environment;
    }

    @Override
    public BackingStore open(int shard) {
        return stores.computeIfAbsent(shard, index -> {
            try {
                Files.createDirectories(directory);
            } catch (IOException e) {
                throw new UncheckedIOException("the state directory " + directory + " cannot be made", e);
            }
            return environment.open(path(index));
        });
    }

    private Path path(int shard) {
        return directory.resolve("shard-" + shard);
    }

    @Override
    public void setAside(int shard, String why) {
        BackingStore open = stores.remove(shard);
        if (open != null) {
            open.close();
        }
        try {
            for (int i = 1; i <= ASIDE_MAX; i++) {
                Path aside = directory.resolve("shard-" + shard + ".aside-" + i);
                if (!Files.exists(aside)) {
                    Files.move(path(shard), aside);
                    LOG.warn(
                            "shard={} its store was moved to {}; delete it when it is no longer of interest",
                            shard,
                            aside);
                    return;
                }
            }
            throw new IOException(directory + " holds " + ASIDE_MAX + " stores of shard " + shard + " set aside");
        } catch (IOException e) {
            throw new UncheckedIOException("the store of shard " + shard + " cannot be set aside", e);
        }
    }

    @Override
    public void close() {
        StateStoreException failure = null;
        for (BackingStore store : stores.values()) {
            try {
                store.close();
            } catch (StateStoreException e) {
                failure = e;
            }
        }
        stores.clear();
        if (failure != null) {
            throw failure;
        }
    }
}
