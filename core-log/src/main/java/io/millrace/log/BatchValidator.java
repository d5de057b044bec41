package io.millrace.log;

import io.millrace.client.ErrorCode;
import io.millrace.kernel.Invariant;
import io.millrace.record.Compression;
import io.millrace.record.CorruptBatchException;
import io.millrace.record.RecordBatch;
import io.millrace.record.RecordBatchBuilder;
import io.millrace.record.RecordCursor;
import io.millrace.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * Checks what a producer sent, record by record, as Kafka's {@code LogValidator} does. Owned by the log's thread.
 *
 * <p>A producer's batch counts its offsets from any base without gaps; the log gives it its real offsets afterwards.
 */
final class BatchValidator {

    private final RecordCursor cursor = new RecordCursor();
    private long largestTimestamp;

    /** Why a client's batch is refused; null if it is well-formed. */
    AppendOutcome.@Nullable Rejected refuse(RecordBatch batch, LogConfig config, long nowMs) {
        if (batch.sizeInBytes() > config.maxMessageBytes()) {
            return rejected(
                    ErrorCode.MESSAGE_TOO_LARGE,
                    "a batch of " + batch.sizeInBytes() + " bytes is larger than max.message.bytes="
                            + config.maxMessageBytes());
        }
        if (!batch.isValidCrc()) {
            return rejected(ErrorCode.CORRUPT_MESSAGE, "the checksum of the batch is wrong");
        }
        if (batch.isControl()) {
            return rejected(ErrorCode.INVALID_RECORD, "a client may not write transaction markers");
        }
        if (batch.recordCount() <= 0 || batch.recordCount() - 1 != batch.lastOffset() - batch.baseOffset()) {
            return rejected(
                    ErrorCode.INVALID_RECORD,
                    "a batch of " + batch.recordCount() + " records spans "
                            + (batch.lastOffset() - batch.baseOffset() + 1) + " offsets");
        }
        if (batch.producerId() >= 0 && (batch.baseSequence() < 0 || batch.producerEpoch() < 0)) {
            return rejected(
                    ErrorCode.INVALID_RECORD,
                    "producer " + batch.producerId() + " sent sequence " + batch.baseSequence() + " and epoch "
                            + batch.producerEpoch());
        }
        if (batch.isTransactional() && batch.producerId() < 0) {
            return rejected(ErrorCode.INVALID_RECORD, "a transactional batch needs a producer id");
        }
        if (batch.timestampType() == TimestampType.LOG_APPEND_TIME) {
            return rejected(ErrorCode.INVALID_TIMESTAMP, "a client may not send timestamps of type LogAppendTime");
        }
        return refuseRecords(batch, config, nowMs);
    }

    private AppendOutcome.@Nullable Rejected refuseRecords(RecordBatch batch, LogConfig config, long nowMs) {
        boolean keyed = config.compacts();
        boolean bounded = config.messageTimestampType() == TimestampType.CREATE_TIME;
        long earliest = saturatedDifference(nowMs, config.messageTimestampBeforeMaxMs());
        long latest = saturatedSum(nowMs, config.messageTimestampAfterMaxMs());
        long expected = batch.baseOffset();
        long largest = RecordBatch.NO_TIMESTAMP;
        try {
            cursor.wrap(batch);
            while (cursor.next()) {
                if (cursor.offset() != expected++) {
                    return rejected(ErrorCode.INVALID_RECORD, "record offsets within a batch must have no gaps");
                }
                if (keyed && !cursor.hasKey()) {
                    return rejected(ErrorCode.INVALID_RECORD, "a compacted topic takes no record without a key");
                }
                long timestamp = cursor.timestamp();
                largest = Math.max(largest, timestamp);
                if (bounded && timestamp >= 0 && (timestamp < earliest || timestamp > latest)) {
                    return rejected(
                            ErrorCode.INVALID_TIMESTAMP,
                            "timestamp " + timestamp + " is not within " + earliest + " and " + latest
                                    + " (message.timestamp.before.max.ms, message.timestamp.after.max.ms)");
                }
            }
        } catch (CorruptBatchException e) {
            return rejected(ErrorCode.CORRUPT_MESSAGE, String.valueOf(e.getMessage()));
        }
        largestTimestamp = largest;
        return null;
    }

    /** The largest timestamp in the batch that was checked last. */
    long largestTimestamp() {
        return largestTimestamp;
    }

    /** The same records with the topic's own compression. */
    RecordBatch recompressed(RecordBatch batch, Compression compression, int level) {
        RecordBatchBuilder builder =
                new RecordBatchBuilder(compression, level, TimestampType.CREATE_TIME, RecordBatch.SIZE_IN_BYTES_MAX);
        cursor.wrap(batch);
        while (cursor.next()) {
            boolean fits = builder.append(
                    cursor.timestamp(),
                    cursor.hasKey() ? cursor.buffer() : null,
                    cursor.keyPosition(),
                    cursor.keySize(),
                    cursor.hasValue() ? cursor.buffer() : null,
                    cursor.valuePosition(),
                    cursor.valueSize(),
                    cursor.headers());
            Invariant.check(fits, "a record that fitted before fits again");
        }
        return builder.finish(batch.producerId(), batch.producerEpoch(), batch.baseSequence(), batch.isTransactional());
    }

    private static long saturatedDifference(long left, long right) {
        return right > left ? RecordBatch.NO_TIMESTAMP : left - right;
    }

    private static long saturatedSum(long left, long right) {
        return right > Long.MAX_VALUE - left ? Long.MAX_VALUE : left + right;
    }

    private static AppendOutcome.Rejected rejected(ErrorCode error, String message) {
        return new AppendOutcome.Rejected(error, message);
    }
}
