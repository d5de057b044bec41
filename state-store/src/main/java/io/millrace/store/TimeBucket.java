package io.millrace.store;

import org.jspecify.annotations.Nullable;

/**
 * The values of one stretch of time in a multimap: in order, as far as they are on the heap, and a filter of the keys of those
 * that are only in the backing store.
 */
final class TimeBucket {

    /**
     * Wide enough for few buckets in a join of minutes, narrow enough to be read in one go, and to insert disordered values near
     * the end of one. Part of the layout on disk.
     */
    static final long WIDTH_MS = 1024;

    private static final long UNKNOWN = Long.MIN_VALUE;

    final long startMs;

    /** The live entries on the heap. */
    final TimedRun live = new TimedRun();

    /** Whether it is known what the backing store has of it. */
    private boolean isRead;

    private @Nullable KeyFilter spilled;

    /** The smallest time among what was spilled, or {@link #UNKNOWN}. */
    private long spilledFirstMs = Long.MAX_VALUE;

    /** Second chance: was read from the backing store since the last eviction. */
    boolean referenced;

    TimeBucket(long startMs, boolean isRead) {
        this.startMs = startMs;
        this.isRead = isRead;
    }

    static long startOf(long timeMs) {
        return Math.floorDiv(timeMs, WIDTH_MS) * WIDTH_MS;
    }

    boolean isRead() {
        return isRead;
    }

    /** Whether all of its values are on the heap. */
    boolean isComplete() {
        return isRead && spilled == null;
    }

    /** Whether a key with this hash may have values in the backing store that are not on the heap. */
    boolean mayBeBelow(int hash) {
        return !isRead || (spilled != null && spilled.mayContain(hash));
    }

    /** The entry left the heap, and is in the backing store. */
    void spill(TimedEntry entry) {
        if (spilled == null) {
            spilled = new KeyFilter();
        }
        spilled.add(entry.hash);
        spilledFirstMs = Math.min(spilledFirstMs, entry.timeMs);
    }

    /** A value that was spilled has been removed: it may have been the first. */
    void spilledRemoved() {
        spilledFirstMs = UNKNOWN;
    }

    /** Everything is on the heap now. */
    void completed() {
        isRead = true;
        spilled = null;
        spilledFirstMs = Long.MAX_VALUE;
        referenced = true;
    }

    boolean isFirstKnown() {
        return isRead && spilledFirstMs != UNKNOWN;
    }

    /** The smallest time of a value, if it is known. */
    long firstMs() {
        return live.isEmpty() ? spilledFirstMs : Math.min(spilledFirstMs, live.firstEntry().timeMs);
    }

    /** Of the filter. */
    long filterBytes() {
        return spilled == null ? 0 : spilled.heapBytes();
    }
}
