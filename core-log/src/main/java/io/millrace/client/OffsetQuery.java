package io.millrace.client;

/** Which offset of a partition is asked for. */
public sealed interface OffsetQuery {

    /** The log start offset. */
    record Earliest() implements OffsetQuery {}

    /** The high watermark, or the last stable offset for a read-committed asker. */
    record Latest() implements OffsetQuery {}

    /** The record with the largest timestamp. */
    record MaxTimestamp() implements OffsetQuery {}

    /** The first record whose timestamp (ms) is this or later. */
    record AtOrAfter(long timestampMs) implements OffsetQuery {}
}
