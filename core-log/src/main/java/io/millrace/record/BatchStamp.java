package io.millrace.record;

/**
 * What a leader writes into a batch it is about to append, in place. Only the owner of the bytes may call these, before
 * anybody else sees them.
 *
 * <p>The offset and the epoch lie outside the checksum; the timestamps do not, so stamping those computes it again.
 */
public final class BatchStamp {

    private BatchStamp() {}

    /** Sets the offset of the first record and the epoch of the leader that assigned it. */
    public static void offsets(byte[] bytes, int position, long baseOffset, int partitionLeaderEpoch) {
        BatchLayout.putLong(bytes, position + BatchLayout.BASE_OFFSET, baseOffset);
        BatchLayout.putInt(bytes, position + BatchLayout.LEADER_EPOCH, partitionLeaderEpoch);
    }

    /** Makes every record of the batch carry this time of appending, in ms since 1970. */
    public static void logAppendTime(byte[] bytes, int position, long timestampMs) {
        int attributes = position + BatchLayout.ATTRIBUTES;
        int bits = BatchLayout.shortAt(bytes, attributes) | BatchLayout.TIMESTAMP_TYPE_BIT;
        BatchLayout.putShort(bytes, attributes, (short) bits);
        maxTimestamp(bytes, position, timestampMs);
    }

    /** Corrects the largest timestamp of the batch, in ms since 1970. */
    public static void maxTimestamp(byte[] bytes, int position, long timestampMs) {
        BatchLayout.putLong(bytes, position + BatchLayout.MAX_TIMESTAMP, timestampMs);
        BatchLayout.stampCrc(bytes, position, RecordBatch.sizeAt(bytes, position));
    }
}
