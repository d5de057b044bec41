package io.millrace.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.record.RandomRecords.Sample;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SparseBatchBuilderTest {

    private static final long HORIZON = 1_800_000_000_000L;

    @ParameterizedTest
    @EnumSource(Compression.class)
    void keepsOffsetsTimestampsAndIdentityOfWhatIsLeft(Compression compression) {
        SparseBatchBuilder builder = new SparseBatchBuilder(compression);
        for (long seed = 1; seed <= 40; seed++) {
            RandomRecords records = new RandomRecords(seed);
            RecordBatch source = source(records, compression);
            long horizon = records.random().nextBoolean() ? HORIZON : RecordBatch.NO_TIMESTAMP;
            List<Long> offsets = new ArrayList<>();
            List<Sample> kept = new ArrayList<>();
            RecordCursor cursor = new RecordCursor();
            cursor.wrap(source);
            builder.begin(source, horizon);
            while (cursor.next()) {
                if (records.random().nextInt(3) == 0) {
                    builder.append(cursor);
                    offsets.add(cursor.offset());
                    kept.add(sample(cursor));
                }
            }

            RecordBatch batch = builder.finish();

            assertThat(batch.isValidCrc()).isTrue();
            assertThat(batch.baseOffset()).isEqualTo(source.baseOffset());
            assertThat(batch.lastOffset()).isEqualTo(source.lastOffset());
            assertThat(batch.partitionLeaderEpoch()).isEqualTo(source.partitionLeaderEpoch());
            assertThat(batch.producerId()).isEqualTo(source.producerId());
            assertThat(batch.producerEpoch()).isEqualTo(source.producerEpoch());
            assertThat(batch.baseSequence()).isEqualTo(source.baseSequence());
            assertThat(batch.lastSequence()).isEqualTo(source.lastSequence());
            assertThat(batch.isTransactional()).isTrue();
            assertThat(batch.deleteHorizonMs()).isEqualTo(kept.isEmpty() ? RecordBatch.NO_TIMESTAMP : horizon);
            assertThat(batch.recordCount()).isEqualTo(kept.size());
            assertThat(RandomRecords.read(batch)).as("seed %d", seed).isEqualTo(kept);
            assertThat(offsets(batch)).isEqualTo(offsets);
        }
    }

    @Test
    void canBeEmptyAndStillSayWhereItEnds() {
        RecordBatch source = source(new RandomRecords(3), Compression.LZ4);
        SparseBatchBuilder builder = new SparseBatchBuilder(Compression.LZ4);

        builder.begin(source, RecordBatch.NO_TIMESTAMP);
        RecordBatch batch = builder.finish();

        assertThat(batch.sizeInBytes()).isEqualTo(RecordBatch.HEADER_BYTES);
        assertThat(batch.recordCount()).isZero();
        assertThat(batch.isValidCrc()).isTrue();
        assertThat(batch.nextOffset()).isEqualTo(source.nextOffset());
        assertThat(batch.lastSequence()).isEqualTo(source.lastSequence());
        assertThat(batch.maxTimestamp()).isEqualTo(source.maxTimestamp());
        assertThat(RandomRecords.read(batch)).isEmpty();
    }

    @Test
    void rewritesABatchThatWasRewrittenBefore() {
        RecordBatch source = source(new RandomRecords(5), Compression.NONE);
        List<Sample> all = RandomRecords.read(source);
        RecordBatch once = rewrite(source, HORIZON).copy();

        RecordBatch twice = rewrite(once, once.deleteHorizonMs());

        assertThat(RandomRecords.read(twice)).isEqualTo(all);
        assertThat(twice.deleteHorizonMs()).isEqualTo(HORIZON);
    }

    @Test
    void refusesOffsetsOutOfOrderOrRange() {
        RecordBatch source = source(new RandomRecords(7), Compression.NONE);
        SparseBatchBuilder builder = new SparseBatchBuilder(Compression.NONE);
        builder.begin(source, RecordBatch.NO_TIMESTAMP);
        builder.append(source.baseOffset() + 1, 0, null, 0, -1, null, 0, -1, Header.NONE);

        for (long offset : new long[] {source.baseOffset() - 1, source.baseOffset() + 1, source.nextOffset()}) {
            assertThatThrownBy(() -> builder.append(offset, 0, null, 0, -1, null, 0, -1, Header.NONE))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("offset " + offset);
        }
    }

    private static RecordBatch rewrite(RecordBatch source, long horizon) {
        SparseBatchBuilder builder = new SparseBatchBuilder(Compression.NONE);
        RecordCursor cursor = new RecordCursor();
        cursor.wrap(source);
        builder.begin(source, horizon);
        while (cursor.next()) {
            builder.append(cursor);
        }
        return builder.finish();
    }

    private static RecordBatch source(RandomRecords records, Compression compression) {
        RecordBatchBuilder builder = new RecordBatchBuilder(compression, TimestampType.CREATE_TIME, 1 << 20);
        records.fill(builder, 50, 80);
        RecordBatch batch = builder.finish(12, (short) 3, Integer.MAX_VALUE - 5, true);
        BatchStamp.offsets(batch.bytes(), batch.position(), 1L << 40, 9);
        return batch;
    }

    private static List<Long> offsets(RecordBatch batch) {
        RecordCursor cursor = new RecordCursor();
        cursor.wrap(batch);
        List<Long> offsets = new ArrayList<>();
        while (cursor.next()) {
            offsets.add(cursor.offset());
        }
        return offsets;
    }

    private static Sample sample(RecordCursor cursor) {
        return new Sample(cursor.timestamp(), cursor.key(), cursor.value(), RandomRecords.text(cursor.headers()));
    }
}
