package io.millrace.store;

/**
 * When committed state goes down to the backing stores.
 *
 * @param delayMs how long a commit may stay on the heap before it is written. The longer, the fewer writes, since a key that
 *     is committed again meanwhile is written once or not at all, and the more changelog is replayed after a crash
 * @param pinnedBytesMax of one shard, above which it is written without delay
 * @param sliceBytes of one write: about a millisecond of work
 * @param slicesInFlightMax between a lane and the store agent, per shard
 * @param flushIntervalMs how often what was written is made durable, at most
 * @param flushBytes written to one store after which it is made durable without waiting for the interval
 */
public record WriteBackSettings(
        long delayMs,
        long pinnedBytesMax,
        long sliceBytes,
        int slicesInFlightMax,
        long flushIntervalMs,
        long flushBytes) {

    public WriteBackSettings {
        if (delayMs < 0 || pinnedBytesMax < 0 || sliceBytes <= 0 || slicesInFlightMax <= 0) {
            throw new IllegalArgumentException(
                    "Write-back needs a delay and a pinned bound of at least 0, and slices of at"
                            + " least 1 byte, 1 in flight; not " + delayMs + ", " + pinnedBytesMax + ", " + sliceBytes
                            + " and "
                            + slicesInFlightMax + ".");
        }
        if (flushIntervalMs <= 0 || flushBytes <= 0) {
            throw new IllegalArgumentException("Write-back flushes after at least 1 ms and 1 byte; not "
                    + flushIntervalMs + " and " + flushBytes + ".");
        }
    }

    public static WriteBackSettings defaults() {
        return new WriteBackSettings(2_000, 32L << 20, 64 * 1024, 8, 30_000, 32L << 20);
    }
}
