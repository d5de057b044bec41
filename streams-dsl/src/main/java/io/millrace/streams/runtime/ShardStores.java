package io.millrace.streams.runtime;

import io.millrace.store.BackingStore;

/**
 * Where the backing stores of one job's shards come from. Opened once per process and kept over restarts of the job, as they
 * hold committed state only.
 *
 * <p>Called by the I/O agent while no lane works; {@link #open} also by lanes and the store agent, for shards that are open.
 */
public interface ShardStores extends AutoCloseable {

    /** The shard's store; the same object until it is set aside. Safe to call from any thread once it is open. */
    BackingStore open(int shard);

    /** Closes a store that cannot be trusted and keeps its files out of the way, so that the next {@link #open} gives an empty one. */
    void setAside(int shard, String why);

    /** Flushes and closes every store. */
    @Override
    void close();
}
