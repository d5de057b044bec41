package io.millrace.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.streams.codec.Codecs;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Everything the DSL offers in one topology, without a type witness. What it proves, it proves by compiling. */
class TypeInferenceTest {

    record Flight(String origin, String destination, long scheduledMs, double delay) {}

    record Airport(String code, String state) {}

    record Delay(String state, double minutes) {}

    record Board(long count, double mean, double max) {}

    private static final Topic<String, Flight> FLIGHTS = Topic.of("flights", Codecs.string(), Codecs.json(Flight.class))
            .partitions(4)
            .config("retention.ms", "-1")
            .timestamps((key, flight, recorded) -> flight.scheduledMs())
            .reset(OffsetReset.EARLIEST);

    private static final Topic<String, Airport> AIRPORTS =
            Topic.of("airports", Codecs.string(), Codecs.json(Airport.class)).partitions(4);

    @Test
    void infersEveryType() {
        TopologyBuilder b = Topology.define("everything");
        b.onError(ErrorPolicy.fail()).onDeserializationError(ErrorPolicy.deadLetter("bad"));

        Stream<String, Flight> flights = b.stream(FLIGHTS).named("flights");
        Table<String, Airport> airports = b.table(AIRPORTS);
        b.stream(Topics.of(List.of("a", "b"), Codecs.string(), Codecs.longs()))
                .merge(b.stream(Topics.matching(Pattern.compile("c.*"), Codecs.string(), Codecs.longs())))
                .peek((key, value) -> check(key))
                .foreach((key, value) -> check(key))
                .named("watch");

        flights.join(airports, (flight, airport) -> new Delay(airport.state(), flight.delay()))
                .named("located")
                .filter((origin, delay) -> delay.minutes() > 15)
                .groupBy((origin, delay) -> delay.state())
                .windowed(Windows.tumbling(Duration.ofHours(1)).grace(Duration.ofHours(1)))
                .emit(Emit.onUpdate())
                .lateTo("late")
                .aggregate(Aggregates.allOf(
                        Aggregates.counting(),
                        Aggregates.averagingDouble(delay -> delay.minutes()),
                        Aggregates.maxBy(Comparator.comparingDouble(Delay::minutes)),
                        (count, mean, max) -> new Board(count, mean, max.minutes())))
                .named("board")
                .toStream()
                .to(Topic.of(
                        "delay-board",
                        Codecs.windowed(Codecs.string(), Duration.ofHours(1)),
                        Codecs.json(Board.class)));

        Split<String, Flight> ways = flights.split();
        Stream<String, Flight> late = ways.when((origin, flight) -> flight.delay() > 60);
        Stream<String, Flight> rest = ways.otherwise();
        late.selectKey((origin, flight) -> flight.origin() + flight.destination())
                .join(
                        rest.map((origin, flight) ->
                                KeyValue.of(flight.destination() + flight.origin(), flight.delay())),
                        (flight, delay) -> flight.delay() + delay,
                        JoinWindows.within(Duration.ofHours(2)).grace(Duration.ofMinutes(1)))
                .lateTo("late")
                .mapValues(minutes -> Math.round(minutes))
                .onError(ErrorPolicy.drop())
                .groupByKey()
                .reduce(Long::max)
                .toStream()
                .to((route, minutes) -> "route-" + route.charAt(0), Codecs.string(), Codecs.longs());

        Table<String, Long> perState = airports.filter(
                        (code, airport) -> !airport.state().isEmpty())
                .mapValues(Airport::state)
                .groupBy((code, state) -> KeyValue.of(state, code))
                .count();
        perState.outerJoin(
                        airports.groupBy((code, airport) -> KeyValue.of(airport.state(), 1L))
                                .reduce(Long::sum, (total, row) -> total - row),
                        (left, right) -> (left == null ? 0 : left) + (right == null ? 0 : right))
                .toStream()
                .to(Topic.of("states", Codecs.string(), Codecs.longs()), (state, count, partitions) -> 0);

        b.stream(Topic.of("lines", Codecs.bytes(), Codecs.string()))
                .flatMapValues(line -> Arrays.asList(line.split(" ")))
                .flatMap((ignored, word) -> List.of(KeyValue.of(word, word.length()), KeyValue.of("", 0)))
                .repartition(4)
                .groupByKey()
                .aggregate(Aggregates.of(() -> 0L, (word, length, sum) -> sum + length, Long::sum))
                .leftJoin(perState, (sum, states) -> sum + ":" + states)
                .toStream()
                .process(() -> (word, text, context) -> context.forward(text, word.length()))
                .toTable();

        Topology topology = b.build();

        assertThat(topology.job()).isEqualTo("everything");
        assertThat(topology.node("board").lateTo()).hasToString("late");
        assertThat(topology.topics()).extracting("name").contains("flights", "late", "bad", "states", "delay-board");
    }

    /** Of any types, with a constructor of one's own. */
    private record Dedup<K, V>() implements Processor<K, V, K, V> {
        @Override
        public void process(K key, V value, ProcessorContext<K, V> context) throws Exception {
            context.forward(key, value);
        }
    }

    /** Takes anything, and says what comes out. */
    private record LengthOf(int unit) implements Processor<Object, CharSequence, String, Long> {
        LengthOf() {
            this(1);
        }

        @Override
        public void process(Object key, CharSequence value, ProcessorContext<String, Long> context) throws Exception {
            context.forward(String.valueOf(key), (long) value.length() / unit);
        }
    }

    private record Doubled() implements ValueProcessor<Object, Long, Double> {
        @Override
        public void process(Object key, Long value, ValueProcessorContext<Double> context) throws Exception {
            context.forward(2.0 * value);
        }
    }

    /** Each assignment is the proof: what comes out has the types of the class, whatever went in. */
    @Test
    void infersWhatProcessorsHandOn() {
        TopologyBuilder b = Topology.define("processors");
        Stream<String, String> in = b.stream(Topic.of("in", Codecs.string(), Codecs.string()));

        Stream<String, String> once = in.process(Dedup::new, "seen").filter((key, value) -> value.isEmpty());
        Stream<String, Long> lengths = once.process(LengthOf::new).filter((key, length) -> length > 0L);
        Stream<String, Long> pairs = once.process(() -> new LengthOf(2)).filter((key, length) -> length > 0L);
        Stream<String, Double> doubled =
                lengths.processValues(Doubled::new, "last").filter((key, value) -> value.isNaN());
        Stream<String, Integer> lambda =
                in.process(() -> (key, value, context) -> context.forward(key, value.length()));
        Stream<String, Integer> ofValues =
                in.processValues(() -> (key, value, context) -> context.forward(value.length()));

        assertThat(List.of(lengths, pairs, doubled, lambda, ofValues)).doesNotHaveDuplicates();
    }

    private static void check(String key) throws IOException {
        if (key.isBlank()) {
            throw new IOException("a lambda may throw checked exceptions");
        }
    }
}
