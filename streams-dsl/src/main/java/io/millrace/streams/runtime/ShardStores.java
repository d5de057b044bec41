package io.millrace.streams.runtime;

import io.millrace.store.BackingStore;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the backing stores of one job's shards come from. Opened once per process and kept over restarts of the job, as they
 * hold committed state only.
 *
 * <p>Called by the I/O agent while no lane works; {@link #open} also by lanes and the store agent, for shards that are open.
 */
public interface ShardStores extends AutoCloseable {

    /**
     * The shard's store; the same object until it is set aside. Safe to call from any thread once it is open.
     *
     * @throws io.millrace.store.DamagedStoreException if it cannot be opened until it is set aside
     */
    BackingStore open(int shard);

    /**
     * Closes a store that cannot be trusted, open or not, and moves its files out of the way, so that the next {@link #open}
     * gives an empty one.
     *
     * @return where its files lie now; empty if it has none
     * @throws IllegalStateException if a query still reads it: not now, but later
     */
    Optional<Path> setAside(int shard);

    /** Flushes and closes every store. */
    @Override
    void close();
}
