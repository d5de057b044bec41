package io.millrace.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.streams.ErrorPolicy;
import io.millrace.streams.JobOptions;
import io.millrace.streams.JobState;
import io.millrace.streams.Topic;
import io.millrace.streams.Topology;
import io.millrace.streams.codec.Codecs;
import org.junit.jupiter.api.Test;

/** Records that go nowhere: a policy that is not {@code fail} keeps the job running whatever the record is like. */
class ErrorPolicyTest {

    private static final Topic<String, String> IN = Topic.of("in", Codecs.string(), Codecs.string());
    private static final Topic<String, String> OUT =
            Topic.of("out", Codecs.string(), Codecs.string()).config("retention.ms", "-1");
    private static final Topic<String, String> CHOSEN = Topic.of("chosen", Codecs.string(), Codecs.string());
    private static final Topic<String, String> DEAD = Topic.of("dead", Codecs.string(), Codecs.string());

    /** Just fits into a batch of the default max.message.bytes. */
    private static final String LARGEST = "x".repeat((1 << 20) - 100);

    /** A topic that the job creates keeps its records for a week. */
    private static final long NOW_MS = 1_700_000_000_000L;

    @Test
    void cutsADeadLetterThatItsTopicDoesNotTakeWhole() {
        JobRig rig = new JobRig(JobOptions.DEFAULT, 1);
        rig.topic("in", 1);
        rig.topic("dead", 1);
        rig.send(IN, 1, "a", "ok", 1);
        rig.send(IN, 1, "b", LARGEST, 2);
        rig.send(IN, 1, "c", "ok", 3);
        var job = Topology.define("job").onError(ErrorPolicy.deadLetter("dead"));
        job.stream(IN)
                .mapValues(value -> {
                    if (value.equals(LARGEST)) {
                        throw new IllegalArgumentException("no more than " + value);
                    }
                    return value;
                })
                .to(OUT);

        rig.run(job.build()).drain();

        assertThat(rig.job.state()).isEqualTo(JobState.RUNNING);
        assertThat(rig.read(OUT)).containsExactly("a=ok@1", "c=ok@3");
        assertThat(rig.read(DEAD)).containsExactly("b=null@2");
    }

    @Test
    void dropsARecordThatIsTooLargeThoughItsTopicWasNotKnownWhenItCame() {
        JobRig rig = new JobRig(JobOptions.DEFAULT, 2);
        rig.topic("in", 1);
        rig.send(IN, 1, "b", "twice", 2);
        rig.send(IN, 1, "c", "ok", NOW_MS);
        var job = Topology.define("job").onProductionError(ErrorPolicy.drop());
        job.stream(IN)
                .mapValues(value -> value.equals("twice") ? LARGEST + LARGEST : value)
                .to((key, value) -> "chosen", Codecs.string(), Codecs.string());

        rig.run(job.build()).drain();

        assertThat(rig.job.state()).isEqualTo(JobState.RUNNING);
        assertThat(rig.read(CHOSEN)).containsExactly("c=ok@" + NOW_MS);
    }
}
