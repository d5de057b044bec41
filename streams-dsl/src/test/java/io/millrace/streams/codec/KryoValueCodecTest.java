package io.millrace.streams.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.streams.Accumulators;
import io.millrace.streams.Windowed;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class KryoValueCodecTest {

    enum Kind {
        PASSENGER,
        CARGO {
            @Override
            public String toString() {
                return "a constant with a body";
            }
        }
    }

    sealed interface Shape permits Circle, Blob {}

    record Circle(double radius) implements Shape {}

    static final class Blob implements Shape {
        int[] points = {1, 2};
    }

    record Primitives(boolean a, byte b, short c, char d, int e, long f, float g, double h, String i, Long j) {}

    record Nested(String name, Circle circle, List<Circle> circles, Map<String, Kind> kinds, Object any) {}

    record Node(int value, Node next) {}

    static class Plain {
        int a = 1;
        List<String> list = new ArrayList<>(List.of("x"));
    }

    static class Undeclared {}

    private final TypeRegistry types = registry(getClass().getClassLoader());
    private final KryoValueCodec codec = new KryoValueCodec(types);

    // ---- what state can hold

    /** An array of objects holds each as Kryo writes it. */
    @Test
    void writesLongsAndBytesAsKryoDoes() {
        byte[] longer = new byte[300];
        Arrays.fill(longer, (byte) 7);
        for (Object value : List.of(5L, -1L, new byte[0], new byte[] {1, 2}, longer)) {
            byte[] own = codec.encode(value);
            byte[] inArray = codec.encode(new Object[] {value});

            assertThat(Arrays.copyOfRange(inArray, inArray.length - own.length, inArray.length))
                    .isEqualTo(own);
            assertThat(codec.decode(own)).isEqualTo(value);
        }
        byte[] cut = Arrays.copyOf(codec.encode(longer), 100);
        assertThatThrownBy(() -> codec.decode(cut)).isInstanceOf(TypeException.class);
    }

    @Test
    void readsBackWhatTheJdkHas() {
        List<Object> values = List.of(
                "text",
                "",
                "añ😀",
                1,
                -1L,
                1.5,
                2.5f,
                true,
                'x',
                (short) 3,
                (byte) 4,
                new BigDecimal("1.50"),
                new BigInteger("123456789012345678901234567890"),
                new UUID(1, 2),
                Instant.ofEpochSecond(5, 6),
                Duration.ofMillis(7),
                LocalDate.of(2001, 1, 31),
                LocalDateTime.of(2001, 1, 31, 1, 2, 3),
                ZonedDateTime.of(2001, 1, 31, 1, 2, 3, 4, ZoneOffset.ofHours(1)),
                YearMonth.of(2001, 1),
                new ArrayList<>(Arrays.asList(1, null, "a")),
                List.of(),
                List.of(1),
                List.of(1, 2, 3),
                Set.of(1, 2),
                Map.of("a", List.of(1)),
                new TreeMap<>(Map.of("b", 1, "a", 2)),
                new LinkedHashMap<>(Map.of(1L, 2L)),
                Arrays.asList("a", "b"),
                Collections.singletonList(1),
                EnumSet.of(Kind.CARGO),
                Optional.of("x"),
                Kind.CARGO,
                Kind.PASSENGER);
        for (Object value : values) {
            assertThat(codec.decode(codec.encode(value))).as("%s", value).isEqualTo(value);
        }
        assertThat((long[]) codec.decode(codec.encode(new long[] {1, -1}))).containsExactly(1, -1);
        assertThat((Kind[]) codec.decode(codec.encode(new Kind[] {Kind.CARGO}))).containsExactly(Kind.CARGO);
    }

    @Test
    void readsBackRecordsOfAllComponentTypes() {
        Primitives primitives = new Primitives(true, (byte) 1, (short) 2, 'c', -4, -5L, 6f, 7.0, null, 9L);
        Nested nested = new Nested(
                "n",
                new Circle(1),
                List.of(new Circle(2)),
                new HashMap<>(Map.of("k", Kind.CARGO)),
                new Windowed<>("x", 1, 2));

        assertThat(codec.decode(codec.encode(primitives))).isEqualTo(primitives);
        assertThat(codec.decode(codec.encode(nested))).isEqualTo(nested);
        assertThat(codec.decode(codec.encode(new Nested(null, null, null, null, null))))
                .isEqualTo(new Nested(null, null, null, null, null));
        assertThat(codec.decode(codec.encode(new Node(1, new Node(2, null)))))
                .isEqualTo(new Node(1, new Node(2, null)));
    }

    @Test
    void knowsTheAccumulatorsOfAggregatesWithoutAnEntry() {
        codec.encode(new Accumulators.Two(1L, new Accumulators.Held("x")));

        assertThat(types.drainNew()).isEmpty();
    }

    @Test
    void holdsMembersOfSealedHierarchiesAndDeclaredClasses() {
        assertThat(((Blob) codec.decode(codec.encode(new Blob()))).points).containsExactly(1, 2);
        assertThat(((Plain) codec.decode(codec.encode(new Plain()))).list).containsExactly("x");
    }

    @Test
    void refusesAnyOtherClassAndSaysWhatToDo() {
        assertThatThrownBy(() -> codec.encode(List.of(new Undeclared())))
                .isInstanceOf(TypeException.class)
                .hasMessage(
                        "the class io.millrace.streams.codec.KryoValueCodecTest$Undeclared cannot be in state. Make it a"
                                + " record, or declare it with TopologyBuilder.declareType(...)");
        assertThatThrownBy(() -> codec.encode(new Thread()))
                .hasMessageContaining("java.lang.Thread cannot be in state");
    }

    @Test
    void refusesATypeIdThatWasNeverAssigned() {
        byte[] bytes = codec.encode(new Circle(1));
        KryoValueCodec stranger = new KryoValueCodec(registry(getClass().getClassLoader()));

        assertThatThrownBy(() -> stranger.decode(bytes))
                .hasMessageContaining("type id 112")
                .hasMessageContaining("reset");
    }

    @Test
    void refusesBytesThatAreMoreThanOneValue() {
        byte[] bytes = Arrays.copyOf(codec.encode(1L), 20);

        assertThatThrownBy(() -> codec.decode(bytes)).hasMessageContaining("not one value");
    }

    // ---- the registry

    @Test
    void handsOutEachNewTypeOnce() {
        codec.encode(new Circle(1));
        codec.encode(Kind.CARGO);

        assertThat(types.drainNew()).extracting("id").containsExactly(112, 113);
        assertThat(types.drainNew()).isEmpty();
        codec.encode(new Node(1, null));
        assertThat(types.drainNew()).extracting("className").containsExactly(Node.class.getName());
    }

    @Test
    void readsWithInstalledTypesWhatAnEarlierRunWrote() {
        byte[] bytes = codec.encode(new Nested("n", new Circle(1), List.of(), Map.of(), Kind.CARGO));
        TypeRegistry later = registry(getClass().getClassLoader());
        List<TypeEntry> entries = types.drainNew();
        for (int i = entries.size() - 1; i >= 0; i--) {
            later.install(TypeEntry.decode(entries.get(i).encode()));
        }

        Object value = new KryoValueCodec(later).decode(bytes);

        assertThat(value).isEqualTo(new Nested("n", new Circle(1), List.of(), Map.of(), Kind.CARGO));
        assertThat(later.drainNew()).isEmpty();
    }

    @Test
    void keepsItsStoredForm() {
        assertThat(codec.encode(5L)).containsExactly(9, 10);
        assertThat(codec.encode(new Primitives(false, (byte) 0, (short) 0, 'a', 1, 2, 0, 0, "b", null)))
                .startsWith(114, 0, 0, 0, 0, 97, 0, 2, 4)
                .endsWith(0, -126, 98, 0)
                .hasSize(24);
    }

    // ---- evolution

    @Test
    void survivesARecordThatGainsAndLosesComponents() throws Exception {
        CompiledRecord before = new CompiledRecord(
                "record Trip(String from, int seats, double price, Stop stop) {}", "record Stop(String name) {}");
        CompiledRecord after = new CompiledRecord(
                "record Trip(long distance, double price, String from, Boolean night, char rank) {}",
                "record Stop(String name) {}");
        TypeRegistry old = registry(before);
        byte[] bytes =
                new KryoValueCodec(old).encode(before.create("Trip", "SFO", 3, 9.5, before.create("Stop", "DEN")));

        TypeRegistry now = registry(after);
        old.entries().forEach(now::install);
        KryoValueCodec codecNow = new KryoValueCodec(now);
        Object read = codecNow.decode(bytes);
        byte[] rewritten = codecNow.encode(read);

        assertThat(read).isEqualTo(after.create("Trip", 0L, 9.5, "SFO", null, '\0'));
        assertThat(codecNow.decode(rewritten)).isEqualTo(read);
        assertThat(now.drainNew()).singleElement().satisfies(entry -> assertThat(entry.parts())
                .hasSize(5));
        assertThat(codecNow.decode(bytes)).as("the old form can still be read").isEqualTo(read);
    }

    @Test
    void goesBackToAnEarlierShapeWithoutANewId() throws Exception {
        CompiledRecord first = new CompiledRecord("record Trip(int a) {}");
        CompiledRecord second = new CompiledRecord("record Trip(int a, int b) {}");
        TypeRegistry run1 = registry(first);
        byte[] bytes1 = new KryoValueCodec(run1).encode(first.create("Trip", 1));
        TypeRegistry run2 = registry(second);
        run1.entries().forEach(run2::install);
        byte[] bytes2 = new KryoValueCodec(run2).encode(second.create("Trip", 1, 2));
        TypeRegistry run3 = registry(first);
        run2.entries().forEach(run3::install);
        KryoValueCodec codec3 = new KryoValueCodec(run3);

        assertThat(codec3.decode(bytes2)).isEqualTo(first.create("Trip", 1));
        assertThat(codec3.encode(first.create("Trip", 1))).isEqualTo(bytes1);
        assertThat(run3.drainNew()).isEmpty();
    }

    @Test
    void refusesAComponentThatChangesItsType() throws Exception {
        CompiledRecord before = new CompiledRecord("record Trip(int seats) {}");
        CompiledRecord after = new CompiledRecord("record Trip(String seats) {}");
        TypeRegistry old = registry(before);
        byte[] bytes = new KryoValueCodec(old).encode(before.create("Trip", 3));
        TypeRegistry now = registry(after);
        old.entries().forEach(now::install);

        assertThatThrownBy(() -> new KryoValueCodec(now).decode(bytes))
                .hasMessageContaining("component seats of Trip was stored as int and is now java.lang.String")
                .hasMessageContaining("another name");
    }

    @Test
    void refusesAClassThatIsGone() throws Exception {
        CompiledRecord before = new CompiledRecord("record Trip(int seats) {}");
        TypeRegistry old = registry(before);
        byte[] bytes = new KryoValueCodec(old).encode(before.create("Trip", 3));
        TypeRegistry now = registry(getClass().getClassLoader());
        old.entries().forEach(now::install);

        assertThatThrownBy(() -> new KryoValueCodec(now).decode(bytes))
                .hasMessageContaining("class Trip, which is not on the class path");
    }

    @Test
    void findsEnumConstantsByNameAfterTheyMoved() throws Exception {
        CompiledRecord before = new CompiledRecord("enum Rank { LOW, HIGH, GONE }");
        CompiledRecord after = new CompiledRecord("enum Rank { MIDDLE, HIGH, LOW }");
        TypeRegistry old = registry(before);
        KryoValueCodec codecBefore = new KryoValueCodec(old);
        Object[] ranks = before.loadClass("Rank").getEnumConstants();
        byte[] low = codecBefore.encode(ranks[0]);
        byte[] gone = codecBefore.encode(ranks[2]);
        TypeRegistry now = registry(after);
        old.entries().forEach(now::install);
        KryoValueCodec codecNow = new KryoValueCodec(now);

        assertThat(codecNow.decode(low)).hasToString("LOW");
        assertThatThrownBy(() -> codecNow.decode(gone)).hasMessageContaining("Bring the constant back");
    }

    // ---- copies

    @Test
    void answersTheSameInstanceWhereNothingCanChange() {
        for (Object value : List.of(
                "a", 1L, Kind.CARGO, new Circle(1), new Node(1, null), new Accumulators.Held(5L), LocalDate.EPOCH)) {
            assertThat(codec.copy(value)).isSameAs(value);
        }
    }

    @Test
    void copiesWhatCanChangeAllTheWayDown() {
        ArrayList<Object> inner = new ArrayList<>(List.of(1));
        Accumulators.Two two = new Accumulators.Two(7L, inner);

        Accumulators.Two copy = (Accumulators.Two) codec.copy(two);
        inner.add(2);

        assertThat(copy.second()).isEqualTo(List.of(1));
        assertThat(((List<?>) codec.copy(new ArrayList<>(List.of(two)))).get(0)).isNotSameAs(two);
        assertThat(((Plain) codec.copy(new Plain())).list).containsExactly("x");
    }

    private static TypeRegistry registry(ClassLoader loader) {
        return new TypeRegistry(loader, Set.of(Plain.class));
    }
}
