package io.millrace.store;

/**
 * When committed state goes down to the backing stores, and when it becomes durable there.
 *
 * @param delayMs how long a commit may stay on the heap before it is written. The longer, the fewer writes, since a key that
 *     is committed again meanwhile is written once or not at all, and the more changelog is replayed after a crash
 * @param pinnedBytesMax of one shard, above which it is written without delay
 * @param sliceBytes of one write: about a millisecond of work
 * @param flushIntervalMs how long something written may stay volatile
 * @param flushBytes written to one store after which it is made durable without waiting for the interval
 */
public record WriteBackSettings(
        long delayMs, long pinnedBytesMax, long sliceBytes, long flushIntervalMs, long flushBytes) {

    public WriteBackSettings {
        if (delayMs < 0 || pinnedBytesMax < 0 || sliceBytes <= 0) {
            throw new IllegalArgumentException(
                    "Write-back needs a delay and a pinned bound of at least 0, and slices of at"
                            + " least 1 byte; not " + delayMs + ", " + pinnedBytesMax + " and " + sliceBytes + ".");
        }
        if (flushIntervalMs <= 0 || flushBytes <= 0) {
            throw new IllegalArgumentException("Write-back flushes after at least 1 ms and 1 byte; not "
                    + flushIntervalMs + " and " + flushBytes + ".");
        }
    }

    public static WriteBackSettings defaults() {
        return new WriteBackSettings(1_000, 32L << 20, 64 * 1024, 5_000, 16L << 20);
    }
}
