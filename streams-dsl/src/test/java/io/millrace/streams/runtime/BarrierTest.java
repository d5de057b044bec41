package io.millrace.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.kernel.Agent;
import io.millrace.streams.JobOptions;
import io.millrace.streams.Processor;
import io.millrace.streams.ProcessorContext;
import io.millrace.streams.Topic;
import io.millrace.streams.Topology;
import io.millrace.streams.codec.Codecs;
import io.millrace.streams.runtime.EpochHook.SimulatedCrash;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** A barrier that is through some fragments of a lane and not yet through others: nothing slips from one epoch into the other. */
class BarrierTest {

    private static final Topic<String, String> IN = Topic.of("in", Codecs.string(), Codecs.string());
    private static final Topic<String, Long> COUNTS =
            Topic.of("counts", Codecs.string(), Codecs.longs()).config("retention.ms", "-1");
    private static final int STEPS_MAX = 10_000;
    private static final int KEYS = 10;

    private final JobRig rig = new JobRig(JobOptions.DEFAULT.withLanes(2), 1);
    private long barrierEpoch;

    /** Counts each key under another name as soon as a wait that the value says, in ms, is over. */
    private static final class Late implements Processor<String, String, String, String> {
        @Override
        public void process(String key, String value, ProcessorContext<String, String> context) {
            context.setWallClockTimer(key, context.wallClockMs() + Integer.parseInt(value));
        }

        @Override
        public void onTimer(Object key, long timeMs, boolean eventTime, ProcessorContext<String, String> context)
                throws Exception {
            context.forward("late-" + key, "", 77);
        }
    }

    /** Steps the log and the I/O agent, not the lanes, until a barrier is with the lanes. */
    private void awaitBarrier() throws Exception {
        rig.hook = (point, epoch) -> {
            if (point == EpochPoint.BARRIER_SENT) {
                barrierEpoch = epoch;
            }
        };
        rig.clock.advance(Duration.ofSeconds(1));
        for (int i = 0; i < STEPS_MAX && barrierEpoch == 0; i++) {
            for (Agent agent : rig.node.agents()) {
                agent.step();
            }
            rig.job.runtime().ioAgent().step();
        }
        assertThat(barrierEpoch).as("a barrier").isPositive();
    }

    private void step(int lane) throws Exception {
        rig.job.runtime().laneAgents().get(lane).step();
    }

    /** Power fails when the epoch of the barrier is committed; then the job starts again and does what is left. */
    private void crashBehindBarrier(Topology topology) {
        long awaited = barrierEpoch;
        rig.hook = (point, epoch) -> {
            if (point == EpochPoint.MARKERS_DONE && epoch == awaited) {
                throw new SimulatedCrash(point, epoch);
            }
        };
        Assertions.assertThatThrownBy(() -> rig.scheduler.runFor(Duration.ofMinutes(1)))
                .isInstanceOf(SimulatedCrash.class);
        rig.hook = EpochHook.NONE;
        rig.crash();
        rig.run(topology).drain();
        rig.scheduler.runFor(Duration.ofMinutes(10));
        rig.job.drain();
    }

    @Test
    void losesNoTimerThatIsDueWhileItWaitsForAnotherLane() throws Exception {
        rig.topic("in", 4);
        var job = Topology.define("late");
        job.stream(IN)
                .process(Late::new)
                .groupBy((key, value) -> key)
                .count()
                .toStream()
                .to(COUNTS);
        Topology topology = job.build();
        rig.run(topology);
        Map<String, Long> expected = new TreeMap<>();
        for (int i = 0; i < KEYS; i++) {
            rig.sendTo(IN, 0, "k" + i, "100000", i);
            expected.put("late-k" + i, 1L);
        }
        rig.job.drain();
        rig.sendWhileJobRests(IN, 0, "far", "90000000", 50);
        awaitBarrier();

        step(0);
        rig.clock.advance(Duration.ofMinutes(2));
        step(0);
        crashBehindBarrier(topology);

        assertThat(rig.latest(COUNTS)).isEqualTo(expected);
    }

    @Test
    void letsNothingOfTheNextEpochInWhileItWaitsForATopic() throws Exception {
        rig.topic("in", 2);
        var job = Topology.define("found");
        var in = job.stream(IN);
        in.filter((key, value) -> value.startsWith("to-")).to((key, value) -> value, Codecs.string(), Codecs.string());
        in.filter((key, value) -> !value.startsWith("to-"))
                .groupBy((key, value) -> key)
                .count()
                .toStream()
                .to(COUNTS);
        Topology topology = job.build();
        rig.run(topology);
        rig.sendTo(IN, 1, "w", "x", 1);
        rig.job.drain();
        Map<String, Long> expected = new TreeMap<>(Map.of("w", 1L));
        rig.sendWhileJobRests(IN, 0, "r", "to-unknown", 2);
        awaitBarrier();

        for (int lane : List.of(1, 0, 1, 0)) {
            step(lane);
        }
        for (int i = 0; i < KEYS; i++) {
            rig.sendWhileJobRests(IN, 1, "w" + i, "x", 10 + i);
            expected.put("w" + i, 1L);
        }
        for (int i = 0; i < 20; i++) {
            rig.job.runtime().ioAgent().step();
            step(1);
            step(0);
        }
        crashBehindBarrier(topology);

        assertThat(rig.latest(COUNTS)).isEqualTo(expected);
    }
}
