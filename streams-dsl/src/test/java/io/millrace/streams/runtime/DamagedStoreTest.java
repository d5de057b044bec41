package io.millrace.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.store.DamagedStoreException;
import io.millrace.store.StateStoreException;
import io.millrace.streams.ErrorPolicy;
import io.millrace.streams.JobOptions;
import io.millrace.streams.JobState;
import io.millrace.streams.Processor;
import io.millrace.streams.ProcessorContext;
import io.millrace.streams.Topic;
import io.millrace.streams.Topology;
import io.millrace.streams.codec.Codecs;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A checksum fails in a backing store at any point of an epoch: it costs a restart and a replay, and never a result. */
class DamagedStoreTest {

    private static final Topic<String, String> IN = Topic.of("in", Codecs.string(), Codecs.string());
    private static final Topic<String, Long> COUNTS =
            Topic.of("counts", Codecs.string(), Codecs.longs()).config("retention.ms", "-1");
    private static final JobOptions OPTIONS =
            JobOptions.DEFAULT.with("state.write.interval.ms", "0").with("restarts.without.progress", "3");

    private final JobRig rig = new JobRig(OPTIONS, 1);

    private static Topology counts() {
        var job = Topology.define("job");
        job.stream(IN).groupByKey().count().named("n").toStream().to(COUNTS);
        return job.build();
    }

    /** Counts in a processor, whose failures are dropped. */
    private static Topology countsOf(Processor<String, String, String, Long> processor) {
        var job = Topology.define("job");
        job.stream(IN).process(() -> processor, "n").onError(ErrorPolicy.drop()).to(COUNTS);
        return job.build();
    }

    private static long counted(String key, ProcessorContext<String, Long> context) {
        Long before = context.<String, Long>store("n").get(key);
        return before == null ? 0 : before;
    }

    private static void count(String key, long count, ProcessorContext<String, Long> context) throws Exception {
        context.<String, Long>store("n").put(key, count);
        context.forward(key, count);
    }

    /** With a state that is not on the heap any more. */
    private void startWithState(Topology topology) {
        rig.topic("in", 1);
        rig.send(IN, 1, "a", "x", 1);
        rig.send(IN, 1, "b", "x", 2);
        rig.run(topology).drain();
        rig.job.stop();
        rig.run(topology);
    }

    /** So that the next to read below is the processor itself, as long as time stands still. */
    private void readTimers() {
        rig.send(IN, 1, "c", "x", 2);
        rig.job.drain();
    }

    @ParameterizedTest
    @EnumSource(
            value = EpochPoint.class,
            names = {"BARRIER_SENT", "OUTPUT_APPENDED", "DECISION_ASKED", "MARKERS_DONE", "SLICE_WRITTEN"})
    void damageAtAnyPointCostsARestartAndNoResult(EpochPoint when) {
        startWithState(counts());
        boolean[] isDone = {false};
        rig.hook = (point, epoch) -> {
            if (point == when && !isDone[0]) {
                isDone[0] = true;
                rig.stores.damage("a bit has rotted");
            }
        };

        rig.send(IN, 1, "a", "y", 3);
        rig.job.drain();
        rig.send(IN, 1, "b", "y", 4);
        rig.job.drain();
        rig.scheduler.runFor(Duration.ofMinutes(1));

        assertThat(isDone[0]).isTrue();
        assertThat(rig.job.state()).isEqualTo(JobState.RUNNING);
        assertThat(rig.job.metrics().attempts()).isEqualTo(2);
        assertThat(rig.stores.open(0).damage()).isNull();
        assertThat(rig.latest(COUNTS)).isEqualTo(Map.of("a", 2L, "b", 2L));
        assertThat(rig.read(COUNTS)).hasSize(4);
    }

    @Test
    void damageThatComesAgainAfterEachRebuildEndsTheJob() {
        startWithState(counts());
        rig.hook = (point, epoch) -> {
            if (point == EpochPoint.RESTORED) {
                rig.stores.damage("the disk is bad");
            }
        };
        rig.stores.damage("the disk is bad");

        rig.send(IN, 1, "a", "y", 3);
        rig.scheduler.runUntil(() -> rig.job.state().isFinal());

        assertThat(rig.job.state()).isEqualTo(JobState.FAILED);
        assertThat(rig.job.metrics().attempts()).isEqualTo(1 + 3);
        assertThat(rig.job.runtime().fault()).hasMessageContaining("the disk is bad");
        assertThat(rig.latest(COUNTS)).isEqualTo(Map.of("a", 1L, "b", 1L));
    }

    @Test
    void noPolicyOfErrorsLeavesOutARecordBecauseOfADamagedStore() {
        startWithState(countsOf((key, value, context) -> count(key, counted(key, context) + 1, context)));
        readTimers();
        rig.stores.damage("a bit has rotted");

        rig.send(IN, 1, "a", "y", 2);
        rig.job.drain();

        assertThat(rig.job.metrics().drops()).isEmpty();
        assertThat(rig.latest(COUNTS)).isEqualTo(Map.of("a", 2L, "b", 1L, "c", 1L));
    }

    @Test
    void whatUserCodeMakesOfADamagedStoreIsNotCommitted() {
        startWithState(countsOf((key, value, context) -> {
            long before;
            try {
                before = counted(key, context);
            } catch (RuntimeException e) {
                before = 0;
            }
            count(key, before + 1, context);
        }));
        readTimers();
        rig.stores.damage("a bit has rotted");

        rig.send(IN, 1, "a", "y", 2);
        rig.job.drain();

        assertThat(rig.read(COUNTS)).containsExactly("a=1@1", "b=1@2", "c=1@2", "a=2@2");
        assertThat(rig.job.metrics().attempts()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aDamagedStoreIsRebuiltAtTheStart(boolean afterACrash) {
        startWithState(counts());
        rig.job.stop();
        if (afterACrash) {
            rig.crash();
        }
        rig.stores.damage("a bit has rotted");
        rig.send(IN, 1, "a", "y", 3);

        rig.run(counts()).drain();

        assertThat(rig.job.metrics().attempts()).isEqualTo(1);
        assertThat(rig.latest(COUNTS)).isEqualTo(Map.of("a", 2L, "b", 1L));
    }

    @Test
    void onlyAChecksumIsAReasonToBeginAnew() {
        assertThat(JobFault.of(new DamagedStoreException("rotten")).isFinal()).isFalse();
        assertThat(JobFault.of(new StateStoreException("no space")).isFinal()).isTrue();
    }
}
