package io.millrace.store;

import org.jspecify.annotations.Nullable;

/**
 * The two queues between the lane that owns a shard and the agent that writes its backing store: slices go down, and come back
 * when they are written. A failure of the store comes back instead, and is final.
 */
public final class ShardChannel {

    final BackingStore backing;
    final HandOff<ShardState.Slice> toWrite;
    final HandOff<ShardState.Slice> written;

    /** Set once by the writer, thrown by the lane. */
    volatile @Nullable StateStoreException failure;

    public ShardChannel(BackingStore backing, WriteBackSettings settings) {
        this.backing = backing;
        toWrite = new HandOff<>(settings.slicesInFlightMax());
        written = new HandOff<>(settings.slicesInFlightMax());
    }
}
