package io.millrace.store;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that all shards of a process share for state, in estimated bytes. Two bounds: above the first, clean entries are
 * evicted to their backing stores; above the second, what cannot be evicted is too much, so the runtime pauses its sources
 * and has the backing stores written.
 *
 * <p>Any thread may ask. Shards add what they take in steps, so the sums run behind by up to {@link
 * ShardMemory#UNREPORTED_BYTES_MAX} per shard.
 */
public final class MemoryBudget {

    private final long heapBytesMax;
    private final long pinnedBytesMax;
    private final AtomicLong heapBytes = new AtomicLong();
    private final AtomicLong pinnedBytes = new AtomicLong();

    /**
     * @param heapBytesMax of all entries, above which clean ones are evicted
     * @param pinnedBytesMax of uncommitted entries and of committed ones not yet written, above which sources should pause
     */
    public MemoryBudget(long heapBytesMax, long pinnedBytesMax) {
        if (heapBytesMax <= 0 || pinnedBytesMax <= 0) {
            throw new IllegalArgumentException(
                    "A memory budget of " + heapBytesMax + " and " + pinnedBytesMax + " bytes; both must be positive.");
        }
        this.heapBytesMax = heapBytesMax;
        this.pinnedBytesMax = pinnedBytesMax;
    }

    /** Nothing is ever evicted and no source pauses. */
    public static MemoryBudget unbounded() {
        return new MemoryBudget(Long.MAX_VALUE, Long.MAX_VALUE);
    }

    public long heapBytes() {
        return heapBytes.get();
    }

    public long heapBytesMax() {
        return heapBytesMax;
    }

    /** Bytes that cannot be evicted: dirty, frozen, and committed but not yet written. */
    public long pinnedBytes() {
        return pinnedBytes.get();
    }

    /** Whether sources should pause until more has been written. */
    public boolean isPinnedExceeded() {
        return pinnedBytes.get() > pinnedBytesMax;
    }

    void report(long heapBytesDelta, long pinnedBytesDelta) {
        heapBytes.addAndGet(heapBytesDelta);
        pinnedBytes.addAndGet(pinnedBytesDelta);
    }
}
