package io.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.store.KeyValueStore;
import io.millrace.streams.ErrorPolicy;
import io.millrace.streams.Processor;
import io.millrace.streams.ProcessorContext;
import io.millrace.streams.Topic;
import io.millrace.streams.Topology;
import io.millrace.streams.ValueProcessor;
import io.millrace.streams.ValueProcessorContext;
import io.millrace.streams.codec.Codecs;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Processors as users write them: how they begin, what they hand on, how they end. */
class ProcessorsTest {

    private static final Topic<String, String> IN = Topic.of("in", Codecs.string(), Codecs.string());
    private static final Topic<String, String> OUT = Topic.of("out", Codecs.string(), Codecs.string());
    private static final Topic<String, Long> COUNTS = Topic.of("counts", Codecs.string(), Codecs.longs());

    /** Notes what it is called for, and forwards how many records it has seen, in a store that it takes at the beginning. */
    private static final class Counting implements Processor<Object, Object, String, String> {
        private final List<String> calls;
        private KeyValueStore<String, Long> counts;

        Counting(List<String> calls) {
            this.calls = calls;
        }

        @Override
        public void init(ProcessorContext<String, String> context) {
            counts = context.store("counts");
            calls.add("init " + counts.get("n"));
        }

        @Override
        public void process(Object key, Object value, ProcessorContext<String, String> context) throws Exception {
            if (value.equals("fail")) {
                throw new IOException("told to");
            }
            Long n = counts.get("n");
            counts.put("n", n == null ? 1 : n + 1);
            calls.add("process " + value);
            context.forward("n", String.valueOf(counts.get("n")));
        }

        @Override
        public void close() throws Exception {
            calls.add("close");
            throw new IOException("nobody minds");
        }
    }

    private static Topology counting(List<String> calls) {
        var job = Topology.define("counting");
        job.stream(IN)
                .process(() -> new Counting(calls), "counts")
                .named("counting")
                .to(OUT);
        return job.build();
    }

    @Test
    void aProcessorBeginsWithItsStoresAndEndsWhenTheJobDoes() {
        List<String> calls = new ArrayList<>();
        try (JobTester tester = JobTester.of(counting(calls))) {
            tester.pipe(IN, "a", "x", 1).pipe(IN, "b", "y", 2);

            assertThat(tester.readText(OUT)).containsExactly("n=1@1", "n=2@2");
            assertThat(calls).containsExactly("init null", "process x", "process y");
        }

        assertThat(calls).containsExactly("init null", "process x", "process y", "close");
    }

    @Test
    void aNewProcessorGoesOnAfterACrash() {
        List<String> calls = new ArrayList<>();
        try (JobTester tester = JobTester.of(counting(calls))) {
            tester.pipe(IN, "a", "x", 1);
            tester.crash();
            tester.recover(Crash.KILL);
            tester.pipe(IN, "b", "y", 2);

            assertThat(calls).containsExactly("init null", "process x", "init 1", "process y");
            assertThat(tester.readText(OUT)).containsExactly("n=1@1", "n=2@2");
        }
    }

    @Test
    void aProcessorEndsBeforeAnotherOneGoesOnAfterAFailure() {
        List<String> calls = new ArrayList<>();
        JobTesterOptions twice =
                JobTesterOptions.DEFAULT.withJob(JobTesterOptions.DEFAULT.job().with("restarts.without.progress", "1"));
        try (JobTester tester = JobTester.of(counting(calls), twice)) {
            assertThatThrownBy(() -> tester.pipe(IN, "a", "fail", 1)).isInstanceOf(JobFailedException.class);
        }

        assertThat(calls).containsExactly("init null", "close", "init null", "close");
    }

    /** Fails to begin. */
    private static final class Stillborn implements Processor<String, String, String, String> {
        @Override
        public void init(ProcessorContext<String, String> context) throws Exception {
            context.forward("a", "b");
        }

        @Override
        public void process(String key, String value, ProcessorContext<String, String> context) {}
    }

    @Test
    void nothingIsForwardedBeforeTheFirstRecord() {
        var job = Topology.define("stillborn");
        job.onError(ErrorPolicy.drop());
        job.stream(IN).process(Stillborn::new).named("stillborn").to(OUT);

        assertThatThrownBy(() -> JobTester.of(job.build()).pipe(IN, "a", "b", 1))
                .hasStackTraceContaining("operator stillborn failed")
                .hasStackTraceContaining("set a timer and forward then");
    }

    /** Tells at every full minute that it is there. */
    private static final class Ticking implements Processor<String, String, String, Long> {
        @Override
        public void init(ProcessorContext<String, Long> context) {
            context.setWallClockTimer("tick", (context.wallClockMs() / 60_000 + 1) * 60_000);
        }

        @Override
        public void process(String key, String value, ProcessorContext<String, Long> context) {}

        @Override
        public void onTimer(Object key, long timeMs, boolean eventTime, ProcessorContext<String, Long> context)
                throws Exception {
            context.forward((String) key, 1L);
            context.setWallClockTimer(key, timeMs + 60_000);
        }
    }

    @Test
    void aTimerThatIsSetInTheBeginningFires() {
        var job = Topology.define("ticking");
        job.stream(IN).process(Ticking::new).to(COUNTS);
        try (JobTester tester = JobTester.of(job.build())) {
            tester.advanceWallClock(Duration.ofSeconds(150));

            assertThat(tester.read(COUNTS)).hasSize(2);
        }
    }

    @Test
    void aTimerThatIsSetInTheBeginningIsTheOneThatIsThereAlreadyIfItIsForTheSameTime() {
        var job = Topology.define("ticking");
        job.stream(IN).process(Ticking::new).to(COUNTS);
        try (JobTester tester = JobTester.of(job.build())) {
            tester.advanceWallClock(Duration.ofSeconds(150));
            tester.crash();
            tester.recover(Crash.KILL);

            tester.advanceWallClock(Duration.ofSeconds(60));

            assertThat(tester.read(COUNTS)).hasSize(3);
        }
    }

    /** Forwards how many values a key has had, and the same again when ten ms have passed. */
    private static final class CountOfKey<K> implements ValueProcessor<K, Object, Long> {
        private KeyValueStore<K, Long> counts;

        @Override
        public void init(ValueProcessorContext<Long> context) {
            counts = context.store("counts");
        }

        @Override
        public void process(K key, Object value, ValueProcessorContext<Long> context) throws Exception {
            Long n = counts.get(key);
            counts.put(key, n == null ? 1 : n + 1);
            context.setTimer(context.timestampMs() + 10);
            context.forward(counts.get(key));
        }

        @Override
        public void onTimer(K key, long timeMs, boolean eventTime, ValueProcessorContext<Long> context)
                throws Exception {
            context.forward(counts.get(key), timeMs + 1);
        }
    }

    @Test
    void aValueProcessorKeepsTheKeySoThatNoExchangeFollows() {
        var job = Topology.define("values");
        var counted = job.stream(IN).processValues(CountOfKey::new, "counts").named("counting");
        counted.to(COUNTS);
        counted.groupByKey().reduce(Long::max).named("largest");
        Topology topology = job.build();
        try (JobTester tester = JobTester.of(topology)) {
            tester.pipe(IN, "a", "x", 1).pipe(IN, "b", "y", 2).pipe(IN, "a", "z", 15);

            assertThat(tester.readText(COUNTS)).containsExactly("a=1@1", "b=1@2", "a=1@12", "b=1@13", "a=2@15");
            assertThat(tester.table("largest")).isEqualTo(Map.of("a", 2L, "b", 1L));
            assertThat(tester.store("counting", "counts")).isEqualTo(Map.of("a", 2L, "b", 1L));
        }
        assertThat(topology.describe()).doesNotContain("exchange");
    }

    @Test
    void aValueProcessorSetsNoTimerWithoutAKey() {
        var job = Topology.define("values");
        job.stream(IN)
                .processValues(() -> (key, value, context) -> context.setTimer(5))
                .foreach((key, value) -> {});
        try (JobTester tester = JobTester.of(job.build())) {
            assertThatThrownBy(() -> tester.pipe(IN, null, "x", 1))
                    .hasStackTraceContaining("a timer needs a key, and this record has none");
        }
    }
}
