package io.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.record.Header;
import io.millrace.streams.Aggregates;
import io.millrace.streams.DropReason;
import io.millrace.streams.Emit;
import io.millrace.streams.ErrorPolicy;
import io.millrace.streams.Processor;
import io.millrace.streams.ProcessorContext;
import io.millrace.streams.ProcessorSupplier;
import io.millrace.streams.Topic;
import io.millrace.streams.Topology;
import io.millrace.streams.Windowed;
import io.millrace.streams.Windows;
import io.millrace.streams.codec.Codecs;
import io.millrace.streams.topology.DeclaredTopic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class JobTesterTest {

    private static final Topic<String, String> IN = Topic.of("in", Codecs.string(), Codecs.string());
    private static final Topic<String, Long> OUT = Topic.of("out", Codecs.string(), Codecs.longs());

    private static Topology counts() {
        var job = Topology.define("counts");
        job.stream(IN)
                .groupBy((key, value) -> value)
                .count()
                .named("counts")
                .toStream()
                .to(OUT);
        return job.build();
    }

    @Test
    void showsEveryUpdateOfOneRecordAtATime() {
        try (JobTester tester = JobTester.of(counts())) {
            tester.pipe(IN, "a", "x", 5).pipe(IN, "b", "x", 3).pipe(IN, "b", "y", 9);

            assertThat(tester.readText(OUT)).containsExactly("x=1@5", "x=2@5", "y=1@9");
            assertThat(tester.readText(OUT)).isEmpty();
        }
    }

    @Test
    void showsTheLastUpdateOfAnEpochAsInProduction() {
        try (JobTester tester =
                JobTester.of(counts(), JobTesterOptions.DEFAULT.asInProduction().withPartitions(1))) {
            tester.append(IN, "a", "x", 5).append(IN, "b", "x", 3).append(IN, "b", "y", 9);
            assertThat(tester.read(OUT)).as("nothing is processed yet").isEmpty();
            tester.drain();

            assertThat(tester.readText(OUT)).containsExactly("x=2@5", "y=1@9");
        }
    }

    @Test
    void readsTheRowsOfTables() {
        try (JobTester tester = JobTester.of(
                counts(), JobTesterOptions.DEFAULT.withPartitions(3).withLanes(2))) {
            tester.pipe(IN, "a", "x", 5).pipe(IN, "b", "x", 3).pipe(IN, "b", "y", 9);

            assertThat(tester.table("counts")).isEqualTo(Map.of("x", 2L, "y", 1L));
        }
    }

    @Test
    void readsWindowsAndStores() {
        var job = Topology.define("job");
        job.stream(IN)
                .groupByKey()
                .windowed(Windows.tumbling(Duration.ofMillis(10)))
                .count()
                .named("windows");
        job.stream(Topic.of("other", Codecs.string(), Codecs.string()))
                .process(new Remembering())
                .named("remembering");
        try (JobTester tester = JobTester.of(job.build())) {
            tester.pipe(IN, "a", "x", 25);
            tester.pipe(Topic.of("other", Codecs.string(), Codecs.string()), "k", "v", 1);

            assertThat(tester.table("windows")).isEqualTo(Map.of(new Windowed<>("a", 20, 30), 1L));
            assertThat(tester.store("remembering", "last")).isEqualTo(Map.of("k", "v"));
        }
    }

    private static final class Remembering implements ProcessorSupplier<String, String, String, String> {
        @Override
        public Processor<String, String, String, String> create() {
            return (key, value, context) ->
                    context.<String, String>store("last").put(key, value);
        }

        @Override
        public List<String> stores() {
            return List.of("last");
        }
    }

    @Test
    void carriesHeadersAndPartitions() {
        var job = Topology.define("job");
        job.stream(IN).mapValues(value -> (long) value.length()).to(OUT);
        Header header = new Header("trace", new byte[] {7});
        try (JobTester tester = JobTester.of(job.build(), JobTesterOptions.DEFAULT.withPartitions(4))) {
            tester.pipe(IN, "a", "four", 5, header);

            OutputRecord<String, Long> record = tester.read(OUT).get(0);
            assertThat(record.headers()).extracting(Header::key).containsExactly("trace");
            assertThat(record.value()).isEqualTo(4);
            assertThat(record.partition()).isBetween(0, 3);
        }
    }

    @Test
    void countsDropsByOperatorAndReason() {
        var job = Topology.define("job").onProcessingError(ErrorPolicy.drop());
        job.stream(IN)
                .mapValues(value -> 1L / (value.length() - 1))
                .named("inverse")
                .to(OUT);
        try (JobTester tester = JobTester.of(job.build())) {
            tester.pipe(IN, "a", "x", 1).pipe(IN, "a", "xx", 2).pipe(IN, "a", "y", 3);

            assertThat(tester.readText(OUT)).containsExactly("a=1@2");
            assertThat(tester.drops()).isEqualTo(Map.of("inverse", Map.of(DropReason.PROCESSING, 2L)));
        }
    }

    @Test
    void throwsTheFailureOfTheJobNamingTheOperator() {
        var job = Topology.define("job");
        job.stream(IN)
                .mapValues(value -> 1L / (value.length() - 1))
                .named("inverse")
                .to(OUT);
        JobTester tester = JobTester.of(job.build());

        assertThatThrownBy(() -> tester.pipe(IN, "a", "x", 1))
                .isInstanceOf(JobFailedException.class)
                .hasMessageContaining("inverse")
                .hasMessageContaining("in-0");
    }

    @Test
    void firesWallClockTimersWhenTimeIsLetPass() {
        var job = Topology.define("job");
        job.stream(IN).process(() -> new Alarm()).to(OUT);
        try (JobTester tester = JobTester.of(job.build())) {
            tester.pipe(IN, "a", "60000", 5);
            tester.advanceWallClock(Duration.ofSeconds(59));
            assertThat(tester.read(OUT)).isEmpty();
            tester.advanceWallClock(Duration.ofSeconds(2));

            assertThat(tester.read(OUT)).extracting(OutputRecord::key).containsExactly("a");
        }
    }

    private static final class Alarm implements Processor<String, String, String, Long> {
        @Override
        public void process(String key, String value, ProcessorContext<String, Long> context) {
            context.setWallClockTimer(key, context.wallClockMs() + Long.parseLong(value));
        }

        @Override
        public void onTimer(Object key, long timeMs, boolean eventTime, ProcessorContext<String, Long> context)
                throws Exception {
            context.forward((String) key, timeMs);
        }
    }

    @Test
    void givesTheSameBytesForTheSameSeed() {
        List<List<OutputRecord<String, Long>>> runs = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            JobTesterOptions options = JobTesterOptions.DEFAULT
                    .asInProduction()
                    .withSeed(42)
                    .withPartitions(3)
                    .withLanes(2);
            try (JobTester tester = JobTester.of(counts(), options)) {
                for (int i = 0; i < 50; i++) {
                    tester.append(IN, "k" + i % 7, "v" + i % 5, i);
                }
                runs.add(tester.drain().read(OUT));
            }
        }

        assertThat(runs.get(1)).isEqualTo(runs.get(0)).isNotEmpty();
    }

    @Test
    void emitsFinalResultsBehindAnExchangeOnceAllOfItsInputIsRead() {
        var job = Topology.define("job");
        job.stream(IN)
                .groupBy((key, value) -> value)
                .windowed(Windows.tumbling(Duration.ofMillis(10)))
                .emit(Emit.onWindowClose())
                .count()
                .toStream()
                .map((window, count) -> io.millrace.streams.KeyValue.of(window.key() + window.startMs(), count))
                .to(OUT);
        try (JobTester tester = JobTester.of(job.build(), JobTesterOptions.DEFAULT.withPartitions(2))) {
            tester.pipe(IN, "a", "x", 5).pipe(IN, "b", "x", 7).pipe(IN, "c", "x", 30);

            assertThat(tester.readText(OUT)).containsExactly("x0=2@7");
        }
    }

    record Order(String item, int count) {}

    private static final Topic<String, Order> ORDERS = Topic.of("orders", Codecs.string(), Codecs.json(Order.class));
    private static final Topic<byte[], byte[]> DEAD = Topic.of("dead", Codecs.bytes(), Codecs.bytes());

    private static Map<String, String> text(List<Header> headers) {
        Map<String, String> found = new TreeMap<>();
        headers.forEach(header -> found.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
        return found;
    }

    @Test
    void aDeadLetterIsTheInputRecordAndSaysWhatWentWrongAsInKafkaStreams() {
        var job = Topology.define("job").onError(ErrorPolicy.deadLetter("dead"));
        job.stream(ORDERS)
                .groupBy((id, order) -> order.item())
                .aggregate(Aggregates.summingLong(order -> 12 / order.count()))
                .named("sums")
                .toStream()
                .to(OUT);
        try (JobTester tester = JobTester.of(
                job.build(), JobTesterOptions.DEFAULT.withPartitions(3).withLanes(2))) {
            tester.appendTo(1, ORDERS, "o1".getBytes(StandardCharsets.UTF_8), new Order("tea", 3), 5);
            tester.appendTo(
                    1,
                    ORDERS,
                    "o2".getBytes(StandardCharsets.UTF_8),
                    new Order("jam", 0),
                    981_173_106_000L,
                    new Header("trace", new byte[] {'x'}));
            tester.drain();

            assertThat(tester.readText(OUT)).containsExactly("tea=4@5");
            OutputRecord<byte[], byte[]> letter = tester.read(DEAD).get(0);
            assertThat(letter.key()).asString().isEqualTo("o2");
            assertThat(letter.value()).isEqualTo(ORDERS.values().encode(new Order("jam", 0)));
            Map<String, String> headers = text(letter.headers());
            assertThat(headers.remove("__streams.errors.stacktrace")).contains("/ by zero");
            assertThat(headers)
                    .isEqualTo(Map.of(
                            "trace", "x",
                            "__streams.errors.topic", "orders",
                            "__streams.errors.partition", "1",
                            "__streams.errors.offset", "1",
                            "__streams.errors.exception", "java.lang.ArithmeticException",
                            "__streams.errors.message", "/ by zero",
                            "millrace.error.operator", "sums",
                            "millrace.error.reason", "PROCESSING"));
        }
    }

    @Test
    void lateRecordsGoToATopicInItsOwnForm() {
        Topic<String, Order> late = Topic.of("late", Codecs.string(), Codecs.json(Order.class));
        var job = Topology.define("job");
        job.stream(ORDERS)
                .groupBy((id, order) -> order.item())
                .windowed(Windows.tumbling(Duration.ofMillis(10)))
                .lateTo(late)
                .count();
        Topology topology = job.build();
        try (JobTester tester = JobTester.of(topology)) {
            tester.pipe(ORDERS, "o1", new Order("tea", 1), 25).pipe(ORDERS, "o2", new Order("jam", 2), 5);

            OutputRecord<String, Order> record = tester.read(late).get(0);
            assertThat(record.key()).as("the key the window was given").isEqualTo("jam");
            assertThat(record.value()).isEqualTo(new Order("jam", 2));
            assertThat(text(record.headers()))
                    .containsEntry("millrace.error.reason", "LATE")
                    .containsEntry("__streams.errors.offset", "1");
        }
        assertThat(topology.topics())
                .filteredOn(topic -> topic.name().equals("late"))
                .extracting(DeclaredTopic::configs)
                .containsExactly(Map.of("retention.ms", "-1"));
    }
}
