package io.millrace.log;

import io.millrace.client.ErrorCode;
import io.millrace.kernel.Invariant;
import io.millrace.record.Compression;
import io.millrace.record.CorruptBatchException;
import io.millrace.record.RecordBatch;
import io.millrace.record.RecordBatchBuilder;
import io.millrace.record.RecordCursor;
import io.millrace.record.TimestampType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks what a producer sent, record by record, as Kafka's {@code LogValidator} does. Owned by the log's thread.
 *
 * <p>A producer's batch counts its offsets from 0 without gaps; the log gives it its real offsets afterwards.
 */
final class BatchValidator {

    private static final String KEYLESS = "a compacted topic takes no record without a key";
    private static final String STAMPED = "a client may not send timestamps of type LogAppendTime";

    private final RecordCursor cursor = new RecordCursor();
    private long largestTimestamp;

    /** Why a client's batch is refused; null if it is well-formed. */
    AppendOutcome.@Nullable Rejected refuse(RecordBatch batch, LogConfig config, long nowMs) {
        if (batch.baseOffset() != 0) {
            return rejected(
                    ErrorCode.INVALID_RECORD,
                    "a producer counts the offsets of a batch from 0, not from " + batch.baseOffset());
        }
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
        if (batch.producerId() >= 0 && batch.baseSequence() < 0) {
            return rejected(
                    ErrorCode.INVALID_RECORD,
                    "producer " + batch.producerId() + " sent sequence " + batch.baseSequence());
        }
        if (batch.producerId() >= 0 && batch.producerEpoch() < 0) {
            return rejected(
                    ErrorCode.INVALID_PRODUCER_EPOCH,
                    "producer " + batch.producerId() + " sent epoch " + batch.producerEpoch());
        }
        if (batch.isTransactional() && batch.producerId() < 0) {
            return rejected(ErrorCode.INVALID_RECORD, "a transactional batch needs a producer id");
        }
        if (isStamped(batch) && config.messageTimestampType() == TimestampType.CREATE_TIME) {
            return rejected(ErrorCode.INVALID_TIMESTAMP, STAMPED);
        }
        return refuseRecords(batch, config, nowMs);
    }

    private AppendOutcome.@Nullable Rejected refuseRecords(RecordBatch batch, LogConfig config, long nowMs) {
        boolean keyed = config.compacts();
        boolean bounded = config.messageTimestampType() == TimestampType.CREATE_TIME;
        long earliest = saturatedDifference(nowMs, config.messageTimestampBeforeMaxMs());
        long latest = saturatedSum(nowMs, config.messageTimestampAfterMaxMs());
        boolean stamped = isStamped(batch);
        List<RecordFault> faults = List.of();
        ErrorCode error = ErrorCode.INVALID_RECORD;
        int index = 0;
        long largest = RecordBatch.NO_TIMESTAMP;
        try {
            cursor.wrap(batch);
            while (cursor.next()) {
                if (cursor.offset() != index) {
                    return rejected(ErrorCode.INVALID_RECORD, "record offsets within a batch must have no gaps");
                }
                long timestamp = cursor.timestamp();
                largest = Math.max(largest, timestamp);
                if (keyed && !cursor.hasKey()) {
                    faults = with(faults, index, KEYLESS);
                } else if (bounded && timestamp >= 0 && (timestamp < earliest || timestamp > latest)) {
                    faults = with(faults, index, outOfBounds(timestamp, earliest, latest));
                    error = ErrorCode.INVALID_TIMESTAMP;
                } else if (stamped) {
                    faults = with(faults, index, STAMPED);
                    error = ErrorCode.INVALID_TIMESTAMP;
                }
                index++;
            }
        } catch (CorruptBatchException e) {
            return rejected(ErrorCode.CORRUPT_MESSAGE, String.valueOf(e.getMessage()));
        }
        largestTimestamp = largest;
        return faults.isEmpty() ? null : rejected(error, faults);
    }

    private static boolean isStamped(RecordBatch batch) {
        return batch.timestampType() == TimestampType.LOG_APPEND_TIME;
    }

    private static List<RecordFault> with(List<RecordFault> faults, int index, String message) {
        List<RecordFault> more = faults.isEmpty() ? new ArrayList<>() : faults;
        more.add(new RecordFault(index, message));
        return more;
    }

    private static String outOfBounds(long timestamp, long earliest, long latest) {
        return "timestamp " + timestamp + " is not within " + earliest + " and " + latest
                + " (message.timestamp.before.max.ms, message.timestamp.after.max.ms)";
    }

    private static AppendOutcome.Rejected rejected(ErrorCode error, List<RecordFault> faults) {
        RecordFault first = faults.get(0);
        String others = faults.size() == 1 ? "" : " (" + (faults.size() - 1) + " more records are refused)";
        return new AppendOutcome.Rejected(error, "record " + first.index() + ": " + first.message() + others, faults);
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
