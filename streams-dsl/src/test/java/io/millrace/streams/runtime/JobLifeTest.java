package io.millrace.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.streams.JobOptions;
import io.millrace.streams.JobState;
import io.millrace.streams.Topic;
import io.millrace.streams.Topology;
import io.millrace.streams.codec.Codecs;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a job fails, restarts and ends, and what it says of that. */
class JobLifeTest {

    private static final Topic<String, String> IN = Topic.of("in", Codecs.string(), Codecs.string());
    private static final Topic<String, String> OUT =
            Topic.of("out", Codecs.string(), Codecs.string()).config("retention.ms", "-1");

    private int failuresLeft;

    private Topology topology() {
        var job = Topology.define("fails");
        job.stream(IN).mapValues(this::maybeFail).named("weak").to(OUT);
        return job.build();
    }

    private String maybeFail(String value) {
        if (value.equals("boom") && failuresLeft-- > 0) {
            throw new IllegalStateException("not now");
        }
        return value;
    }

    private JobRig running(String restartsWithoutProgress) {
        JobRig rig = new JobRig(JobOptions.DEFAULT.with("restarts.without.progress", restartsWithoutProgress), 3);
        rig.topic("in", 1);
        rig.run(topology());
        return rig;
    }

    @Test
    void tellsItsListenersOfEveryStateAndWhyItFailed() {
        JobRig rig = running("8");
        List<JobState> states = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        rig.job.runtime().listen((before, now) -> {
            states.add(now);
            if (now == JobState.RESTARTING) {
                reasons.add(String.valueOf(rig.job.runtime().fault().getMessage()));
            }
        });
        failuresLeft = 1;
        rig.send(IN, 1, "k", "boom", 10);

        rig.job.drain();
        rig.job.stop();

        assertThat(states)
                .containsExactly(
                        JobState.RESTARTING,
                        JobState.STARTING,
                        JobState.RESTORING,
                        JobState.RUNNING,
                        JobState.STOPPING,
                        JobState.STOPPED);
        assertThat(reasons).hasSize(1);
        assertThat(reasons.get(0)).contains("in-0 offset 0").contains("weak").contains("not now");
        assertThat(rig.read(OUT)).containsExactly("k=boom@10");
    }

    @Test
    void tellsItsListenersInTheirOrderWhenItIsInTheStateWhateverOneOfThemThrows() {
        JobRig rig = running("8");
        List<String> told = new ArrayList<>();
        rig.job.runtime().listen((before, now) -> {
            told.add("first of " + now + " in " + rig.job.state());
            throw new IllegalStateException("a listener of the user");
        });
        rig.job.runtime().listen((before, now) -> told.add("second of " + now));

        rig.job.stop();

        assertThat(told)
                .containsExactly(
                        "first of STOPPING in STOPPING",
                        "second of STOPPING",
                        "first of STOPPED in STOPPED",
                        "second of STOPPED");
    }

    @Test
    void restartsWithGrowingPausesUntilItGivesUp() {
        JobRig rig = running("4");
        failuresLeft = Integer.MAX_VALUE;
        List<Long> failedAtMs = new ArrayList<>();
        rig.job.runtime().listen((before, now) -> {
            if (now == JobState.RESTARTING || now == JobState.FAILED) {
                failedAtMs.add(rig.clock.wallMs());
            }
        });
        rig.send(IN, 1, "k", "boom", 10);

        rig.scheduler.runUntil(() -> rig.job.state().isFinal());

        assertThat(rig.job.state()).isEqualTo(JobState.FAILED);
        assertThat(rig.job.runtime().fault()).hasMessageContaining("in-0 offset 0");
        assertThat(failedAtMs).hasSize(5);
        for (int i = 0; i < 4; i++) {
            assertThat(failedAtMs.get(i + 1) - failedAtMs.get(i))
                    .as("pause %s", i)
                    .isBetween(100L << i, (100L << i) + 50);
        }
    }

    @Test
    void countsAnewOnceItHasCommitted() {
        JobRig rig = running("2");
        for (int round = 0; round < 5; round++) {
            failuresLeft = 2;
            rig.send(IN, 1, "k", "boom", round);
            rig.job.drain();
        }

        assertThat(rig.job.state()).isEqualTo(JobState.RUNNING);
        assertThat(rig.read(OUT)).hasSize(5);
        assertThat(rig.job.metrics().attempts()).isEqualTo(11);
    }
}
