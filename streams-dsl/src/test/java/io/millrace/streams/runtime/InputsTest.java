package io.millrace.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.Producer;
import io.millrace.client.ProducerOptions;
import io.millrace.client.TopicPartition;
import io.millrace.client.Transaction;
import io.millrace.record.Compression;
import io.millrace.record.Header;
import io.millrace.record.RecordBatchBuilder;
import io.millrace.record.TimestampType;
import io.millrace.streams.Emit;
import io.millrace.streams.JobOptions;
import io.millrace.streams.Processor;
import io.millrace.streams.ProcessorContext;
import io.millrace.streams.Source;
import io.millrace.streams.Topic;
import io.millrace.streams.Topics;
import io.millrace.streams.Topology;
import io.millrace.streams.Windowed;
import io.millrace.streams.Windows;
import io.millrace.streams.codec.Codecs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where records come from and in which order they are taken. */
class InputsTest {

    private static final Topic<String, String> LEFT = Topic.of("left", Codecs.string(), Codecs.string());
    private static final Topic<String, String> RIGHT =
            Topic.of("right", Codecs.string(), Codecs.string()).config("retention.ms", "-1");
    private static final Topic<String, String> OUT =
            Topic.of("out", Codecs.string(), Codecs.string()).config("retention.ms", "-1");

    private static final Topic<String, Long> OUT_COUNTS =
            Topic.of("out-counts", Codecs.string(), Codecs.longs()).config("retention.ms", "-1");

    private static Topology merged() {
        var job = Topology.define("merged");
        job.stream(LEFT).merge(job.stream(RIGHT)).to(OUT);
        return job.build();
    }

    @Test
    void takesTheHeadWithTheSmallestTimestampFirst() {
        JobRig rig = new JobRig(JobOptions.DEFAULT, 1);
        rig.topic("left", 1);
        rig.topic("right", 1);
        for (int i = 0; i < 5; i++) {
            rig.send(LEFT, 1, "k", "l" + i, 10L * i);
        }
        for (int i = 0; i < 5; i++) {
            rig.send(RIGHT, 1, "k", "r" + i, 10L * i + (i % 2 == 0 ? 0 : 5));
        }

        rig.run(merged()).drain();

        assertThat(rig.read(OUT))
                .containsExactly(
                        "k=l0@0", "k=r0@0", "k=l1@10", "k=r1@15", "k=l2@20", "k=r2@20", "k=l3@30", "k=r3@35", "k=l4@40",
                        "k=r4@40");
    }

    @Test
    void waitsForAnOpenTransactionOfSomebodyElseButNotForEver() {
        JobRig rig = new JobRig(JobOptions.DEFAULT, 2);
        rig.topic("left", 1);
        rig.topic("right", 1);
        Producer other = rig.client.openProducer(ProducerOptions.transactional("other"));
        rig.await(other.ready());
        Transaction open = other.begin();
        RecordBatchBuilder batch = new RecordBatchBuilder(Compression.NONE, TimestampType.CREATE_TIME, 1 << 16);
        batch.append(5, LEFT.keys().encode("k"), LEFT.values().encode("early"), Header.NONE);
        rig.await(open.append(new TopicPartition("right", 0), batch));
        rig.send(LEFT, 1, "k", "late", 50);
        rig.run(merged());

        rig.scheduler.runFor(Duration.ofSeconds(4));
        assertThat(rig.read(OUT)).isEmpty();
        rig.scheduler.runFor(Duration.ofSeconds(2));
        assertThat(rig.read(OUT)).containsExactly("k=late@50");
    }

    @Test
    void refusesAtTheStartATopicThatAPatternReadsTwice() {
        JobRig rig = new JobRig(JobOptions.DEFAULT, 4);
        rig.topic("left", 1);
        var job = Topology.define("twice");
        job.stream(LEFT).to(OUT);
        job.stream(Topics.matching(Pattern.compile("le.*"), Codecs.string(), Codecs.string()))
                .to(OUT);

        rig.start(job.build());

        assertThat(rig.job.runtime().fault()).hasMessageContaining("topic left is read by read.left and by");
    }

    @Test
    void readsWhatItWritesItself() {
        JobRig rig = new JobRig(JobOptions.DEFAULT, 3);
        rig.topic("left", 2);
        for (int i = 0; i < 40; i++) {
            rig.send(LEFT, 2, "k" + i, "v", i);
        }
        var job = Topology.define("loop");
        job.stream(LEFT).mapValues(value -> value + "!").to(RIGHT);
        job.stream(RIGHT).mapValues(value -> value + "?").to(OUT);

        rig.run(job.build()).drain();

        assertThat(rig.latest(OUT)).hasSize(40).containsEntry("k7", "v!?");
    }

    /** Numbers from a position; ends for good at some number. */
    private record Numbers(int count, int batch) implements Source<Object, Object> {
        @Override
        public List<String> splits() {
            return List.of("even", "odd");
        }

        @Override
        public Reader<Object, Object> open(String split, Map<String, String> position) {
            int[] next = {Integer.parseInt(position.getOrDefault("next", split.equals("even") ? "0" : "1"))};
            return new Reader<>() {
                @Override
                public Batch<Object, Object> poll(int recordsMax) {
                    List<SourceRecord<Object, Object>> records = new ArrayList<>();
                    for (; next[0] < count && records.size() < batch; next[0] += 2) {
                        records.add(new SourceRecord<>("k" + next[0] % 10, "v" + next[0], next[0]));
                    }
                    return new Batch<>(records, Map.of("next", Integer.toString(next[0])), next[0] >= count);
                }

                @Override
                public void close() {}
            };
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void takesNothingTwiceFromAForeignSourceHoweverOftenItDies(int lanes) {
        for (long seed = 0; seed < 10; seed++) {
            JobRig rig = new JobRig(
                    JobOptions.DEFAULT
                            .withLanes(lanes)
                            .with("frame.records", "3")
                            .with("state.write.interval.ms", "0"),
                    seed);
            Random random = new Random(seed);
            var job = Topology.define("numbers");
            job.source("numbers", numbers()).to(OUT);
            Topology topology = job.build();
            for (int round = 0; round < 4; round++) {
                rig.run(topology);
                for (int i = random.nextInt(300); i > 0; i--) {
                    if (rig.scheduler.stepOne() == 0) {
                        rig.scheduler.advanceToNextDeadline();
                    }
                }
                rig.crash();
            }
            rig.run(topology).drain();

            List<String> expected = IntStream.range(0, 200)
                    .mapToObj(i -> "k" + i % 10 + "=v" + i + "@" + i)
                    .toList();
            assertThat(rig.read(OUT)).as("seed " + seed).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @SuppressWarnings("unchecked")
    private static Source<String, String> numbers() {
        return (Source<String, String>) (Source<?, ?>) new Numbers(200, 7);
    }

    /** One partition is far ahead of the other while both catch up; nothing may count as late behind the exchange. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void dropsNothingAsLateBehindAnExchangeWhileItCatchesUp(int lanes) {
        for (long seed = 0; seed < 8; seed++) {
            catchUp(lanes, seed);
        }
    }

    private static void catchUp(int lanes, long seed) {
        JobRig rig = new JobRig(JobOptions.DEFAULT.withLanes(lanes).with("frame.records", "4"), seed);
        rig.topic("left", 3);
        for (int i = 0; i < 300; i++) {
            for (int partition = 0; partition < 3; partition++) {
                rig.sendTo(LEFT, partition, "p" + partition, "v", 1_000L * i + partition);
            }
        }
        Topic<Windowed<String>, Long> counts = Topic.of(
                        "counts", Codecs.windowed(Codecs.string(), Duration.ofSeconds(10)), Codecs.longs())
                .config("retention.ms", "-1");
        var job = Topology.define("windows");
        var lines = job.stream(LEFT);
        lines.groupBy((key, value) -> "all")
                .windowed(Windows.tumbling(Duration.ofSeconds(10)))
                .emit(Emit.onWindowClose())
                .count()
                .toStream()
                .to(counts);

        // A second way out of the same fragment: its ring says nothing of what is still in the first one.
        lines.groupBy((key, value) -> value).count().toStream().to(OUT_COUNTS);

        rig.run(job.build()).drain();

        assertThat(rig.job.metrics().drops()).as("seed " + seed).isEmpty();
        assertThat(rig.latest(counts).values()).hasSize(29).allMatch(count -> count == 30);
    }

    /** The stream comes through an exchange, the table straight from its topic; the rows are older than the records. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void readsATableBeforeTheYoungerRecordsThatMeetItBehindAnExchange(int lanes) {
        for (long seed = 0; seed < 5; seed++) {
            JobRig rig = new JobRig(JobOptions.DEFAULT.withLanes(lanes).with("frame.records", "4"), seed);
            rig.topic("left", 3);
            rig.topic("right", 3);
            for (int i = 0; i < 60; i++) {
                rig.send(LEFT, 3, "s" + i, "row" + i % 30, 10_000L + i);
            }
            for (int i = 0; i < 30; i++) {
                rig.send(RIGHT, 3, "row" + i, "value" + i, i);
            }
            var job = Topology.define("meet");
            job.stream(LEFT)
                    .map((key, value) -> io.millrace.streams.KeyValue.of(value, key))
                    .join(job.table(RIGHT), (record, row) -> record + "+" + row)
                    .to(OUT);

            rig.run(job.build()).drain();

            assertThat(rig.read(OUT)).as("seed " + seed).hasSize(60);
        }
    }

    /** Answers a while after the last record of a key. */
    private static final class Quiet implements Processor<String, String, String, String> {
        @Override
        public void process(String key, String value, ProcessorContext<String, String> context) {
            context.setWallClockTimer(key, context.wallClockMs() + 60_000);
        }

        @Override
        public void onTimer(Object key, long timeMs, boolean eventTime, ProcessorContext<String, String> context)
                throws Exception {
            context.forward((String) key, "quiet", 77);
        }
    }

    @Test
    void firesTimersOfTheWallClockWithoutAnyInputAndAfterARestart() {
        JobRig rig = new JobRig(JobOptions.DEFAULT, 6);
        rig.topic("left", 1);
        rig.send(LEFT, 1, "a", "x", 1);
        var job = Topology.define("quiet");
        job.stream(LEFT).process(Quiet::new).to(OUT);
        Topology topology = job.build();
        rig.run(topology).drain();
        rig.scheduler.runFor(Duration.ofSeconds(30));
        assertThat(rig.read(OUT)).isEmpty();
        rig.crash();

        rig.run(topology);
        rig.scheduler.runFor(Duration.ofSeconds(40));

        assertThat(rig.read(OUT)).containsExactly("a=quiet@77");
    }

    @Test
    void startsAlthoughATimerOfTheWallClockHasBeenDueForLong() {
        JobRig rig = new JobRig(JobOptions.DEFAULT, 7);
        rig.topic("left", 1);
        rig.send(LEFT, 1, "a", "x", 1);
        var job = Topology.define("quiet");
        job.stream(LEFT).process(Quiet::new).to(OUT);
        Topology topology = job.build();
        rig.run(topology).drain();
        rig.job.stop();
        rig.clock.advance(Duration.ofMinutes(5));

        rig.run(topology);
        rig.scheduler.runFor(Duration.ofSeconds(1));

        assertThat(rig.job.runtime().fault()).isNull();
        assertThat(rig.read(OUT)).containsExactly("a=quiet@77");
    }
}
