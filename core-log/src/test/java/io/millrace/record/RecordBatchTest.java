package io.millrace.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.record.RandomRecords.Sample;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecordBatchTest {

    private static final int LIMIT = 1 << 20;

    @ParameterizedTest
    @EnumSource(Compression.class)
    void readsBackWhatWasWritten(Compression compression) {
        RecordBatchBuilder builder = new RecordBatchBuilder(compression, TimestampType.CREATE_TIME, LIMIT);
        for (long seed = 1; seed <= 60; seed++) {
            RandomRecords records = new RandomRecords(seed);
            builder.reset();
            List<Sample> written = records.fill(builder, 1 + records.random().nextInt(200), seed % 3 == 0 ? 5000 : 100);

            RecordBatch batch = builder.finish(77, (short) 3, 1000, true);

            assertThat(batch.isValidCrc()).as("seed %d", seed).isTrue();
            assertThat(RandomRecords.read(batch)).as("seed %d", seed).isEqualTo(written);
            assertThat(batch.maxTimestamp())
                    .isEqualTo(
                            written.stream().mapToLong(Sample::timestamp).max().orElseThrow());
            assertThat(batch.recordCount()).isEqualTo(written.size());
            assertThat(batch.lastOffset()).isEqualTo(written.size() - 1);
            assertThat(batch.compression()).isEqualTo(compression);
        }
    }

    @Test
    void writesKafkasBytes() {
        RecordBatchBuilder builder = new RecordBatchBuilder(Compression.NONE, TimestampType.CREATE_TIME, LIMIT);
        builder.append(1000, ascii("k"), ascii("v"), new Header[] {new Header("h", null)});
        builder.append(1005, null, null, Header.NONE);

        RecordBatch batch = builder.finish(9, (short) 1, 5, true);

        String hex = HexFormat.of().formatHex(batch.bytes(), 0, batch.sizeInBytes());
        assertThat(hex.substring(42))
                .isEqualTo("0010" + "00000001" + "00000000000003e8" + "00000000000003ed" + "0000000000000009" + "0001"
                        + "00000005" + "00000002" + "16" + "00" + "00" + "00" + "026b" + "0276" + "02" + "0268" + "01"
                        + "0c" + "00" + "0a" + "02" + "01" + "01" + "00");
        assertThat(hex.substring(0, 34)).isEqualTo("0000000000000000" + "00000044" + "ffffffff" + "02");
        assertThat(batch.isValidCrc()).isTrue();
    }

    @Test
    void takesAnotherIdentityWithoutTheRecordsBeingWrittenAgain() {
        RecordBatchBuilder builder = new RecordBatchBuilder(Compression.ZSTD, TimestampType.CREATE_TIME, LIMIT);
        builder.append(5, ascii("key"), new byte[1000], Header.NONE);
        RecordBatch first = builder.finish(1, (short) 0, 0, false).copy();

        RecordBatch second = builder.finish(2, (short) 4, 17, true);

        assertThat(second.isValidCrc()).isTrue();
        assertThat(second.producerId()).isEqualTo(2);
        assertThat(second.producerEpoch()).isEqualTo((short) 4);
        assertThat(second.baseSequence()).isEqualTo(17);
        assertThat(second.isTransactional()).isTrue();
        assertThat(first.isTransactional()).isFalse();
        assertThat(RandomRecords.read(second)).isEqualTo(RandomRecords.read(first));
    }

    @Test
    void refusesTheRecordThatWouldCrossTheLimitAndKeepsTheOthers() {
        RecordBatchBuilder builder = new RecordBatchBuilder(Compression.NONE, TimestampType.CREATE_TIME, 200);
        assertThat(builder.append(1, null, new byte[60], Header.NONE)).isTrue();
        assertThat(builder.append(1, null, new byte[60], Header.NONE)).isTrue();

        assertThat(builder.append(1, null, new byte[60], Header.NONE)).isFalse();

        assertThat(builder.recordCount()).isEqualTo(2);
        assertThat(builder.finish().recordCount()).isEqualTo(2);
    }

    @Test
    void namesSizeAndLimitOfARecordThatFitsNoBatch() {
        RecordBatchBuilder builder = new RecordBatchBuilder(Compression.NONE, TimestampType.CREATE_TIME, 200);
        builder.append(1, null, new byte[60], Header.NONE);

        assertThatThrownBy(() -> builder.append(1, null, new byte[200], Header.NONE))
                .isInstanceOf(RecordTooLargeException.class)
                .hasMessageContaining("270 bytes")
                .hasMessageContaining("200");
        assertThat(builder.recordCount()).isEqualTo(1);
    }

    @Test
    void fillsABatchToTheLastByteOfTheLimit() {
        RecordBatchBuilder builder = new RecordBatchBuilder(Compression.NONE, TimestampType.CREATE_TIME, 200);

        assertThat(builder.append(1, null, new byte[130], Header.NONE)).isTrue();

        assertThat(builder.sizeInBytes()).isEqualTo(200);
        assertThat(builder.finish().sizeInBytes()).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void keepsToTheLimitWhenCompressionMakesRecordsLarger(Compression compression) {
        RandomRecords records = new RandomRecords(1);
        byte[] noise = new byte[1000];
        records.random().nextBytes(noise);
        RecordBatchBuilder builder = new RecordBatchBuilder(compression, TimestampType.CREATE_TIME, 1070);
        builder.append(1, null, noise, Header.NONE);

        RecordBatch batch = builder.finish();

        assertThat(batch.sizeInBytes()).isLessThanOrEqualTo(1070);
        assertThat(RandomRecords.read(batch).get(0).value()).isEqualTo(noise);
    }

    @Test
    void stampsOffsetsOutsideTheChecksum() {
        RecordBatch batch = twoRecords();

        BatchStamp.offsets(batch.bytes(), batch.position(), 4_000_000_000L, 12);

        assertThat(batch.isValidCrc()).isTrue();
        assertThat(batch.baseOffset()).isEqualTo(4_000_000_000L);
        assertThat(batch.lastOffset()).isEqualTo(4_000_000_001L);
        assertThat(batch.nextOffset()).isEqualTo(4_000_000_002L);
        assertThat(batch.partitionLeaderEpoch()).isEqualTo(12);
    }

    @Test
    void givesEveryRecordTheTimeOfAppending() {
        RecordBatch batch = twoRecords();

        BatchStamp.logAppendTime(batch.bytes(), batch.position(), 99_999);

        assertThat(batch.isValidCrc()).isTrue();
        assertThat(batch.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
        assertThat(RandomRecords.read(batch)).extracting(Sample::timestamp).containsExactly(99_999L, 99_999L);
    }

    @Test
    void wrapsSequencesAfterTheLargest() {
        RecordBatchBuilder builder = new RecordBatchBuilder(Compression.NONE, TimestampType.CREATE_TIME, LIMIT);
        builder.append(1, null, null, Header.NONE);
        builder.append(1, null, null, Header.NONE);
        builder.append(1, null, null, Header.NONE);

        assertThat(builder.finish(1, (short) 0, Integer.MAX_VALUE - 1, false).lastSequence())
                .isZero();
        assertThat(builder.finish(1, (short) 0, Integer.MAX_VALUE - 2, false).lastSequence())
                .isEqualTo(Integer.MAX_VALUE);
        assertThat(builder.finish().lastSequence()).isEqualTo(RecordBatch.NO_SEQUENCE);
    }

    @Test
    void writesAndReadsMarkers() {
        RecordBatch batch = new ControlRecord(ControlRecord.Type.COMMIT, 6).batch(44, (short) 2, 1234);

        assertThat(batch.isValidCrc()).isTrue();
        assertThat(batch.isControl()).isTrue();
        assertThat(batch.isTransactional()).isTrue();
        RecordCursor cursor = new RecordCursor();
        cursor.wrap(batch);
        assertThat(cursor.next()).isTrue();
        assertThat(ControlRecord.read(cursor)).isEqualTo(new ControlRecord(ControlRecord.Type.COMMIT, 6));
        assertThat(cursor.timestamp()).isEqualTo(1234);
        assertThat(cursor.next()).isFalse();
    }

    private static RecordBatch twoRecords() {
        RecordBatchBuilder builder = new RecordBatchBuilder(Compression.NONE, TimestampType.CREATE_TIME, LIMIT);
        builder.append(10, ascii("a"), ascii("1"), Header.NONE);
        builder.append(11, ascii("b"), ascii("2"), Header.NONE);
        return builder.finish();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
