package io.millrace.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Damaged bytes are recognised, and never end in anything but a {@link CorruptBatchException}. */
class CorruptBatchTest {

    private static final int DECOMPRESSED_BYTES_MAX = 1 << 20;
    private static final RecordCursor CURSOR = new RecordCursor(DECOMPRESSED_BYTES_MAX);

    @ParameterizedTest
    @EnumSource(Compression.class)
    void refusesEveryTruncation(Compression compression) {
        byte[] whole = batch(compression, 1);
        for (int size = 0; size < whole.length; size++) {
            byte[] part = Arrays.copyOf(whole, size);
            assertThatThrownBy(() -> RecordBatch.wrap(part, 0))
                    .as("%d of %d bytes", part.length, whole.length)
                    .isInstanceOf(CorruptBatchException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void refusesABatchCutShortWhoseLengthAgrees(Compression compression) {
        byte[] whole = batch(compression, 2);
        for (int size = RecordBatch.HEADER_BYTES; size < whole.length; size++) {
            byte[] part = Arrays.copyOf(whole, size);
            BatchLayout.putInt(part, BatchLayout.LENGTH, size - BatchLayout.PREFIX_BYTES);
            RecordBatch batch = RecordBatch.wrap(part, 0);
            assertThat(batch.isValidCrc()).as("%d bytes", size).isFalse();
            assertThatThrownBy(() -> walk(batch))
                    .as("%d of %d bytes", size, whole.length)
                    .isInstanceOf(CorruptBatchException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void noticesEveryFlippedBitUnderTheChecksum(Compression compression) {
        byte[] whole = batch(compression, 3);
        for (int bit = 8 * BatchLayout.MAGIC; bit < 8 * whole.length; bit++) {
            byte[] damaged = whole.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(isIntact(damaged)).as("bit %d", bit).isFalse();
            walkOrRefuse(damaged, "bit " + bit);
        }
    }

    @Test
    void survivesRandomDamage() {
        damage(1, 3_000);
    }

    @Test
    @Tag("long")
    void survivesMuchRandomDamage() {
        damage(1_000, 2_000_000);
    }

    /** Damages only what lies behind the header, so that the records and the codecs see it. */
    private static void damage(long seed, int rounds) {
        Random random = new Random(seed);
        Compression[] codecs = Compression.values();
        byte[][] whole = new byte[codecs.length][];
        for (int round = 0; round < rounds; round++) {
            if (round % 100 == 0) {
                for (Compression codec : codecs) {
                    whole[codec.id()] = batch(codec, seed + round);
                }
            }
            byte[] damaged = whole[random.nextInt(codecs.length)].clone();
            int count = 1 + random.nextInt(4);
            for (int i = 0; i < count; i++) {
                int at = RecordBatch.HEADER_BYTES + random.nextInt(damaged.length - RecordBatch.HEADER_BYTES);
                damaged[at] = random.nextBoolean() ? (byte) random.nextInt() : (byte) (damaged[at] ^ 0x80);
            }
            walkOrRefuse(damaged, "seed " + seed + " round " + round);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Compression.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void stopsABatchThatDecompressesWithoutEnd(Compression compression) {
        RecordBatchBuilder builder = new RecordBatchBuilder(compression, TimestampType.CREATE_TIME, 64 << 20);
        builder.append(1, null, new byte[16 << 20], Header.NONE);
        RecordBatch bomb = builder.finish();

        assertThatThrownBy(() -> CURSOR.wrap(bomb))
                .isInstanceOf(CorruptBatchException.class)
                .hasMessageContaining("limit of " + DECOMPRESSED_BYTES_MAX);

        RecordCursor patient = new RecordCursor();
        patient.wrap(bomb);
        assertThat(patient.next()).isTrue();
        assertThat(patient.valueSize()).isEqualTo(16 << 20);
    }

    @Test
    void refusesCountsThatDisagreeWithTheRecords() {
        byte[] more = batch(Compression.NONE, 4);
        int count = BatchLayout.intAt(more, BatchLayout.RECORD_COUNT);
        BatchLayout.putInt(more, BatchLayout.RECORD_COUNT, count + 1);
        BatchLayout.putInt(more, BatchLayout.LAST_OFFSET_DELTA, count);
        byte[] fewer = batch(Compression.NONE, 4);
        BatchLayout.putInt(fewer, BatchLayout.RECORD_COUNT, count - 1);

        assertThatThrownBy(() -> walk(RecordBatch.wrap(more, 0))).isInstanceOf(CorruptBatchException.class);
        assertThatThrownBy(() -> walk(RecordBatch.wrap(fewer, 0)))
                .isInstanceOf(CorruptBatchException.class)
                .hasMessageContaining("belong to no record");
    }

    @Test
    void doesNotReadBeyondTheBatchIntoTheNextOne() {
        byte[] one = batch(Compression.NONE, 5);
        byte[] two = Arrays.copyOf(one, 2 * one.length);
        System.arraycopy(one, 0, two, one.length, one.length);
        int position = RecordBatch.HEADER_BYTES;
        two[position] = (byte) 0xfe;
        two[position + 1] = (byte) 0x7f;

        assertThatThrownBy(() -> walk(RecordBatch.wrap(two, 0))).isInstanceOf(CorruptBatchException.class);
        walk(RecordBatch.wrap(two, one.length));
    }

    @Test
    void namesWhatIsWrongWithAHeader() {
        byte[] bytes = batch(Compression.NONE, 6);
        assertThatThrownBy(() -> RecordBatch.wrap(with(bytes, BatchLayout.MAGIC, (byte) 1), 0))
                .hasMessageContaining("magic 1");
        assertThatThrownBy(() -> RecordBatch.wrap(with(bytes, BatchLayout.ATTRIBUTES + 1, (byte) 7), 0))
                .hasMessageContaining("compression 7");
        assertThatThrownBy(() -> RecordBatch.wrap(with(bytes, BatchLayout.LENGTH, (byte) 0x80), 0))
                .hasMessageContaining("length -");
        assertThatThrownBy(() -> RecordBatch.wrap(with(bytes, BatchLayout.LAST_OFFSET_DELTA, (byte) 0xff), 0))
                .hasMessageContaining("last offset delta -");
        assertThatThrownBy(() -> RecordBatch.wrap(with(bytes, BatchLayout.BASE_OFFSET, (byte) 0xff), 0))
                .hasMessageContaining("base offset -");
    }

    private static byte[] with(byte[] bytes, int position, byte value) {
        byte[] changed = bytes.clone();
        changed[position] = value;
        return changed;
    }

    private static byte[] batch(Compression compression, long seed) {
        RecordBatchBuilder builder = new RecordBatchBuilder(compression, TimestampType.CREATE_TIME, 1 << 20);
        new RandomRecords(seed).fill(builder, 12, 120);
        return builder.finish(8, (short) 0, 0, false).copy().bytes();
    }

    private static boolean isIntact(byte[] bytes) {
        try {
            return RecordBatch.wrap(bytes, 0).isValidCrc();
        } catch (CorruptBatchException expected) {
            return false;
        }
    }

    private static void walkOrRefuse(byte[] bytes, String what) {
        try {
            walk(RecordBatch.wrap(bytes, 0));
        } catch (CorruptBatchException expected) {
            assertThat(expected.getMessage()).isNotBlank();
        } catch (RuntimeException | Error other) {
            fail(what + " ends in another exception", other);
        }
    }

    private static void walk(RecordBatch batch) {
        CURSOR.wrap(batch);
        int count = 0;
        while (CURSOR.next()) {
            CURSOR.key();
            CURSOR.value();
            CURSOR.headers();
            count++;
        }
        assertThat(count).isEqualTo(batch.recordCount());
    }
}
