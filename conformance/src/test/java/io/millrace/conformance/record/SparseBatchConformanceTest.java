package io.millrace.conformance.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.record.BatchStamp;
import io.millrace.record.Compression;
import io.millrace.record.RandomRecords;
import io.millrace.record.RecordBatch;
import io.millrace.record.RecordBatchBuilder;
import io.millrace.record.RecordCursor;
import io.millrace.record.SparseBatchBuilder;
import io.millrace.record.TimestampType;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.BufferSupplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same records dropped from the same batch by Kafka's log cleaner and by us. */
class SparseBatchConformanceTest {

    private static final long NOW = 1_800_000_000_000L;
    private static final long RETENTION_MS = 86_400_000;

    @ParameterizedTest
    @EnumSource(Compression.class)
    void leavesWhatKafkasCleanerLeaves(Compression compression) {
        for (long seed = 1; seed <= 100; seed++) {
            RandomRecords records = new RandomRecords(seed);
            RecordBatch source = source(records, compression);
            Set<Long> kept = new TreeSet<>();
            int denominator = 1 + records.random().nextInt(30);
            for (long offset = source.baseOffset(); offset <= source.lastOffset(); offset++) {
                if (records.random().nextInt(denominator) == 0 && offset != source.lastOffset()) {
                    kept.add(offset);
                }
            }
            ByteBuffer expected = filtered(source, kept);
            MutableRecordBatch theirs = KafkaBatches.decode(expected);

            RecordBatch ours = rewritten(source, kept, theirs.deleteHorizonMs().orElse(RecordBatch.NO_TIMESTAMP));

            if (compression == Compression.NONE || kept.isEmpty()) {
                assertThat(ours.copy().bytes()).as("seed %d", seed).isEqualTo(KafkaBatches.bytes(expected));
            }
            MutableRecordBatch reread = KafkaBatches.decode(ours);
            RecordBatchConformanceTest.assertSameHeader(ours, reread, seed);
            assertThat(KafkaBatches.read(reread)).as("seed %d", seed).isEqualTo(KafkaBatches.read(theirs));
            assertThat(KafkaBatches.offsets(reread)).isEqualTo(KafkaBatches.offsets(theirs));
            assertThat(RandomRecords.read(RecordBatch.wrap(KafkaBatches.bytes(expected), 0)))
                    .isEqualTo(KafkaBatches.read(theirs));
        }
    }

    private static RecordBatch source(RandomRecords records, Compression compression) {
        Random random = records.random();
        RecordBatchBuilder builder = new RecordBatchBuilder(compression, TimestampType.CREATE_TIME, 1 << 20);
        records.fill(builder, 2 + random.nextInt(60), 100);
        RecordBatch batch = builder.finish(
                random.nextInt(100), (short) random.nextInt(9), random.nextInt(1000), random.nextBoolean());
        BatchStamp.offsets(batch.bytes(), batch.position(), random.nextInt(1 << 30), random.nextInt(9));
        if (random.nextInt(3) == 0) {
            BatchStamp.logAppendTime(batch.bytes(), batch.position(), NOW - 5);
        }
        return batch;
    }

    private static RecordBatch rewritten(RecordBatch source, Set<Long> kept, long horizon) {
        SparseBatchBuilder builder = new SparseBatchBuilder(source.compression());
        RecordCursor cursor = new RecordCursor();
        cursor.wrap(source);
        builder.begin(source, horizon);
        while (cursor.next()) {
            if (kept.contains(cursor.offset())) {
                builder.append(cursor);
            }
        }
        return builder.finish();
    }

    private static ByteBuffer filtered(RecordBatch source, Set<Long> kept) {
        MemoryRecords.RecordFilter filter = new MemoryRecords.RecordFilter(NOW, RETENTION_MS) {
            @Override
            protected BatchRetentionResult checkBatchRetention(
                    org.apache.kafka.common.record.internal.RecordBatch batch) {
                return new BatchRetentionResult(BatchRetention.RETAIN_EMPTY, false);
            }

            @Override
            protected boolean shouldRetainRecord(
                    org.apache.kafka.common.record.internal.RecordBatch batch, Record record) {
                return kept.contains(record.offset());
            }
        };
        ByteBuffer target = ByteBuffer.allocate(1 << 20);
        MemoryRecords.readableRecords(ByteBuffer.wrap(source.copy().bytes()))
                .filterTo(filter, target, BufferSupplier.NO_CACHING);
        return target.flip().slice();
    }
}
