package io.millrace.store;

/**
 * The share of one shard in the {@link MemoryBudget}: counts the bytes of its entries as they come, grow, are pinned and go,
 * and says how much it should evict. Owned by the lane.
 */
final class ShardMemory {

    /** What is counted here before the budget hears of it. */
    static final long UNREPORTED_BYTES_MAX = 64 * 1024;

    private final MemoryBudget budget;
    private long heapBytes;
    private long unwrittenBytes;
    private long reportedHeapBytes;
    private long reportedPinnedBytes;

    ShardMemory(MemoryBudget budget) {
        this.budget = budget;
    }

    void added(Entry entry) {
        heapBytes += entry.bytes;
    }

    /** The entry left the heap; telling this twice does no harm. */
    void removed(Entry entry) {
        heapBytes -= entry.bytes;
        entry.bytes = 0;
    }

    /** What is kept beside the entries grew, or shrank. */
    void resized(long deltaBytes) {
        heapBytes += deltaBytes;
    }

    void resize(Entry entry, int bytes) {
        int delta = bytes - entry.bytes;
        heapBytes += delta;
        if (entry.pinnedCommit != 0) {
            unwrittenBytes += delta;
        }
        entry.bytes = bytes;
    }

    void pinned(Entry entry) {
        unwrittenBytes += entry.bytes;
    }

    void unpinned(Entry entry) {
        unwrittenBytes -= entry.bytes;
    }

    /** Bytes that are committed and not yet written. */
    long unwrittenBytes() {
        return unwrittenBytes;
    }

    boolean isReportDue() {
        return Math.abs(heapBytes - reportedHeapBytes) >= UNREPORTED_BYTES_MAX;
    }

    /** An epoch may change much of what is on the heap already: nothing is added then, but it is pinned. */
    boolean isPinnedReportDue(long epochBytes) {
        return Math.abs(epochBytes + unwrittenBytes - reportedPinnedBytes) >= UNREPORTED_BYTES_MAX;
    }

    void report(long epochBytes) {
        long pinnedBytes = epochBytes + unwrittenBytes;
        budget.report(heapBytes - reportedHeapBytes, pinnedBytes - reportedPinnedBytes);
        reportedHeapBytes = heapBytes;
        reportedPinnedBytes = pinnedBytes;
    }

    /** This shard's part of what the process has too much, in proportion to what it holds; 0 if nothing. */
    long excessBytes() {
        long total = budget.heapBytes();
        long excess = total - budget.heapBytesMax();
        return excess <= 0 || total <= 0 ? 0 : (long) Math.ceil((double) excess * heapBytes / total);
    }

    /** The shard is no longer used: gives back all it holds. */
    void release() {
        budget.report(-reportedHeapBytes, -reportedPinnedBytes);
        reportedHeapBytes = 0;
        reportedPinnedBytes = 0;
    }
}
