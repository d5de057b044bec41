package io.millrace.log;

import io.millrace.client.TopicPartition;
import io.millrace.record.Compression;
import io.millrace.record.Header;
import io.millrace.record.RecordBatch;
import io.millrace.record.RecordBatchBuilder;
import io.millrace.record.RecordCursor;
import io.millrace.record.TimestampType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Small batches and logs for tests. */
final class Batches {
    static final TopicPartition PARTITION = new TopicPartition("flights", 0);
    static final String DIRECTORY = "flights-0";
    static final UUID TOPIC_ID = new UUID(4711, 815);
    static final long NOW = 1_000_000;

    private Batches() {}

    static PartitionLog open(LogStorage storage, Map<String, String> config, RecoveryHints hints) {
        return PartitionLog.open(storage, DIRECTORY, PARTITION, TOPIC_ID, LogConfig.of(config), hints, NOW);
    }

    /** One record per value, keys are the values; timestamps NOW, NOW + 1, …. */
    static RecordBatch batch(String... values) {
        return batch(NOW, values);
    }

    static RecordBatch batch(long firstTimestamp, String... values) {
        return builder(Compression.NONE, firstTimestamp, values).finish();
    }

    static RecordBatchBuilder builder(Compression compression, long firstTimestamp, String... values) {
        RecordBatchBuilder builder = new RecordBatchBuilder(compression, TimestampType.CREATE_TIME, 1 << 20);
        for (int i = 0; i < values.length; i++) {
            builder.append(firstTimestamp + i, bytes(values[i]), bytes(values[i]), Header.NONE);
        }
        return builder;
    }

    static RecordBatch idempotent(long producerId, int epoch, int sequence, String... values) {
        return builder(Compression.NONE, NOW, values).finish(producerId, (short) epoch, sequence, false);
    }

    static RecordBatch transactional(long producerId, int epoch, int sequence, String... values) {
        return builder(Compression.NONE, NOW, values).finish(producerId, (short) epoch, sequence, true);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Appends, writes, syncs and shows. */
    static AppendOutcome commit(PartitionLog log, RecordBatch batch) {
        AppendOutcome outcome = log.append(batch, Origin.CLIENT, 0, NOW);
        settle(log);
        return outcome;
    }

    static void settle(PartitionLog log) {
        log.write();
        if (log.isSyncDue()) {
            log.synced(log.beginSync().run());
        }
        log.advanceHighWatermark(log.view().logEndOffset());
    }

    /** All visible values with their offsets, as {@code offset=value}. */
    static List<String> contents(PartitionLog log) {
        LogView view = log.view();
        return contents(view, view.logStartOffset(), view.highWatermark(), 64);
    }

    static List<String> contents(LogView view, long from, long upTo, int maxBytes) {
        List<String> found = new ArrayList<>();
        RecordCursor cursor = new RecordCursor();
        long position = from;
        while (true) {
            List<RecordBatch> batches = view.read(position, maxBytes, upTo);
            if (batches.isEmpty()) {
                return found;
            }
            for (RecordBatch batch : batches) {
                cursor.wrap(batch);
                while (!batch.isControl() && cursor.next()) {
                    if (cursor.offset() >= position) {
                        found.add(cursor.offset() + "=" + text(cursor.value()));
                    }
                }
                position = Math.max(position, batch.nextOffset());
            }
        }
    }

    static String text(byte @org.jspecify.annotations.Nullable [] bytes) {
        return bytes == null ? "null" : new String(bytes, StandardCharsets.UTF_8);
    }
}
