package io.millrace.streams.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.streams.Windowed;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class StateKeyCodecTest {

    enum Size {
        SMALL,
        LARGE {
            @Override
            public String toString() {
                return "a constant with a body";
            }
        }
    }

    record Place(String country, String city) {}

    record Stop(Place place, Size size, long time, Double height) {}

    private final TypeRegistry types = new TypeRegistry(getClass().getClassLoader(), Set.of());
    private final StateKeyCodec codec = new StateKeyCodec(types);

    @Test
    void keepsItsStoredForm() {
        assertThat(hex("a\0b")).isEqualTo("206100ff620000");
        assertThat(hex(1L)).isEqualTo("138000000000000001");
        assertThat(hex(-1)).isEqualTo("127fffffff");
        assertThat(hex(new Windowed<>("k", 0, 10))).isEqualTo("41206b000080000000000000008000000000" + "00000a");
        assertThat(hex(new Place("a", null))).isEqualTo("4000000070206100" + "0001");
        assertThat(hex(List.of(true, 1.0))).isEqualTo("420319bff000000000000000");
    }

    @Test
    void leavesRoomAroundTheSameBytes() {
        byte[] bytes = codec.encode("a", 2, 3);

        assertThat(HexFormat.of().formatHex(bytes)).isEqualTo("0000" + hex("a") + "000000");
    }

    @Test
    void readsBackWhatItWrote() {
        List<Object> keys = List.of(
                "",
                "text",
                "\0",
                "\0\0a\0",
                "añ€😀",
                "\ud800 alone \udc00",
                Long.MIN_VALUE,
                -1L,
                Integer.MAX_VALUE,
                (short) -3,
                (byte) 4,
                'x',
                true,
                false,
                -0.0,
                0.0,
                Double.NaN,
                Double.NEGATIVE_INFINITY,
                -1.5f,
                new UUID(-1, 5),
                Instant.ofEpochSecond(-5, 7),
                LocalDate.of(2001, 1, 31),
                LocalDateTime.of(1969, 1, 1, 2, 3, 4, 5),
                Duration.ofMillis(-1),
                Size.SMALL,
                Size.LARGE,
                new Place("FR", "Paris"),
                new Stop(new Place("\0", "b"), Size.LARGE, -9, null),
                new Windowed<>(new Place("a", "b"), -10, 10),
                List.of("a", List.of(1L), new Place("x", "y")),
                List.of());
        for (Object key : keys) {
            assertThat(codec.decode(codec.encode(key))).as("%s", key).isEqualTo(key);
        }
        assertThat((byte[]) codec.decode(codec.encode(new byte[] {0, 1, 0, 0}))).containsExactly(0, 1, 0, 0);
    }

    @Test
    void sortsNumbersByValue() {
        Random random = new Random(11);
        List<Object> longs = new ArrayList<>(List.of(Long.MIN_VALUE, -1L, 0L, 1L, Long.MAX_VALUE));
        List<Object> doubles =
                new ArrayList<>(List.of(Double.NEGATIVE_INFINITY, -0.0, 0.0, Double.MIN_VALUE, Double.NaN));
        List<Object> ints = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            longs.add(random.nextLong() >> random.nextInt(64));
            doubles.add(Double.longBitsToDouble(random.nextLong()));
            ints.add(random.nextInt());
        }
        assertSorted(longs, Comparator.comparing(Long.class::cast));
        assertSorted(doubles, Comparator.comparing(Double.class::cast));
        assertSorted(ints, Comparator.comparing(Integer.class::cast));
    }

    @Test
    void sortsTextByCodePoints() {
        Random random = new Random(12);
        List<Object> texts = new ArrayList<>(List.of("", "\0", "a", "a\0", "a\0\0", "a\1", "\uffff", "\ud83d\ude00"));
        for (int i = 0; i < 2000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(5); n > 0; n--) {
                int point = random.nextInt(4) == 0 ? random.nextInt(Character.MAX_CODE_POINT + 1) : random.nextInt(3);
                if (point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE) {
                    text.appendCodePoint(point);
                }
            }
            texts.add(text.toString());
        }
        assertSorted(
                texts,
                (a, b) -> Arrays.compare(
                        ((String) a).codePoints().toArray(),
                        ((String) b).codePoints().toArray()));
    }

    @Test
    void sortsRecordsByTheirComponents() {
        Random random = new Random(13);
        List<Object> places = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            places.add(new Place(letters(random), letters(random)));
        }
        assertSorted(
                places,
                Comparator.comparing(
                        Place.class::cast, Comparator.comparing(Place::country).thenComparing(Place::city)));
    }

    @Test
    void neverWritesAKeyThatIsTheBeginningOfAnother() {
        List<byte[]> encoded = new ArrayList<>();
        Random random = new Random(14);
        for (int i = 0; i < 300; i++) {
            encoded.add(codec.encode(letters(random)));
            encoded.add(codec.encode(List.of(letters(random))));
        }
        for (byte[] a : encoded) {
            for (byte[] b : encoded) {
                boolean begins = a.length < b.length && Arrays.equals(a, Arrays.copyOf(b, a.length));
                assertThat(begins)
                        .as("%s begins %s", Arrays.toString(a), Arrays.toString(b))
                        .isFalse();
            }
        }
    }

    @Test
    void choosesTheShardByTheBytesOfTheEdgeCodecs() {
        assertThat(codec.partitionBytes("añ😀")).isEqualTo(Codecs.string().encode("añ😀"));
        assertThat(codec.partitionBytes(-7L)).isEqualTo(Codecs.longs().encode(-7L));
        assertThat(codec.partitionBytes(7)).isEqualTo(Codecs.ints().encode(7));
        assertThat(codec.partitionBytes(0.5)).isEqualTo(Codecs.doubles().encode(0.5));
        assertThat(codec.partitionBytes(new UUID(3, 4))).isEqualTo(Codecs.uuid().encode(new UUID(3, 4)));
        assertThat(codec.partitionBytes(new byte[] {0, 1})).isEqualTo(new byte[] {0, 1});
    }

    @Test
    void choosesTheShardOfARecordWhateverOrderTypesCameIn() {
        TypeRegistry others = new TypeRegistry(getClass().getClassLoader(), Set.of());
        StateKeyCodec other = new StateKeyCodec(others);
        other.encode(Size.SMALL);

        assertThat(other.partitionBytes(new Place("a", "b"))).isEqualTo(codec.partitionBytes(new Place("a", "b")));
        assertThat(other.encode(new Place("a", "b"))).isNotEqualTo(codec.encode(new Place("a", "b")));
    }

    @Test
    void refusesTypesThatKeysCannotHave() {
        assertThatThrownBy(() -> codec.encode(BigDecimal.ONE))
                .hasMessageStartingWith("a key in state cannot contain a java.math.BigDecimal. Use String");
    }

    @Test
    void refusesARecordThatHasChanged() {
        types.install(new TypeEntry(
                112,
                TypeEntry.Kind.RECORD,
                true,
                Place.class.getName(),
                List.of(new TypeEntry.Part("city", "java.lang.String"))));

        assertThatThrownBy(() -> codec.encode(new Place("a", "b"))).hasMessageContaining("Keys must not change");
        assertThatThrownBy(() -> codec.decode(HexFormat.of().parseHex("40000000702061" + "0000")))
                .hasMessageContaining("Keys must not change");
    }

    @Test
    void refusesBytesThatAreNotAKey() {
        assertThatThrownBy(() -> codec.decode(new byte[] {KeyTag.LONG, 1, 2})).hasMessageContaining("not a key");
        assertThatThrownBy(() -> codec.decode(new byte[] {KeyTag.TRUE, 1})).hasMessageContaining("not a key");
    }

    private void assertSorted(List<Object> keys, Comparator<Object> natural) {
        List<Object> byValue = new ArrayList<>(keys);
        byValue.sort(natural);
        List<Object> byBytes = new ArrayList<>(keys);
        byBytes.sort((a, b) -> Arrays.compareUnsigned(codec.encode(a), codec.encode(b)));

        assertThat(byBytes).isEqualTo(byValue);
    }

    private static String letters(Random random) {
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(4); n > 0; n--) {
            text.append((char) ('a' + random.nextInt(2)));
        }
        return text.toString();
    }

    private String hex(Object key) {
        return HexFormat.of().formatHex(codec.encode(key));
    }
}
