package io.millrace.record.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ByteCodecTest {

    @Test
    void writesKafkasBytes() {
        ByteWriter out = new ByteWriter();
        out.int16((short) -2);
        out.uvarint(300);
        out.string("ab", false);
        out.string("ab", true);
        out.string(null, false);
        out.string(null, true);
        out.int32s(new int[] {7}, true);
        out.bytes(new byte[] {9}, false);

        assertThat(HexFormat.of().formatHex(out.toByteArray()))
                .isEqualTo("fffe" + "ac02" + "00026162" + "036162" + "ffff" + "00" + "0200000007" + "0000000109");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void readsBackWhatWasWritten(boolean flexible) {
        UUID uuid = new UUID(1, -2);
        ByteWriter out = new ByteWriter();
        out.bool(true);
        out.int8((byte) -1);
        out.uint16(65_535);
        out.uint32(4_294_967_295L);
        out.int64(Long.MIN_VALUE);
        out.float64(0.1);
        out.uuid(uuid);
        out.string("z\u00fcrich\ud83d\ude00", flexible);
        out.bytes(null, flexible);
        out.slice(new ByteSlice(new byte[] {0, 1, 2, 3}, 1, 2), flexible);
        out.int16s(new short[] {-1, 2}, flexible);
        out.int64s(new long[] {3}, flexible);
        out.strings(List.of("a", ""), flexible);
        out.uuids(List.of(uuid), flexible);
        out.int32s(null, flexible);

        ByteReader in = new ByteReader(out.toByteArray());

        assertThat(in.bool()).isTrue();
        assertThat(in.int8()).isEqualTo((byte) -1);
        assertThat(in.uint16()).isEqualTo(65_535);
        assertThat(in.uint32()).isEqualTo(4_294_967_295L);
        assertThat(in.int64()).isEqualTo(Long.MIN_VALUE);
        assertThat(in.float64()).isEqualTo(0.1);
        assertThat(in.uuid()).isEqualTo(uuid);
        assertThat(in.string(flexible)).isEqualTo("z\u00fcrich\ud83d\ude00");
        assertThat(in.bytes(flexible)).isNull();
        assertThat(in.slice(flexible)).isEqualTo(ByteSlice.of(new byte[] {1, 2}));
        assertThat(in.int16s(flexible)).containsExactly(-1, 2);
        assertThat(in.int64s(flexible)).containsExactly(3);
        assertThat(in.strings(flexible)).containsExactly("a", "");
        assertThat(in.uuids(flexible)).containsExactly(uuid);
        assertThat(in.int32s(flexible)).isNull();
        in.checkEnd();
    }

    @Test
    void putsTheSizeBeforeATaggedFieldHoweverLargeItIs() {
        for (int size : new int[] {0, 1, 127, 128, 16_383, 16_384, 3_000_000}) {
            ByteWriter out = new ByteWriter();
            int start = out.beginTag(5);
            out.raw(new byte[size], 0, size);
            out.endTag(start);
            out.int8((byte) 42);

            ByteReader in = new ByteReader(out.toByteArray());
            assertThat(in.uvarint()).isEqualTo(5);
            int end = in.beginTag();
            assertThat(in.remaining()).isEqualTo(size);
            in.skipTag();
            in.endTag(end);
            assertThat(in.int8()).isEqualTo((byte) 42);
        }
    }

    @Test
    void keepsATaggedFieldToItsSize() {
        ByteWriter out = new ByteWriter();
        int start = out.beginTag(0);
        out.int16((short) 1);
        out.endTag(start);
        out.int64(0);

        ByteReader tooLong = new ByteReader(out.toByteArray());
        tooLong.uvarint();
        tooLong.beginTag();
        assertThatThrownBy(tooLong::int32).isInstanceOf(MalformedMessageException.class);

        ByteReader tooShort = new ByteReader(out.toByteArray());
        tooShort.uvarint();
        int end = tooShort.beginTag();
        tooShort.int8();
        assertThatThrownBy(() -> tooShort.endTag(end)).isInstanceOf(MalformedMessageException.class);
    }

    @Test
    void believesNoLengthThatExceedsWhatRemains() {
        byte[] huge = HexFormat.of().parseHex("7fffffff00000000");
        assertThatThrownBy(() -> new ByteReader(huge).bytes(false)).hasMessageContaining("2147483647");
        assertThatThrownBy(() -> new ByteReader(huge).int64s(false)).isInstanceOf(MalformedMessageException.class);
        assertThatThrownBy(() -> new ByteReader(huge).strings(false)).isInstanceOf(MalformedMessageException.class);
        byte[] negative = HexFormat.of().parseHex("fffffffe");
        assertThatThrownBy(() -> new ByteReader(negative).bytes(false)).hasMessageContaining("-2");
        byte[] shorter = HexFormat.of().parseHex("fffe");
        assertThatThrownBy(() -> new ByteReader(shorter).string(false)).hasMessageContaining("-2");
    }

    @Test
    void endsInAMalformedMessageWhateverTheBytes() {
        for (long seed = 1; seed <= 5_000; seed++) {
            Random random = new Random(seed);
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            ByteReader in = new ByteReader(bytes);
            try {
                while (in.remaining() > 0) {
                    readOne(in, random.nextInt(8), random.nextBoolean());
                }
            } catch (MalformedMessageException expected) {
                assertThat(expected.getMessage()).as("seed %d", seed).isNotBlank();
            }
        }
    }

    private static void readOne(ByteReader in, int kind, boolean flexible) {
        switch (kind) {
            case 0 -> in.string(flexible);
            case 1 -> in.bytes(flexible);
            case 2 -> in.int32s(flexible);
            case 3 -> in.strings(flexible);
            case 4 -> in.uuids(flexible);
            case 5 -> in.uvarint();
            case 6 -> in.endTag(in.beginTag());
            default -> in.int16();
        }
    }
}
