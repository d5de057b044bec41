package io.millrace.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.TopicPartition;
import io.millrace.streams.DropReason;
import io.millrace.streams.ErrorPolicy;
import io.millrace.streams.JobOptions;
import io.millrace.streams.JobState;
import io.millrace.streams.Topic;
import io.millrace.streams.Topology;
import io.millrace.streams.codec.Codecs;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A job without state: topic to topic, exactly once. */
class StatelessJobTest {

    private static final Topic<String, String> IN = Topic.of("in", Codecs.string(), Codecs.string());
    private static final Topic<String, Integer> OUT =
            Topic.of("out", Codecs.string(), Codecs.ints()).config("retention.ms", "-1");
    private static final Topic<String, Integer> NUMBERS = Topic.of("in", Codecs.string(), Codecs.ints());

    private static Topology lengths() {
        var job = Topology.define("lengths");
        job.stream(IN)
                .filter((key, value) -> !value.isEmpty())
                .mapValues(value -> value.length())
                .to(OUT);
        return job.build();
    }

    @Test
    void mapsWhatStandsInATopicIntoAnother() {
        JobRig rig = new JobRig(JobOptions.DEFAULT, 1);
        rig.topic("in", 1);
        rig.send(IN, 1, "a", "one", 10);
        rig.send(IN, 1, "b", "", 20);
        rig.send(IN, 1, "c", "three", 30);

        rig.run(lengths()).drain();

        assertThat(rig.read(OUT)).containsExactly("a=3@10", "c=5@30");
        assertThat(rig.await(rig.client.committedOffsets("lengths"))
                        .get(new TopicPartition("in", 0))
                        .offset())
                .isEqualTo(3);
    }

    @Test
    void goesOnWhereTheLastRunStopped() {
        JobRig rig = new JobRig(JobOptions.DEFAULT, 2);
        rig.topic("in", 1);
        rig.send(IN, 1, "a", "one", 10);
        rig.run(lengths()).drain();
        rig.job.stop();
        rig.send(IN, 1, "b", "four", 20);

        rig.run(lengths()).drain();

        assertThat(rig.read(OUT)).containsExactly("a=3@10", "b=4@20");
    }

    @Test
    void goesOnWhereTheLastRunStoppedHoweverLongAgo() {
        JobRig rig = new JobRig(JobOptions.DEFAULT, 8);
        rig.topic("in", 1);
        rig.send(IN, 1, "a", "one", 10);
        rig.run(lengths()).drain();
        rig.job.stop();
        rig.scheduler.runFor(Duration.ofDays(8));
        rig.send(IN, 1, "b", "four", 20);

        rig.run(lengths()).drain();

        assertThat(rig.read(OUT)).containsExactly("a=3@10", "b=4@20");
    }

    @Test
    void takesWhatComesWhileItRuns() {
        JobRig rig = new JobRig(JobOptions.DEFAULT, 3);
        rig.topic("in", 2);
        rig.run(lengths());
        for (int i = 0; i < 20; i++) {
            rig.sendTo(IN, i % 2, "k" + i, "v".repeat(i + 1), i);
        }

        rig.job.drain();

        assertThat(rig.latest(OUT)).hasSize(20).containsEntry("k7", 8);
    }

    @Test
    void restartsFromTheLastCommitAndStopsNamingTheRecordThatCannotBeProcessed() {
        JobRig rig = new JobRig(JobOptions.DEFAULT, 4);
        rig.topic("in", 1);
        rig.send(IN, 1, "a", "one", 10);
        rig.send(IN, 1, "b", "bad", 20);
        var job = Topology.define("fragile");
        job.stream(IN)
                .mapValues(value -> {
                    if (value.equals("bad")) {
                        throw new IllegalArgumentException("no " + value);
                    }
                    return value.length();
                })
                .to(OUT);

        rig.start(job.build());
        rig.scheduler.runUntil(() -> rig.job.state().isFinal());

        assertThat(rig.job.state()).isEqualTo(JobState.FAILED);
        assertThat(rig.job.runtime().fault())
                .hasMessageContaining("in-0 offset 1")
                .hasMessageContaining("no bad");
        assertThat(rig.read(OUT)).isEmpty();
        assertThat(rig.job.metrics().attempts()).isGreaterThan(2);
    }

    @Test
    void leavesOutWhatCannotBeDecodedAndCountsIt() {
        JobRig rig = new JobRig(JobOptions.DEFAULT, 5);
        rig.topic("in", 1);
        rig.sendRaw(new TopicPartition("in", 0), bytes("a"), bytes("not four bytes"), 10);
        rig.send(NUMBERS, 1, "b", 7, 20);
        var job = Topology.define("numbers").onDeserializationError(ErrorPolicy.drop());
        job.stream(NUMBERS).to(OUT);

        rig.run(job.build()).drain();

        assertThat(rig.read(OUT)).containsExactly("b=7@20");
        assertThat(rig.job.metrics().drops().values()).containsExactly(Map.of(DropReason.DESERIALIZATION, 1L));
    }

    @Test
    void writesWhatCannotBeProcessedToTheDeadLetterTopicInTheSameEpoch() {
        JobRig rig = new JobRig(JobOptions.DEFAULT, 6);
        rig.topic("in", 1);
        rig.send(IN, 1, "a", "x", 10);
        rig.send(IN, 1, "b", "three", 20);
        var job = Topology.define("letters").onProcessingError(ErrorPolicy.deadLetter("dead"));
        job.stream(IN).mapValues(value -> value.length() / (value.length() - 1)).to(OUT);

        rig.run(job.build()).drain();

        assertThat(rig.read(OUT)).containsExactly("b=1@20");
        assertThat(rig.read(Topic.of("dead", Codecs.string(), Codecs.string()))).containsExactly("a=x@10");
    }

    @Test
    void findsTopicsThatASinkChoosesByRecord() {
        JobRig rig = new JobRig(JobOptions.DEFAULT, 7);
        rig.topic("in", 1);
        rig.send(IN, 1, "a", "red", 10);
        rig.send(IN, 1, "b", "blue", 20);
        rig.send(IN, 1, "c", "red", 30);
        var job = Topology.define("colours");
        job.stream(IN).to((key, value) -> "colour-" + value, Codecs.string(), Codecs.string());

        rig.run(job.build()).drain();

        assertThat(rig.read(Topic.of("colour-red", Codecs.string(), Codecs.string())))
                .containsExactly("a=red@10", "c=red@30");
        assertThat(rig.read(Topic.of("colour-blue", Codecs.string(), Codecs.string())))
                .containsExactly("b=blue@20");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
