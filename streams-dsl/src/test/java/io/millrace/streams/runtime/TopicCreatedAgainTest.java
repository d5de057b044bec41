package io.millrace.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.CommittedOffset;
import io.millrace.client.NewTopic;
import io.millrace.client.Pending;
import io.millrace.client.TopicPartition;
import io.millrace.kernel.DeterministicScheduler;
import io.millrace.streams.JobOptions;
import io.millrace.streams.JobState;
import io.millrace.streams.Topic;
import io.millrace.streams.Topology;
import io.millrace.streams.codec.Codecs;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An input topic that is deleted and created again is another one: a position in the first means nothing in the second. */
class TopicCreatedAgainTest {

    private static final Topic<String, String> IN = Topic.of("in", Codecs.string(), Codecs.string());
    private static final Topic<String, Long> COUNTS =
            Topic.of("counts", Codecs.string(), Codecs.longs()).config("retention.ms", "-1");
    private static final Topic<String, String> OUT =
            Topic.of("out", Codecs.string(), Codecs.string()).config("retention.ms", "-1");
    private static final TopicPartition IN_0 = new TopicPartition("in", 0);

    private final JobRig rig = new JobRig(JobOptions.DEFAULT, 1);

    private static Topology counts() {
        var job = Topology.define("the-job");
        job.stream(IN).groupByKey().count().named("n").toStream().to(COUNTS);
        return job.build();
    }

    private static Topology copies() {
        var job = Topology.define("the-job");
        job.stream(IN).to(OUT);
        return job.build();
    }

    private void createAndSend(String key, int count) {
        rig.topic("in", 1);
        rig.changeProducer();
        for (int i = 0; i < count; i++) {
            rig.send(IN, 1, key, "v", i);
        }
    }

    private void runOn(Topology topology, int count) {
        createAndSend("old", count);
        rig.run(topology).drain();
    }

    private String failure() {
        rig.scheduler.runUntil(() -> rig.job.state().isFinal());
        assertThat(rig.job.state()).isEqualTo(JobState.FAILED);
        return rig.job.runtime().fault().getMessage();
    }

    private void reset() {
        JobReset reset = new JobReset(rig.client, "the-job", new JobReset.Target.ToStart(), JobReset.Sources.STAY);
        rig.scheduler.runUntil(() -> {
            reset.step();
            return reset.isDone();
        });
    }

    @Test
    void stopsTheJobUntilItIsPutBack() {
        runOn(counts(), 3);
        rig.job.stop();
        rig.await(rig.client.deleteTopic("in"));
        createAndSend("new", 5);

        rig.start(counts());

        assertThat(failure()).contains("in-0").contains("another topic").contains("millrace job reset");
        reset();
        rig.run(counts()).drain();
        assertThat(rig.latest(COUNTS)).containsEntry("new", 5L);
    }

    @Test
    void stopsAJobWhoseGroupStillHasThePositionAsAfterACommitThatCameLate() {
        runOn(copies(), 3);
        rig.job.stop();
        Map<TopicPartition, CommittedOffset> late = rig.await(rig.client.committedOffsets("the-job"));
        rig.await(rig.client.deleteTopic("in"));
        createAndSend("new", 5);
        rig.await(rig.client.commitOffsets("the-job", late));

        rig.start(copies());

        assertThat(failure()).contains("in-0").contains("another topic").contains("millrace job reset");
        reset();
        rig.run(copies()).drain();
        assertThat(rig.read(OUT)).filteredOn(record -> record.startsWith("new")).hasSize(5);
    }

    @Test
    void isForgottenByAResetWhileThereIsNoTopicOfTheName() {
        runOn(copies(), 3);
        rig.job.stop();
        Map<TopicPartition, CommittedOffset> late = rig.await(rig.client.committedOffsets("the-job"));
        rig.await(rig.client.deleteTopic("in"));
        rig.await(rig.client.commitOffsets("the-job", late));
        reset();
        createAndSend("new", 5);

        rig.run(copies()).drain();

        assertThat(rig.read(OUT)).filteredOn(record -> record.startsWith("new")).hasSize(5);
    }

    @Test
    void stopsAJobThatReadsIt() {
        runOn(copies(), 3);

        createAgainWhileTheJobRests();

        assertThat(failure()).contains("in-0").contains("deleted").contains("millrace job reset");
        assertThat(rig.read(OUT)).noneMatch(record -> record.startsWith("new"));
    }

    @Test
    void stopsAJobThatIsAboutToReadIt() {
        runOn(counts(), 3);
        rig.job.stop();
        rig.hook = (point, epoch) -> {
            if (point == EpochPoint.RESTORED) {
                createAgainWhileTheJobRests();
            }
        };

        rig.start(counts());

        assertThat(failure()).contains("in-0").contains("another topic").contains("millrace job reset");
        assertThat(rig.latest(COUNTS)).isEqualTo(Map.of("old", 3L));
    }

    private void createAgainWhileTheJobRests() {
        onTheLogAlone(rig.client.deleteTopic("in"));
        onTheLogAlone(rig.client.createTopic(new NewTopic("in", 1, Map.of("retention.ms", "-1"))));
        rig.changeProducer();
        for (int i = 0; i < 5; i++) {
            rig.sendWhileJobRests(IN, 0, "new", "v", i);
        }
    }

    private <T> void onTheLogAlone(Pending<T> pending) {
        DeterministicScheduler.roundRobin(rig.clock).addAll(rig.node.agents()).runUntil(pending::isDone);
        pending.value();
    }
}
