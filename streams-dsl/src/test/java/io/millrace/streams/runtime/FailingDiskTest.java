package io.millrace.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.kernel.Agent;
import io.millrace.streams.JobOptions;
import io.millrace.streams.JobState;
import io.millrace.streams.Topic;
import io.millrace.streams.Topology;
import io.millrace.streams.codec.Codecs;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The disk gives up under a running job: it says so and ends, and never waits for ever. */
class FailingDiskTest {

    private static final Topic<String, String> IN = Topic.of("in", Codecs.string(), Codecs.string());
    private static final Topic<String, Long> COUNTS =
            Topic.of("counts", Codecs.string(), Codecs.longs()).config("retention.ms", "-1");
    private static final int STEPS_MAX = 5_000;

    private static Topology counts() {
        var job = Topology.define("job");
        job.stream(IN).groupByKey().count().toStream().to(COUNTS);
        return job.build();
    }

    @Test
    void endsAJobWhoseStateCannotBeFlushed() {
        JobRig rig = new JobRig(JobOptions.DEFAULT.with("state.write.interval.ms", "0"), 1);
        rig.topic("in", 1);
        rig.run(counts());
        rig.stores.failFlushes("No space left on device");

        rig.send(IN, 1, "a", "x", 1);
        rig.scheduler.runFor(Duration.ofMinutes(1));

        assertThat(rig.job.state()).isEqualTo(JobState.FAILED);
        assertThat(rig.job.runtime().fault()).hasMessageContaining("No space left on device");
        assertThat(rig.latest(COUNTS)).isEqualTo(Map.of("a", 1L));
    }

    /** @param logSteps done between the question for the decision and the failure */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void endsAJobWhoseCommitTheLogDoesNotFinish(int logSteps) throws Exception {
        JobRig rig = new JobRig(JobOptions.DEFAULT, 1);
        rig.topic("in", 1);
        rig.run(counts());
        boolean[] isAsked = {false};
        boolean[] isDone = {false};
        rig.hook = (point, epoch) -> {
            isAsked[0] |= point == EpochPoint.DECISION_ASKED;
            isDone[0] |= point == EpochPoint.MARKERS_DONE;
        };
        rig.sendWhileJobRests(IN, 0, "a", "x", 1);
        rig.clock.advance(Duration.ofSeconds(1));
        List<Agent> log = rig.node.agents();
        for (int i = 0; i < STEPS_MAX && !isAsked[0]; i++) {
            for (Agent agent : rig.job.runtime().agents()) {
                agent.step();
            }
            for (int j = 0; j < log.size() && !isAsked[0]; j++) {
                log.get(j).step();
            }
        }
        assertThat(isAsked[0]).as("the decision is asked for").isTrue();
        for (int i = 0; i < logSteps; i++) {
            log.get(i % log.size()).step();
        }

        rig.storage.fail("the sync of some other file failed: EIO");
        rig.scheduler.runFor(Duration.ofMinutes(10));

        if (!isDone[0]) {
            assertThat(rig.job.state()).isEqualTo(JobState.FAILED);
            assertThat(rig.job.runtime().fault()).isNotNull();
        }
        rig.job.stop();
        assertThat(rig.job.state().isFinal()).isTrue();
    }

    @Test
    void endsAJobWhoseAgentBreaks() {
        JobRig rig = new JobRig(JobOptions.DEFAULT.with("state.write.interval.ms", "0"), 1);
        rig.topic("in", 1);
        rig.run(counts());
        rig.hook = (point, epoch) -> {
            if (point == EpochPoint.SLICE_WRITTEN) {
                throw new OutOfMemoryError("planned");
            }
        };

        assertThatThrownBy(() -> {
                    rig.send(IN, 1, "a", "x", 1);
                    rig.scheduler.runFor(Duration.ofMinutes(1));
                })
                .isInstanceOf(OutOfMemoryError.class);
        rig.job.runtime().stopped(rig.job.runtime().storeAgent(), new OutOfMemoryError("planned"));
        rig.scheduler.runFor(Duration.ofMinutes(1));

        assertThat(rig.job.state()).isEqualTo(JobState.FAILED);
        assertThat(rig.job.runtime().fault()).hasMessageContaining("store-job has stopped");
    }
}
