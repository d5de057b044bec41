package io.millrace.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.record.ProducedRecords.Corrupt;
import io.millrace.record.ProducedRecords.Invalid;
import io.millrace.record.ProducedRecords.One;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What a produce request brings, told apart as Kafka does: damaged, not one batch, or one batch. */
class ProducedRecordsTest {

    private static final int LENGTH = 8;
    private static final int MAGIC = 16;
    private static final int CODEC = 22;
    private static final int RECORD_COUNT = 57;

    private final byte[] good = batch();

    private static byte[] batch() {
        RecordBatchBuilder builder = new RecordBatchBuilder(Compression.NONE, TimestampType.CREATE_TIME, 1 << 10);
        builder.append(1000, null, "value".getBytes(StandardCharsets.UTF_8), Header.NONE);
        RecordBatch batch = builder.finish().copy();
        return Arrays.copyOf(batch.bytes(), batch.sizeInBytes());
    }

    private static ProducedRecords read(byte[] bytes) {
        return ProducedRecords.read(bytes, 0, bytes.length);
    }

    private byte[] with(int position, int value) {
        byte[] changed = good.clone();
        changed[position] = (byte) value;
        return changed;
    }

    private static byte[] stamped(byte[] bytes) {
        BatchLayout.stampCrc(bytes, 0, bytes.length);
        return bytes;
    }

    private static boolean contradicts(ProducedRecords read) {
        return read instanceof Invalid invalid && invalid.contradicts();
    }

    @Test
    void findsABatchAlsoWithTooFewBytesBehindItForAnotherOne() {
        assertThat(read(good)).isInstanceOf(One.class);
        assertThat(((One) read(Arrays.copyOf(good, good.length + 11))).batch().sizeInBytes())
                .isEqualTo(good.length);
        byte[] within = new byte[good.length + 20];
        System.arraycopy(good, 0, within, 7, good.length);
        assertThat(ProducedRecords.read(within, 7, good.length)).isInstanceOf(One.class);
    }

    @Test
    void refusesWhatIsNotOneBatch() {
        byte[] twice = Arrays.copyOf(good, 2 * good.length);
        System.arraycopy(good, 0, twice, good.length, good.length);
        assertThat(read(twice)).isInstanceOf(Invalid.class);
        for (int size = 0; size < good.length; size++) {
            assertThat(ProducedRecords.read(good, 0, size))
                    .as("cut to %d", size)
                    .isInstanceOf(Invalid.class);
        }
        assertThat(read(with(MAGIC, 0))).isInstanceOf(Invalid.class);
        assertThat(read(with(MAGIC, 1))).isInstanceOf(Invalid.class);
        assertThat(contradicts(read(twice))).isFalse();
    }

    @Test
    void tellsDamageByWhatNoBatchCanHave() {
        assertThat(read(with(MAGIC, 3))).isInstanceOf(Corrupt.class);
        assertThat(read(with(MAGIC, -1))).isInstanceOf(Corrupt.class);
        assertThat(read(with(LENGTH, 0x80))).isInstanceOf(Corrupt.class);
        assertThat(read(with(LENGTH + 3, 13))).isInstanceOf(Corrupt.class);
        assertThat(read(with(LENGTH + 3, 48))).isInstanceOf(Corrupt.class);
        assertThat(read(Arrays.copyOf(good, good.length + 12))).isInstanceOf(Corrupt.class);
    }

    @Test
    void aHeaderThatContradictsItselfIsDamagedOnlyIfItsChecksumSaysSo() {
        assertThat(read(with(RECORD_COUNT + 3, 9))).isInstanceOf(Corrupt.class);
        assertThat(contradicts(read(stamped(with(RECORD_COUNT + 3, 9))))).isTrue();
        assertThat(contradicts(read(stamped(with(CODEC, 7))))).isTrue();
        assertThat(contradicts(read(with(0, 0x80)))).isTrue();
    }
}
