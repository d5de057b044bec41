package io.millrace.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.streams.JobOptions;
import io.millrace.streams.KeyValue;
import io.millrace.streams.Stream;
import io.millrace.streams.Topic;
import io.millrace.streams.Topology;
import io.millrace.streams.Windows;
import io.millrace.streams.codec.Codecs;
import io.millrace.streams.codec.KeyPartitioner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Several inputs of one task, some of them behind exchanges, on several lanes in an order drawn from a seed: whichever side
 * was written first, and however the lanes race, each record meets what is older.
 */
class MeetingInputsTest {

    private static final int KEYS = 7;
    private static final int PARTITIONS = 3;
    private static final long SEEDS = 12;
    private static final Topic<String, String> EVENTS = topic("events");
    private static final Topic<String, String> ROWS = topic("rows");
    private static final Topic<String, String> OUT = topic("out");

    private enum Shape {
        /** The stream comes through an exchange, the table from its topic. */
        STREAM_BEHIND_EXCHANGE((events, rows) -> byValue(events).join(rows.toTable(), MeetingInputsTest::both)),
        /** Both sides come through an exchange. */
        BOTH_BEHIND_EXCHANGES((events, rows) ->
                byValue(events).join(rows.selectKey((key, value) -> key).toTable(), MeetingInputsTest::both)),
        /** The side of the table comes through two. */
        TABLE_BEHIND_TWO((events, rows) -> byValue(events)
                .join(
                        rows.selectKey((key, value) -> key)
                                .repartition()
                                .selectKey((key, value) -> key)
                                .toTable(),
                        MeetingInputsTest::both));

        private final BiFunction<Stream<String, String>, Stream<String, String>, Stream<String, String>> join;

        Shape(BiFunction<Stream<String, String>, Stream<String, String>, Stream<String, String>> join) {
            this.join = join;
        }

        private static Stream<String, String> byValue(Stream<String, String> events) {
            return events.map((key, value) -> KeyValue.of(value, key));
        }
    }

    private static String both(String event, String row) {
        return event + "+" + row;
    }

    private static Topic<String, String> topic(String name) {
        return Topic.of(name, Codecs.string(), Codecs.string()).config("retention.ms", "-1");
    }

    private static Topology topology(Shape shape) {
        var job = Topology.define("meet");
        shape.join.apply(job.stream(EVENTS), job.stream(ROWS)).to(OUT);
        return job.build();
    }

    @ParameterizedTest
    @CsvSource({
        "STREAM_BEHIND_EXCHANGE, 1",
        "STREAM_BEHIND_EXCHANGE, 3",
        "BOTH_BEHIND_EXCHANGES, 1",
        "BOTH_BEHIND_EXCHANGES, 2",
        "BOTH_BEHIND_EXCHANGES, 3",
        "TABLE_BEHIND_TWO, 1",
        "TABLE_BEHIND_TWO, 3"
    })
    void eachRecordMeetsWhatIsOlder(Shape shape, int lanes) {
        for (long seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            JobRig rig = new JobRig(
                    JobOptions.DEFAULT
                            .withLanes(lanes)
                            .with("frame.records", Integer.toString(1 + random.nextInt(8)))
                            .with("commit.interval.ms", Integer.toString(1 + random.nextInt(50))),
                    seed);
            rig.topic("events", PARTITIONS);
            rig.topic("rows", PARTITIONS);
            rig.run(topology(shape));
            List<String> expected = new ArrayList<>();
            Map<String, String> rows = new HashMap<>();
            long timeMs = 0;
            for (int round = 0; round < 4; round++) {
                timeMs = write(rig, random, timeMs, rows, expected);
                if (random.nextBoolean()) {
                    rig.job.drain();
                }
            }

            rig.job.drain();

            assertThat(rig.read(OUT)).as(shape + " seed " + seed).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    /** The log goes on while the I/O agent reads: a row is written when the event before it is read. */
    @ParameterizedTest
    @CsvSource({"2", "3"})
    void eachRecordMeetsWhatCameWhileOthersWereRead(int lanes) {
        for (long seed = 0; seed < SEEDS; seed++) {
            JobRig rig = new JobRig(JobOptions.DEFAULT.withLanes(lanes), seed);
            rig.topic("events", PARTITIONS);
            rig.topic("rows", PARTITIONS);
            Topic<String, String> events = EVENTS.timestamps((key, value, recordedMs) -> {
                if (key.equals("second")) {
                    rig.sendWhileJobRests(ROWS, partition(value), value, "row", recordedMs + 1);
                }
                return recordedMs;
            });
            var job = Topology.define("meet");
            Shape.BOTH_BEHIND_EXCHANGES
                    .join
                    .apply(job.stream(events), job.stream(ROWS))
                    .to(OUT);
            rig.run(job.build());
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < KEYS; i++) {
                String key = "k" + i;
                long timeMs = 10L * i;
                rig.sendWhileJobRests(EVENTS, i % PARTITIONS, "first", key, timeMs);
                rig.sendWhileJobRests(EVENTS, i % PARTITIONS, "second", key, timeMs + 1);
                rig.sendWhileJobRests(EVENTS, i % PARTITIONS, "third", key, timeMs + 3);
                expected.add(key + "=" + both("third", "row") + "@" + (timeMs + 3));
                rig.job.drain();
            }

            assertThat(rig.read(OUT)).as("seed " + seed).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    /**
     * Two records that stand in a partition the other way round wait together for the other side: by the time that has been
     * reached when they go, neither is late, and further down, behind one more exchange, neither is either.
     */
    @Test
    void noRecordThatIsHeldBackIsOvertakenByStreamTime() {
        JobRig rig = new JobRig(JobOptions.DEFAULT.withLanes(1).with("frame.records", "2"), 1);
        rig.topic("events", 1);
        rig.topic("rows", 1);
        var job = Topology.define("meet");
        var rows = job.stream(ROWS).selectKey((key, value) -> key).repartition();
        var both = rows.merge(job.stream(EVENTS).selectKey((key, value) -> key).repartition());
        both.groupByKey()
                .windowed(Windows.tumbling(Duration.ofMillis(1)))
                .count()
                .named("where-they-meet");
        both.selectKey((key, value) -> value)
                .groupByKey()
                .windowed(Windows.tumbling(Duration.ofMillis(1)))
                .count()
                .named("further-down");
        rig.sendTo(EVENTS, 0, "k", "v", 28);
        rig.sendTo(EVENTS, 0, "k", "v", 15);
        rig.sendTo(ROWS, 0, "k", "v", 17);
        rig.sendTo(ROWS, 0, "k", "v", 30);

        rig.run(job.build()).drain();

        assertThat(rig.job.metrics().drops()).isEmpty();
    }

    /** A burst in which time stands for order, the events written before the rows. */
    private static long write(JobRig rig, Random random, long fromMs, Map<String, String> rows, List<String> expected) {
        long timeMs = fromMs;
        List<Runnable> sendRows = new ArrayList<>();
        for (int i = 10 + random.nextInt(60); i > 0; i--) {
            timeMs++;
            long atMs = timeMs;
            String key = "k" + random.nextInt(KEYS);
            if (random.nextInt(3) == 0) {
                rows.put(key, "r" + atMs);
                sendRows.add(() -> rig.sendWhileJobRests(ROWS, partition(key), key, "r" + atMs, atMs));
            } else {
                rig.sendWhileJobRests(EVENTS, random.nextInt(PARTITIONS), "e" + atMs, key, atMs);
                if (rows.containsKey(key)) {
                    expected.add(key + "=" + both("e" + atMs, rows.get(key)) + "@" + atMs);
                }
            }
        }
        sendRows.forEach(Runnable::run);
        return timeMs;
    }

    private static int partition(String key) {
        return KeyPartitioner.partition(ROWS.keys(), ROWS.keys().encode(key), 0, PARTITIONS);
    }
}
