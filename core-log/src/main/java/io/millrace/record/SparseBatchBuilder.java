package io.millrace.record;

import io.millrace.record.BatchLayout.BatchFields;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites a batch with fewer records, as compaction does. Reusable, for one owner.
 *
 * <p>The result stands for the same offsets as its source: base and last offset, leader epoch, producer identity, sequences
 * and the transactional and control marks are kept, even when no record is left. Such an empty batch still tells a log the
 * last sequence of its producer and ends where the next batch begins.
 *
 * <p>Life: {@link #begin}, {@link #append} for each record kept, {@link #finish()}; then again from the start. A finished
 * batch is a view of the builder's own array and ends with the next {@code begin}.
 */
public final class SparseBatchBuilder {

    private final RecordEncoder records = new RecordEncoder(RecordBatch.SIZE_IN_BYTES_MAX);
    private final BatchBody body;
    private final Compression compression;
    private @Nullable RecordBatch source;
    private long deleteHorizonMs;
    private long baseTimestamp;
    private long maxTimestamp;
    private long lastOffset;
    private int recordCount;

    /** A builder that compresses with this codec at its default level. */
    public SparseBatchBuilder(Compression compression) {
        this.compression = compression;
        this.body = new BatchBody(compression, compression.levelDefault());
    }

    /** The codec of every batch that has records. */
    public Compression compression() {
        return compression;
    }

    /**
     * Starts a batch in the place of another one, which must stay unchanged until {@link #finish()}.
     *
     * @param deleteHorizonMs from when on tombstones and markers in it may be dropped, in ms since 1970, or
     *     {@link RecordBatch#NO_TIMESTAMP}. When set it takes the base timestamp's place and the records' deltas count from
     *     it (KIP-534).
     */
    public void begin(RecordBatch replaced, long deleteHorizonMs) {
        this.source = replaced;
        this.deleteHorizonMs = deleteHorizonMs;
        this.baseTimestamp = deleteHorizonMs;
        this.maxTimestamp = RecordBatch.NO_TIMESTAMP;
        this.lastOffset = replaced.baseOffset() - 1;
        this.recordCount = 0;
        records.clear();
        body.clear();
    }

    /** Keeps the record at which this cursor stands, with its offset and timestamp. */
    public void append(RecordCursor record) {
        append(
                record.offset(),
                record.timestamp(),
                record.hasKey() ? record.buffer() : null,
                record.keyPosition(),
                record.keySize(),
                record.hasValue() ? record.buffer() : null,
                record.valuePosition(),
                record.valueSize(),
                record.headers());
    }

    /**
     * Adds a record.
     *
     * @param offset within the range of the replaced batch and beyond that of the record before
     */
    public void append(
            long offset,
            long timestampMs,
            byte @Nullable [] key,
            int keyPosition,
            int keySize,
            byte @Nullable [] value,
            int valuePosition,
            int valueSize,
            Header[] headers) {
        RecordBatch replaced = replaced();
        if (offset <= lastOffset || offset > replaced.lastOffset()) {
            throw new IllegalArgumentException(
                    "offset " + offset + " is not within " + (lastOffset + 1) + " and " + replaced.lastOffset());
        }
        if (recordCount == 0 && deleteHorizonMs == RecordBatch.NO_TIMESTAMP) {
            baseTimestamp = timestampMs;
        }
        long over = records.append(
                timestampMs - baseTimestamp,
                (int) (offset - replaced.baseOffset()),
                key,
                keyPosition,
                key == null ? -1 : keySize,
                value,
                valuePosition,
                value == null ? -1 : valueSize,
                headers);
        if (over != 0) {
            throw new RecordTooLargeException(over, RecordBatch.SIZE_IN_BYTES_MAX);
        }
        lastOffset = offset;
        maxTimestamp = Math.max(maxTimestamp, timestampMs);
        recordCount++;
    }

    public int recordCount() {
        return recordCount;
    }

    /**
     * The batch, with the records appended since {@link #begin}. Without any, there is nothing a delete horizon could be
     * about, and it is left out.
     */
    public RecordBatch finish() {
        RecordBatch replaced = replaced();
        boolean isEmpty = recordCount == 0;
        boolean keepsMaxTimestamp = isEmpty || replaced.timestampType() == TimestampType.LOG_APPEND_TIME;
        BatchFields fields = new BatchFields(
                BatchLayout.attributes(
                        body.prepare(records, RecordBatch.SIZE_IN_BYTES_MAX),
                        replaced.timestampType(),
                        replaced.isTransactional(),
                        replaced.isControl(),
                        !isEmpty && deleteHorizonMs != RecordBatch.NO_TIMESTAMP),
                replaced.lastOffsetDelta(),
                isEmpty ? RecordBatch.NO_TIMESTAMP : baseTimestamp,
                keepsMaxTimestamp ? replaced.maxTimestamp() : maxTimestamp,
                replaced.producerId(),
                replaced.producerEpoch(),
                replaced.baseSequence(),
                recordCount);
        return body.batch(records, replaced.baseOffset(), replaced.partitionLeaderEpoch(), fields);
    }

    private RecordBatch replaced() {
        if (source == null) {
            throw new IllegalStateException("begin comes first");
        }
        return source;
    }
}
