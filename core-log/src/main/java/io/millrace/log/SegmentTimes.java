package io.millrace.log;

import io.millrace.record.RecordBatch;

/**
 * What a segment knows of the times of its batches, in ms. Those of transaction markers, which are the times of the commits and
 * may lie decades after the records' own, count for the segment's age alone. Owned by the log's thread; readers see the largest.
 */
final class SegmentTimes {
    private final long createdMs;
    private long max = RecordBatch.NO_TIMESTAMP;
    private long offsetOfMax = -1;
    private long newest = RecordBatch.NO_TIMESTAMP;
    private long first = RecordBatch.NO_TIMESTAMP;

    SegmentTimes(long createdMs) {
        this.createdMs = createdMs;
    }

    /** The largest timestamp of any record; -1 if there is none. */
    long max() {
        return max;
    }

    long offsetOfMax() {
        return offsetOfMax;
    }

    /** The largest timestamp of anything, transaction markers included; -1 if there is none. */
    long newest() {
        return newest;
    }

    /** The largest timestamp of the first batch; -1 if it has none. */
    long first() {
        return first;
    }

    void first(long timestamp) {
        first = timestamp;
    }

    /** The time by which the segment's age is counted: the newest in it, else that of its creation. */
    long ageBaseMs() {
        return newest >= 0 ? newest : createdMs;
    }

    /** How long the segment has taken batches in when this one comes: by their own times, else by the clock. */
    long waitedMs(long timestampOfBatch, long nowMs) {
        return first >= 0 && timestampOfBatch >= 0 ? timestampOfBatch - first : nowMs - createdMs;
    }

    /**
     * A batch is in the segment.
     *
     * @param timestamp the largest of its records, -1 if it is a marker or has none
     * @param timestampWithMarkers the same for any batch
     */
    void add(long lastOffset, long timestamp, long timestampWithMarkers) {
        newest = Math.max(newest, timestampWithMarkers);
        if (timestamp > max) {
            max = timestamp;
            offsetOfMax = lastOffset;
        }
    }

    /** Goes on from what an index or a seal remembers; the first batch's time is learnt again. */
    void restore(long knownMax, long knownOffsetOfMax, long knownNewest) {
        max = knownMax;
        offsetOfMax = knownOffsetOfMax;
        newest = Math.max(knownMax, knownNewest);
    }

    void clear() {
        restore(RecordBatch.NO_TIMESTAMP, -1, RecordBatch.NO_TIMESTAMP);
        first = RecordBatch.NO_TIMESTAMP;
    }
}
