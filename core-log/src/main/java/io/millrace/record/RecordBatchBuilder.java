package io.millrace.record;

import io.millrace.record.BatchLayout.BatchFields;
import org.jspecify.annotations.Nullable;

/**
 * Writes one batch at a time, as a producer does: consecutive offsets from 0, which the leader moves to where they belong.
 * Reusable, for one owner.
 *
 * <p>Life: {@code append} until it returns false or the batch is wanted, {@link #finish}, perhaps {@code finish} again with
 * another producer identity, {@link #reset()}. A finished batch is a view of the builder's own array; it ends with the next
 * append or reset.
 */
public final class RecordBatchBuilder {

    private final TimestampType timestampType;
    private final int batchBytesMax;
    private final RecordEncoder records;
    private final BatchBody body;
    private int recordCount;
    private long baseTimestamp;
    private long maxTimestamp = RecordBatch.NO_TIMESTAMP;

    /**
     * A builder at the codec's default level.
     *
     * @param batchBytesMax the largest batch, in bytes before compression, header included
     */
    public RecordBatchBuilder(Compression compression, TimestampType timestampType, int batchBytesMax) {
        this(compression, compression.levelDefault(), timestampType, batchBytesMax);
    }

    /**
     * A builder at a level of the codec's own scale.
     *
     * @throws IllegalArgumentException if the codec has no such level, or no record could ever fit
     */
    public RecordBatchBuilder(Compression compression, int level, TimestampType timestampType, int batchBytesMax) {
        if (batchBytesMax <= RecordBatch.HEADER_BYTES || batchBytesMax > RecordBatch.SIZE_IN_BYTES_MAX) {
            throw new IllegalArgumentException("a batch limit of " + batchBytesMax + " bytes is not within "
                    + (RecordBatch.HEADER_BYTES + 1) + " and " + RecordBatch.SIZE_IN_BYTES_MAX);
        }
        this.timestampType = timestampType;
        this.batchBytesMax = batchBytesMax;
        this.records = new RecordEncoder(batchBytesMax);
        this.body = new BatchBody(compression, level);
    }

    /**
     * Appends a record of whole arrays.
     *
     * @see #append(long, byte[], int, int, byte[], int, int, Header[])
     */
    public boolean append(long timestampMs, byte @Nullable [] key, byte @Nullable [] value, Header[] headers) {
        return append(
                timestampMs,
                key,
                0,
                key == null ? -1 : key.length,
                value,
                0,
                value == null ? -1 : value.length,
                headers);
    }

    /**
     * Appends a record whose key and value are slices of arrays; they are copied.
     *
     * @param timestampMs ms since 1970, or {@link RecordBatch#NO_TIMESTAMP}
     * @param key null, with any size, for no key
     * @param value null, with any size, for a tombstone
     * @return false, with nothing written, if the batch has records and would grow over its limit
     * @throws RecordTooLargeException if the record would not fit into an empty batch
     */
    public boolean append(
            long timestampMs,
            byte @Nullable [] key,
            int keyPosition,
            int keySize,
            byte @Nullable [] value,
            int valuePosition,
            int valueSize,
            Header[] headers) {
        if (timestampMs < RecordBatch.NO_TIMESTAMP) {
            throw new IllegalArgumentException("timestamp " + timestampMs + " is negative");
        }
        long base = recordCount == 0 ? timestampMs : baseTimestamp;
        long over = records.append(
                timestampMs - base,
                recordCount,
                key,
                keyPosition,
                key == null ? -1 : keySize,
                value,
                valuePosition,
                value == null ? -1 : valueSize,
                headers);
        if (over != 0) {
            return refuse(over);
        }
        baseTimestamp = base;
        maxTimestamp = Math.max(maxTimestamp, timestampMs);
        recordCount++;
        body.clear();
        return true;
    }

    private boolean refuse(long sizeInBytes) {
        long alone = sizeInBytes - records.recordBytes();
        if (recordCount == 0 || alone > batchBytesMax) {
            throw new RecordTooLargeException(alone, batchBytesMax);
        }
        return false;
    }

    public int recordCount() {
        return recordCount;
    }

    /** Size of the batch so far in bytes, header included, before compression. */
    public int sizeInBytes() {
        return records.sizeInBytes();
    }

    public boolean isEmpty() {
        return recordCount == 0;
    }

    /** The largest timestamp so far, {@link RecordBatch#NO_TIMESTAMP} if empty. */
    public long maxTimestamp() {
        return maxTimestamp;
    }

    /** The batch without a producer identity: not idempotent, not in a transaction. */
    public RecordBatch finish() {
        return finish(RecordBatch.NO_PRODUCER_ID, RecordBatch.NO_PRODUCER_EPOCH, RecordBatch.NO_SEQUENCE, false);
    }

    /**
     * The batch with this producer identity. A second call costs a header and a checksum, nothing else, and changes the
     * batch that the first call returned.
     *
     * @param baseSequence sequence of the first record
     * @throws IllegalStateException if there is no record
     */
    public RecordBatch finish(long producerId, short producerEpoch, int baseSequence, boolean transactional) {
        if (recordCount == 0) {
            throw new IllegalStateException("a batch without records");
        }
        Compression compression = body.prepare(records, batchBytesMax);
        BatchFields fields = new BatchFields(
                BatchLayout.attributes(compression, timestampType, transactional, false, false),
                recordCount - 1,
                baseTimestamp,
                maxTimestamp,
                producerId,
                producerEpoch,
                baseSequence,
                recordCount);
        return body.batch(records, 0, RecordBatch.NO_LEADER_EPOCH, fields);
    }

    /** Forgets the records; memory is kept for the next batch. */
    public void reset() {
        records.clear();
        body.clear();
        recordCount = 0;
        maxTimestamp = RecordBatch.NO_TIMESTAMP;
    }
}
