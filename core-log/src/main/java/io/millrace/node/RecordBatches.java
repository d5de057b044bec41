package io.millrace.node;

import io.millrace.client.ErrorCode;
import io.millrace.client.LogException;
import io.millrace.client.ProducerIdentity;
import io.millrace.record.Compression;
import io.millrace.record.Header;
import io.millrace.record.RecordBatch;
import io.millrace.record.RecordBatchBuilder;
import io.millrace.record.RecordTooLargeException;
import io.millrace.record.TimestampType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Batches of a coordinator's records. The batch is valid until the next one is asked for. Owned by the log agent. */
final class RecordBatches {

    /** A key and a value; a null value is a tombstone. */
    record KeyValue(byte[] key, byte @Nullable [] value) {}

    /** Coordinators write one batch per decision; a decision is bounded by what one request may carry. */
    static final int BATCH_BYTES_MAX = 16 << 20;

    private final RecordBatchBuilder builder =
            new RecordBatchBuilder(Compression.NONE, TimestampType.CREATE_TIME, BATCH_BYTES_MAX);

    RecordBatch of(long nowMs, byte[] key, byte @Nullable [] value) {
        builder.reset();
        builder.append(nowMs, key, value, Header.NONE);
        return builder.finish();
    }

    /** @throws LogException MESSAGE_TOO_LARGE if they are more than a batch may have */
    RecordBatch of(long nowMs, List<KeyValue> records) {
        fill(nowMs, records);
        return builder.finish();
    }

    /** The same as a part of a transaction. Such batches have no sequence. */
    RecordBatch of(long nowMs, List<KeyValue> records, ProducerIdentity producer) {
        fill(nowMs, records);
        return builder.finish(producer.producerId(), producer.epoch(), RecordBatch.NO_SEQUENCE, true);
    }

    private void fill(long nowMs, List<KeyValue> records) {
        builder.reset();
        for (KeyValue record : records) {
            if (!fits(nowMs, record)) {
                throw new LogException(
                        ErrorCode.MESSAGE_TOO_LARGE,
                        records.size() + " records of a coordinator do not fit into " + BATCH_BYTES_MAX + " bytes");
            }
        }
    }

    private boolean fits(long nowMs, KeyValue record) {
        try {
            return builder.append(nowMs, record.key(), record.value(), Header.NONE);
        } catch (RecordTooLargeException e) {
            return false;
        }
    }
}
