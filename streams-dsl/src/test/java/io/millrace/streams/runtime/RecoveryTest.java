package io.millrace.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.CommittedOffset;
import io.millrace.client.ErrorCode;
import io.millrace.client.LogException;
import io.millrace.client.Pending;
import io.millrace.client.Producer;
import io.millrace.client.ProducerOptions;
import io.millrace.client.TopicPartition;
import io.millrace.kernel.Signal;
import io.millrace.streams.Aggregates;
import io.millrace.streams.JobOptions;
import io.millrace.streams.JobState;
import io.millrace.streams.Topic;
import io.millrace.streams.Topology;
import io.millrace.streams.codec.Codecs;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** What a job finds at its start, and what it makes of it. */
class RecoveryTest {

    private static final Topic<String, String> IN = Topic.of("in", Codecs.string(), Codecs.string());
    private static final Topic<String, Long> COUNTS =
            Topic.of("counts", Codecs.string(), Codecs.longs()).config("retention.ms", "-1");
    private static final Topic<Integer, Long> LENGTHS =
            Topic.of("lengths", Codecs.ints(), Codecs.longs()).config("retention.ms", "-1");
    private static final TopicPartition IN_0 = new TopicPartition("in", 0);

    private static Topology counts(String name) {
        var job = Topology.define("counts-job");
        job.stream(IN).groupByKey().count().named(name).toStream().to(COUNTS);
        return job.build();
    }

    private static Topology lengths() {
        var job = Topology.define("counts-job");
        job.stream(IN)
                .groupBy((key, value) -> value.length())
                .count()
                .named("n")
                .toStream()
                .to(LENGTHS);
        return job.build();
    }

    private static JobRig stopped(long seed) {
        JobRig rig = new JobRig(JobOptions.DEFAULT.with("state.write.interval.ms", "0"), seed);
        rig.topic("in", 1);
        rig.send(IN, 1, "a", "x", 10);
        rig.send(IN, 1, "a", "y", 20);
        rig.send(IN, 1, "b", "z", 30);
        rig.run(counts("n")).drain();
        rig.job.stop();
        return rig;
    }

    @Test
    void refusesKeysOfAnotherClassAtTheFirstOne() {
        JobRig rig = stopped(21);
        rig.send(IN, 1, "a", "more", 40);

        assertThat(refusal(rig, lengths()))
                .contains("the state of n has keys of java.lang.String, but this key is of java.lang.Integer")
                .contains("state.drop=n");
        assertThat(rig.job.runtime().metrics().attempts()).isEqualTo(1);
    }

    @Test
    void refusesAnAccumulatorOfAnotherClassAtItsStart() {
        JobRig rig = stopped(22);
        var job = Topology.define("counts-job");
        job.stream(IN).groupByKey().aggregate(Aggregates.collecting()).named("n");

        assertThat(refusal(rig, job.build()))
                .contains("the state of n had accumulators of java.lang.Long and now of java.util.ArrayList")
                .contains("state.drop=n");
    }

    @Test
    void deletesStateThatMayBeDroppedByName() {
        JobRig rig = stopped(23);
        JobOptions dropping = JobOptions.DEFAULT.with("state.drop", "n");

        rig.start(counts("other"), dropping);
        rig.send(IN, 1, "a", "more", 40);
        rig.job.drain();
        rig.job.stop();
        assertThat(rig.latest(COUNTS)).isEqualTo(Map.of("a", 1L, "b", 1L));

        rig.start(counts("n"), JobOptions.DEFAULT.with("state.drop", "other,n"));
        rig.send(IN, 1, "b", "more", 50);
        rig.job.drain();
        rig.job.stop();
        rig.crash();
        rig.send(IN, 1, "b", "more", 60);
        rig.start(counts("n"), JobOptions.DEFAULT.with("state.drop", "other,n"));
        rig.job.drain();

        assertThat(rig.latest(COUNTS)).as("nothing of the first n comes back").isEqualTo(Map.of("a", 1L, "b", 2L));
    }

    @Test
    void forgetsTheClassOfTheKeysWithTheState() {
        JobRig rig = stopped(25);
        rig.start(counts("other"), JobOptions.DEFAULT.with("state.drop", "n"));
        rig.send(IN, 1, "a", "more", 40);
        rig.job.drain();
        rig.job.stop();

        rig.start(lengths(), JobOptions.DEFAULT.with("state.drop", "other"));
        rig.send(IN, 1, "a", "word", 50);
        rig.job.drain();

        assertThat(rig.latest(LENGTHS)).isEqualTo(Map.of(4, 1L));
    }

    @Test
    void refusesAKeyOfAnotherClassThanTheKeysBeforeIt() {
        JobRig rig = new JobRig(JobOptions.DEFAULT, 26);
        rig.topic("in", 1);
        rig.send(IN, 1, "a", "x", 10);
        rig.send(IN, 1, "a", "longer", 20);
        var job = Topology.define("counts-job");
        job.stream(IN)
                .groupBy((key, value) -> value.length() > 1 ? (Object) value.length() : value)
                .count()
                .named("n");

        assertThat(refusal(rig, job.build()))
                .contains("the state of n has keys of java.lang.String, but this key is of java.lang.Integer");
    }

    @Test
    void keepsStateThatMayBeDroppedUntilItHasCommittedWithoutIt() {
        JobRig rig = stopped(24);
        rig.hook = (point, epoch) -> {
            if (point == EpochPoint.RESTORED) {
                throw new EpochHook.SimulatedCrash(point, epoch);
            }
        };
        Assertions.assertThatThrownBy(() -> rig.start(counts("other"), JobOptions.DEFAULT.with("state.drop", "n")))
                .isInstanceOf(EpochHook.SimulatedCrash.class);
        rig.hook = EpochHook.NONE;
        rig.crash();
        rig.send(IN, 1, "a", "more", 40);
        rig.run(counts("n")).drain();

        assertThat(rig.latest(COUNTS)).isEqualTo(Map.of("a", 3L, "b", 1L));
    }

    private static String refusal(JobRig rig, Topology topology) {
        rig.start(topology);
        rig.scheduler.runUntil(() -> rig.job.state().isFinal());
        assertThat(rig.job.state()).isEqualTo(JobState.FAILED);
        return rig.job.runtime().fault().getMessage();
    }

    @Test
    void stopsWhenRetentionHasOvertakenIt() {
        JobRig rig = stopped(13);
        rig.send(IN, 1, "c", "z", 40);
        rig.await(rig.client.deleteRecords(IN_0, 4));

        assertThat(refusal(rig, counts("n")))
                .contains("in-0")
                .contains("retention")
                .contains("millrace job reset");
    }

    @Test
    void stopsWhenItsPositionIsOutsideOfTheLog() {
        JobRig rig = stopped(1);
        reset(rig, new JobReset.Target.ToStart());
        rig.await(rig.client.deleteTopic("in"));
        rig.topic("in", 1);
        rig.await(rig.client.commitOffsets(
                "counts-job", Map.of(IN_0, new CommittedOffset(7, -1, StartPositions.RESET_NOTE))));

        assertThat(refusal(rig, counts("n"))).contains("in-0").contains("7").contains("millrace job reset");
    }

    @Test
    void goesOnAfterARestOfWeeks() {
        JobRig rig = stopped(15);
        rig.scheduler.runFor(Duration.ofDays(8));
        rig.crash();
        rig.scheduler.runFor(Duration.ofDays(8));
        rig.send(IN, 1, "b", "z", 40);

        rig.run(counts("n")).drain();

        assertThat(rig.latest(COUNTS)).isEqualTo(Map.of("a", 2L, "b", 2L));
    }

    @Test
    void stopsWhenSomebodyHasMovedItsGroup() {
        JobRig rig = stopped(2);
        rig.await(rig.client.commitOffsets("counts-job", Map.of(IN_0, new CommittedOffset(1))));

        assertThat(refusal(rig, counts("n"))).contains("in-0").contains("millrace job reset");
    }

    @Test
    void stopsWhenItsChangelogIsGone() {
        JobRig rig = stopped(3);
        rig.await(rig.client.deleteTopic("counts-job-changelog"));

        assertThat(refusal(rig, counts("n"))).contains("in-0").contains("millrace job reset");
    }

    @Test
    void rebuildsAStoreThatIsAheadOfTheLog() {
        JobRig rig = stopped(4);
        var position = rig.stores.open(0).position();
        rig.stores
                .open(0)
                .write(
                        List.of(),
                        new io.millrace.store.StorePosition(
                                position.changelogTopicId(), position.changelogOffset() + 1_000, 0, 99));
        rig.send(IN, 1, "a", "more", 40);

        rig.run(counts("n")).drain();

        assertThat(rig.latest(COUNTS)).isEqualTo(Map.of("a", 3L, "b", 1L));
    }

    @Test
    void rebuildsAStoreWithRecordsOfALeaderThatTheLogHasLost() {
        for (int off : List.of(-1, 1)) {
            JobRig rig = stopped(4);
            rig.crash();
            rig.send(IN, 1, "b", "more", 35);
            rig.run(counts("n")).drain();
            rig.job.stop();
            var distrusted = rig.stores.open(0);
            var position = distrusted.position();
            assertThat(position.leaderEpoch()).as("of the second life").isPositive();
            distrusted.write(
                    List.of(),
                    new io.millrace.store.StorePosition(
                            position.changelogTopicId(), position.changelogOffset(), position.leaderEpoch() + off, 99));
            rig.send(IN, 1, "a", "more", 40);

            rig.run(counts("n")).drain();

            assertThat(rig.stores.open(0)).as("leader epoch off by %s", off).isNotSameAs(distrusted);
            assertThat(rig.latest(COUNTS)).isEqualTo(Map.of("a", 3L, "b", 2L));
        }
    }

    @Test
    void keepsAStoreOverRestartsOfTheNode() {
        JobRig rig = stopped(15);
        var kept = rig.stores.open(0);
        for (int life = 0; life < 3; life++) {
            rig.crash();
            rig.send(IN, 1, "a", "more", 40);
            rig.run(counts("n")).drain();
            assertThat(rig.stores.open(0)).isSameAs(kept);
        }

        assertThat(rig.latest(COUNTS)).isEqualTo(Map.of("a", 5L, "b", 1L));
    }

    @Test
    void refusesATopologyThatWouldOrphanItsState() {
        JobRig rig = stopped(5);

        assertThat(refusal(rig, counts("other"))).contains("n");
    }

    @Test
    void isTheOnlyMemberOfItsGroupWhileItRuns() {
        JobRig rig = stopped(6);
        rig.run(counts("n"));

        Pending<Void> moved = rig.client.commitOffsets("counts-job", Map.of(IN_0, new CommittedOffset(0)));
        rig.scheduler.runUntil(moved::isDone);

        assertThat(moved.isFailed()).isTrue();
    }

    @Test
    void stopsWhenANewerProducerHasFencedIt() {
        JobRig rig = stopped(7);
        rig.run(counts("n"));
        Producer newer = rig.client.openProducer(ProducerOptions.transactional("counts-job"));
        rig.await(newer.ready());
        rig.send(IN, 1, "a", "x", 50);

        rig.scheduler.runUntil(() -> rig.job.state().isFinal());

        assertThat(rig.job.state()).isEqualTo(JobState.FAILED);
        assertThat(rig.latest(COUNTS)).isEqualTo(Map.of("a", 2L, "b", 1L));
    }

    @Test
    void beginsAnewAfterTheLogHasGivenUpItsTransaction() {
        JobRig rig = stopped(14);
        rig.run(counts("n"));
        rig.hook = (point, epoch) -> {
            if (point == EpochPoint.OUTPUT_APPENDED) {
                rig.scheduler.remove(rig.job.runtime().ioAgent());
            }
        };
        rig.send(IN, 1, "a", "x", 50);
        rig.scheduler.runFor(Duration.ofSeconds(90));
        rig.hook = EpochHook.NONE;
        rig.scheduler.add(rig.job.runtime().ioAgent());

        rig.job.drain();

        assertThat(rig.job.metrics().attempts()).isEqualTo(2);
        assertThat(rig.latest(COUNTS)).isEqualTo(Map.of("a", 3L, "b", 1L));
    }

    @Test
    void beginsAgainFromTheStartAfterAReset() {
        JobRig rig = stopped(8);

        reset(rig, new JobReset.Target.ToStart());
        rig.run(counts("n")).drain();

        assertThat(rig.latest(COUNTS)).isEqualTo(Map.of("a", 2L, "b", 1L));
        assertThat(rig.read(COUNTS)).hasSize(4);
    }

    @Test
    void beginsAgainAtATimeAfterAReset() {
        JobRig rig = stopped(9);

        reset(rig, new JobReset.Target.ToTime(15));
        rig.run(counts("n")).drain();

        assertThat(rig.latest(COUNTS)).isEqualTo(Map.of("a", 1L, "b", 1L));
    }

    @Test
    void cannotBeResetWhileItRuns() {
        JobRig rig = stopped(10);
        rig.run(counts("n"));

        Assertions.assertThatThrownBy(() -> reset(rig, new JobReset.Target.ToStart()))
                .isInstanceOf(LogException.class)
                .extracting(refused -> ((LogException) refused).error())
                .isEqualTo(ErrorCode.NON_EMPTY_GROUP);
    }

    private static void reset(JobRig rig, JobReset.Target target) {
        JobReset reset = new JobReset(rig.client, "counts-job", target, JobReset.Sources.STAY);
        rig.scheduler.runUntil(() -> {
            reset.step();
            return reset.isDone();
        });
    }

    @Test
    void answersPointQueriesFromWhatIsCommitted() {
        JobRig rig = stopped(11);
        rig.run(counts("n"));

        assertThat(rig.await(rig.job.runtime().query(Signal.NONE, "n", "a", 0))).isEqualTo(2L);
        assertThat(rig.await(rig.job.runtime().query(Signal.NONE, "n", "nobody", 0)))
                .isNull();
    }

    @Test
    void showsAllShardsAtOneEpoch() {
        JobRig rig = stopped(12);
        rig.run(counts("n"));
        StringBuilder seen = new StringBuilder();

        try (JobView view = rig.await(rig.job.runtime().view(Signal.NONE))) {
            view.forEach("n", (key, start, value) -> {
                seen.append(key).append('=').append(value).append(' ');
                return true;
            });
        }

        assertThat(seen.toString()).isEqualTo("a=2 b=1 ");
    }

    private static final Topic<String, String> ROWS = Topic.of("rows", Codecs.string(), Codecs.string());
    private static final Topic<String, String> PASSED_ON =
            Topic.of("passed-on", Codecs.string(), Codecs.string()).config("retention.ms", "-1");
    private static final Topic<String, String> JOINED =
            Topic.of("joined", Codecs.string(), Codecs.string()).config("retention.ms", "-1");

    private static Topology tableThatIs(boolean passedOn, boolean joined) {
        var job = Topology.define("table-job");
        var in = job.stream(IN);
        in.groupByKey().count().named("n").toStream().to(COUNTS);
        if (passedOn || joined) {
            var table = job.table(ROWS);
            if (passedOn) {
                table.toStream().to(PASSED_ON);
            }
            if (joined) {
                in.join(table, (value, row) -> value + "+" + row).to(JOINED);
            }
        }
        return job.build();
    }

    private static JobRig ranWithATableThatIs(boolean passedOn, long seed) {
        JobRig rig = new JobRig(JobOptions.DEFAULT, seed);
        rig.topic("in", 1);
        rig.topic("rows", 1);
        rig.send(ROWS, 1, "a", "row", 1);
        rig.run(tableThatIs(passedOn, false)).drain();
        rig.job.stop();
        return rig;
    }

    @Test
    void refusesToKeepRowsOfATableThatItHasReadWithoutKeepingThem() {
        JobRig rig = ranWithATableThatIs(true, 6);

        assertThat(refusal(rig, tableThatIs(true, true)))
                .contains("rows-0")
                .contains("would begin to keep the rows")
                .contains("millrace job reset");
    }

    @Test
    void fillsATableThatIsNewToItFromItsTopic() {
        JobRig rig = ranWithATableThatIs(false, 7);

        rig.run(tableThatIs(false, true)).drain();
        rig.send(IN, 1, "a", "x", 2);
        rig.job.drain();

        assertThat(rig.read(JOINED)).containsExactly("a=x+row@2");
    }
}
