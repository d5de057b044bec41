package io.millrace.streams.runtime;

import io.millrace.store.BackingStore;
import io.millrace.store.StateStoreException;
import io.millrace.store.rocks.RocksBackingStore;
import io.millrace.store.rocks.RocksEnvironment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** Backing stores in RocksDB: one directory per shard, {@code <job>/shard-<n>}. */
public final class RocksShardStores implements ShardStores {

    /** Each may be as large as the state, and a disk that damages one store after the other is no place for a job. */
    private static final int ASIDE_MAX = 10;

    private final Path directory;
    private final RocksEnvironment environment;
    private final Map<Integer, RocksBackingStore> stores = new ConcurrentSkipListMap<>();

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
    public Optional<Path> setAside(int shard) {
        RocksBackingStore open = stores.get(shard);
        if (open != null) {
            open.close();
            if (open.isInUse()) {
                throw new IllegalStateException(
                        "the store of shard " + shard + " is to be set aside, but a query still reads it");
            }
        }
        try {
            for (int i = 1; i <= ASIDE_MAX; i++) {
                Path aside = directory.resolve("shard-" + shard + ".aside-" + i);
                if (!Files.exists(aside)) {
                    Files.move(path(shard), aside);
                    stores.remove(shard);
                    return Optional.of(aside);
                }
            }
            throw new IOException(directory + " holds " + ASIDE_MAX + " stores of shard " + shard
                    + " that were set aside: delete them, and find out why there are so many");
        } catch (IOException e) {
            throw new UncheckedIOException("the store of shard " + shard + " cannot be set aside", e);
        }
    }

    @Override
    public void close() {
        StateStoreException failure = null;
        for (RocksBackingStore store : stores.values()) {
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
