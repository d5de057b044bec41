package io.millrace.streams.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.streams.Topic;
import io.millrace.streams.Windowed;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract of codecs, and the bytes that Kafka's serializers write. */
class CodecsTest {

    enum Kind {
        PASSENGER,
        CARGO
    }

    sealed interface Shape permits Circle, Square {}

    record Circle(double radius) implements Shape {}

    record Square(double side) implements Shape {}

    record Flight(String origin, int number, Kind kind, List<String> stops, Shape shape) {}

    private static final Flight FLIGHT = new Flight("SFO", 7, Kind.CARGO, List.of("DEN", "ORD"), new Circle(1.5));

    private static <T> Arguments example(Codec<T> codec, T value, String hex) {
        return Arguments.of(codec, value, hex);
    }

    static Stream<Arguments> examples() {
        return Stream.of(
                example(Codecs.string(), "añ€", "61c3b1e282ac"),
                example(Codecs.string(), "", ""),
                example(Codecs.bytes(), new byte[] {1, -1}, "01ff"),
                example(Codecs.ints(), -2, "fffffffe"),
                example(Codecs.longs(), 258L, "0000000000000102"),
                example(Codecs.doubles(), 1.5, "3ff8000000000000"),
                example(
                        Codecs.uuid(),
                        new UUID(1, 2),
                        HexFormat.of()
                                .formatHex("00000000-0000-0001-0000-000000000002".getBytes(StandardCharsets.US_ASCII))),
                example(Codecs.windowed(Codecs.string(), 1000), new Windowed<>("k", 5000, 6000), "6b0000000000001388"),
                example(
                        Codecs.json(new TypeReference<Map<String, Integer>>() {}),
                        Map.of("b", 2, "a", 1),
                        HexFormat.of().formatHex("{\"a\":1,\"b\":2}".getBytes(StandardCharsets.UTF_8))));
    }

    @ParameterizedTest
    @MethodSource("examples")
    <T> void writesTheseBytesAndReadsThemBack(Codec<T> codec, T value, String hex) {
        byte[] bytes = codec.encode(value);

        assertThat(HexFormat.of().formatHex(bytes)).isEqualTo(hex);
        byte[] among = new byte[bytes.length + 5];
        Arrays.fill(among, (byte) 0x5a);
        System.arraycopy(bytes, 0, among, 2, bytes.length);
        assertThat(codec.decode(among, 2, bytes.length)).isEqualTo(value);
        assertThat(codec.decode(bytes)).isEqualTo(value);
    }

    @Test
    void sortsThePropertiesOfJson() {
        record Backwards(int b, int a) {}

        assertThat(new String(Codecs.json(Backwards.class).encode(new Backwards(1, 2)), StandardCharsets.UTF_8))
                .isEqualTo("{\"a\":2,\"b\":1}");
    }

    @Test
    void skipsPropertiesThatTheClassDoesNotKnow() {
        record Small(int a) {}

        assertThat(Codecs.json(Small.class).decode("{\"z\":0,\"a\":2}".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(new Small(2));
    }

    @Test
    void refusesNumbersOfAnotherLength() {
        assertThatThrownBy(() -> Codecs.longs().decode(new byte[4])).hasMessage("long has 8 bytes, found 4");
    }

    @Test
    void refusesACodecForKeysThatIsNotCanonical() {
        Codec<Flight> codec = Codecs.json(Flight.class, new ObjectMapper());

        assertThatThrownBy(() -> Topic.of("flights", codec, Codecs.string())).hasMessageContaining("canonical");
    }

    record Tagged(String name, Set<String> tags) {}

    record Dated(String name, Instant at) {}

    record Loose(List<Object> parts) {}

    record Nested(Flight flight, SortedSet<String> tags, Map<String, List<Integer>> more) {}

    @Test
    void refusesJsonKeysWhoseTextDoesNotFollowFromTheClassAlone() {
        for (Class<?> open : List.of(Tagged.class, Dated.class, Loose.class)) {
            assertThatThrownBy(() -> Topic.of("flights", Codecs.json(open), Codecs.string()))
                    .hasMessageContaining(open.getSimpleName())
                    .hasMessageContaining("canonical");
        }
        assertThat(Codecs.json(Nested.class).isCanonical()).isTrue();
    }

    @Test
    void namesTheTypeOfJson() {
        assertThat(Codecs.json(Flight.class).name()).isEqualTo("json(io.millrace.streams.codec.CodecsTest$Flight)");
        assertThat(Codecs.json(new TypeReference<List<String>>() {}).name())
                .isEqualTo("json(java.util.List<java.lang.String>)");
    }

    @Test
    void writesValuesOfDeclaredTypesWithKryo() {
        Codec<Flight> codec = Codecs.kryo(Flight.class);

        assertThat(codec.decode(codec.encode(FLIGHT))).isEqualTo(FLIGHT);
        assertThat(Codecs.kryo(Flight.class).decode(codec.encode(FLIGHT))).isEqualTo(FLIGHT);
        assertThat(codec.isCanonical()).isFalse();
    }

    @Test
    void refusesKryoBytesOfOtherClasses() {
        byte[] bytes = Codecs.kryo(Circle.class).encode(new Circle(1));

        assertThatThrownBy(() -> Codecs.kryo(Square.class).decode(bytes)).hasMessageContaining("classes have changed");
    }

    @Test
    void refusesAValueOfAClassThatTheKryoCodecWasNotMadeFor() {
        Codec<Object> codec = Codecs.kryo(Object.class);

        assertThatThrownBy(() -> codec.encode(new Circle(1))).hasMessageContaining("name it as a further class");
    }
}
