package io.millrace.testkit;

import io.millrace.store.BackingStore;
import io.millrace.streams.runtime.MemoryShardStores;
import io.millrace.streams.runtime.ShardStores;
import java.nio.file.Path;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Backing stores that outlive the job's process: a process that ends in a crash does not flush them on its way. */
final class KeptShardStores implements ShardStores {

    private final MemoryShardStores stores = new MemoryShardStores();
    private boolean isCrashing;

    @Override
    public BackingStore open(int shard) {
        return stores.open(shard);
    }

    @Override
    public Optional<Path> setAside(int shard) {
        return stores.setAside(shard);
    }

    @Override
    public void close() {
        if (!isCrashing) {
            stores.close();
        }
    }

    /** From now on nothing is flushed any more. */
    void crashing() {
        isCrashing = true;
    }

    /** Each store is as it was after some earlier batch. */
    void crashed(RandomGenerator random) {
        stores.crash(random);
        isCrashing = false;
    }

    /** The disk with the state is lost, the log is not. */
    void lose() {
        stores.lose();
    }
}
