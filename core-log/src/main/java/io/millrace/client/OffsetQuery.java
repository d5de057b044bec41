package io.millrace.client;

/** Which offset of a partition is asked for. */
public sealed interface OffsetQuery {

    /** The log start offset. */
    record Earliest() implements OffsetQuery {}

    /** The high watermark, or the last stable offset for a read-committed asker. */
    record Latest() implements OffsetQuery {}

    /** The record with the largest timestamp. */
    record MaxTimestamp() implements OffsetQuery {}

    /**
     * Where the largest leader epoch up to this one ends: the offset at which the next epoch began, or the log end. A reader
     * that has read further in this epoch has read something that the log no longer has (KIP-101, KIP-320). The answer tells
     * that epoch too; -1 for both if nothing is known of it.
     */
    record EndOfEpoch(int leaderEpoch) implements OffsetQuery {}

    /** The first record whose timestamp (ms) is this or later. */
    record AtOrAfter(long timestampMs) implements OffsetQuery {}
}
