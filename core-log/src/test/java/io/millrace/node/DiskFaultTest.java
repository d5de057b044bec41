package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.Appended;
import io.millrace.client.CommittedOffset;
import io.millrace.client.ErrorCode;
import io.millrace.client.NewTopic;
import io.millrace.client.Pending;
import io.millrace.client.Producer;
import io.millrace.client.ProducerOptions;
import io.millrace.client.Records;
import io.millrace.client.TopicPartition;
import io.millrace.client.Transaction;
import io.millrace.kernel.Agent;
import io.millrace.kernel.ManualClock;
import io.millrace.log.FaultyLogStorage;
import io.millrace.log.FaultyLogStorage.Effect;
import io.millrace.log.FaultyLogStorage.Operation;
import io.millrace.log.MemoryLogStorage;
import io.millrace.log.OffsetCheckpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** After an error of the disk nothing is acknowledged or decided any more, and nobody waits for ever (S6). */
final class DiskFaultTest {

    private static final TopicPartition T0 = new TopicPartition("t", 0);
    private static final TopicPartition U0 = new TopicPartition("u", 0);

    private final ManualClock clock = new ManualClock(SteppedLog.START_MS);
    private final FaultyLogStorage storage = new FaultyLogStorage(new MemoryLogStorage());
    private final SteppedLog log = new SteppedLog(1, storage, NodeConfig.DEFAULT, clock);

    private Producer open(ProducerOptions options) {
        Producer producer = log.client().openProducer(options);
        log.answer(producer.ready());
        return producer;
    }

    @Test
    void acknowledgesNothingThatStillWaitedForItsSyncWhenAWriteFailed() throws Exception {
        log.answer(log.client().createTopic(new NewTopic("t", 1)));
        log.answer(log.client().createTopic(new NewTopic("u", 1)));
        Producer producer = open(ProducerOptions.idempotent());
        log.answer(producer.append(T0, Records.batch("first")));
        log.settle();
        Agent logAgent = log.node().agents().get(0);

        producer.append(U0, Records.batch("its sync is under way"));
        logAgent.step();
        Pending<Appended> waiting = producer.append(T0, Records.batch("written, not synced"));
        logAgent.step();
        storage.failAt(Operation.WRITE, 1, Effect.IO_ERROR);
        Pending<Appended> failed = producer.append(T0, Records.batch("not written"));
        logAgent.step();

        assertThat(log.refusal(failed)).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(log.refusal(waiting)).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(log.node().failure()).isPresent();
    }

    @Test
    void decidesNoCommitOverDataThatWasNotSyncedWhenAWriteFailed() {
        log.answer(log.client().createTopic(new NewTopic("t", 1)));
        Producer other = open(ProducerOptions.idempotent());
        Transaction transaction = open(ProducerOptions.transactional("tx")).begin();
        log.answer(transaction.append(T0, Records.batch("data")));
        storage.failAt(Operation.WRITE, 1, Effect.IO_ERROR);
        assertThat(log.refusal(other.append(T0, Records.batch("not written"))))
                .isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);

        assertThat(log.refusal(transaction.commit())).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(log.refusal(transaction.completed())).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
    }

    @Test
    void takesNothingMoreOnceTheMetadataCouldNotBeWritten() {
        log.answer(log.client().createTopic(new NewTopic("t", 1)));
        Producer producer = open(ProducerOptions.idempotent());
        log.answer(producer.append(T0, Records.batch("before")));
        storage.failOn(Operation.WRITE, MetadataFile.FILE, Effect.IO_ERROR);

        assertThat(log.refusal(log.client().createTopic(new NewTopic("u", 1))))
                .isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);

        storage.heal();
        assertThat(log.node().failure())
                .hasValueSatisfying(why -> assertThat(why).contains(MetadataFile.FILE));
        assertThat(log.refusal(producer.append(T0, Records.batch("after")))).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(log.refusal(log.client().createTopic(new NewTopic("u", 1))))
                .isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        log.close();
        assertThat(storage.exists(".kafka_cleanshutdown")).isFalse();
    }

    @Test
    void takesNothingMoreOnceACheckpointCouldNotBeWritten() {
        log.answer(log.client().createTopic(new NewTopic("t", 1)));
        Producer producer = open(ProducerOptions.idempotent());
        log.answer(producer.append(T0, Records.batch("before")));
        storage.failOn(Operation.MOVE, OffsetCheckpoint.RECOVERY_POINTS, Effect.IO_ERROR);

        log.passTime(NodeConfig.DEFAULT.maintenanceInterval().plusSeconds(1));

        storage.heal();
        assertThat(log.node().failure())
                .hasValueSatisfying(why -> assertThat(why).contains(OffsetCheckpoint.RECOVERY_POINTS));
        assertThat(log.refusal(producer.append(T0, Records.batch("after")))).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
    }

    @Test
    void keepsThePositionsInATopicWhoseDeletionIsRefused() {
        log.answer(log.client().createTopic(new NewTopic("t", 1)));
        log.answer(log.client().commitOffsets("group", Map.of(T0, new CommittedOffset(7))));
        storage.failOn(Operation.WRITE, MetadataFile.FILE, Effect.NO_SPACE);

        assertThat(log.refusal(log.client().deleteTopic("t"))).isEqualTo(ErrorCode.THROTTLING_QUOTA_EXCEEDED);

        assertThat(log.answer(log.client().committedOffsets("group"))).containsOnlyKeys(T0);
        storage.heal();
        log.answer(log.client().deleteTopic("t"));
        assertThat(log.answer(log.client().committedOffsets("group"))).isEmpty();
    }

    @Test
    void endsWithoutAWordOfACleanEndIfTheDiskHasNoRoomForIt() {
        log.answer(log.client().createTopic(new NewTopic("t", 1)));
        log.answer(open(ProducerOptions.idempotent()).append(T0, Records.batch("kept")));
        storage.failOn(Operation.WRITE, ".kafka_cleanshutdown", Effect.NO_SPACE);

        log.close();

        assertThat(storage.exists(".kafka_cleanshutdown")).isFalse();
        storage.heal();
        try (SteppedLog next = new SteppedLog(2, storage, NodeConfig.DEFAULT, clock)) {
            assertThat(Records.committed(next.client(), T0)).containsExactly("kept");
        }
    }

    @Test
    void goesOnAfterAFullDiskHasRefusedTheMetadataOrACheckpoint() {
        log.answer(log.client().createTopic(new NewTopic("t", 1)));
        Producer producer = open(ProducerOptions.idempotent());
        log.answer(producer.append(T0, Records.batch("before")));
        storage.failOn(Operation.WRITE, MetadataFile.FILE, Effect.NO_SPACE);
        storage.failOn(Operation.WRITE, OffsetCheckpoint.RECOVERY_POINTS, Effect.NO_SPACE);

        assertThat(log.refusal(log.client().createTopic(new NewTopic("u", 1))))
                .isEqualTo(ErrorCode.THROTTLING_QUOTA_EXCEEDED);
        log.passTime(NodeConfig.DEFAULT.maintenanceInterval().plusSeconds(1));

        storage.heal();
        log.passTime(NodeConfig.DEFAULT.maintenanceInterval().plusSeconds(1));
        assertThat(log.node().failure()).isEmpty();
        log.answer(producer.append(T0, Records.batch("after")));
        log.answer(log.client().createTopic(new NewTopic("u", 1)));
    }

    @Test
    void deletedDirectoriesThatCannotBeListedGoInALaterRound() {
        log.answer(log.client().createTopic(new NewTopic("t", 1)));
        log.answer(open(ProducerOptions.idempotent()).append(T0, Records.batch("gone")));
        log.answer(log.client().deleteTopic("t"));
        storage.failOn(Operation.LIST, "", Effect.IO_ERROR);

        log.passTime(NodeConfig.DEFAULT.maintenanceInterval().plusSeconds(1));

        storage.heal();
        assertThat(storage.list("")).anyMatch(DeletedDirectories::isDeleted);
        log.passTime(NodeConfig.DEFAULT.maintenanceInterval().plusSeconds(1));
        assertThat(storage.list("")).noneMatch(DeletedDirectories::isDeleted);
        assertThat(log.node().failure()).isEmpty();
    }

    /** The disk fails at any moment after a commit was asked for: both questions are answered, whatever the answer. */
    @Test
    void answersACommitWheneverTheDiskFails() {
        boolean completed = false;
        for (int steps = 0; !completed; steps++) {
            FaultyLogStorage failing = new FaultyLogStorage(new MemoryLogStorage());
            SteppedLog victim = new SteppedLog(steps, failing, NodeConfig.DEFAULT, clock);
            victim.answer(victim.client().createTopic(new NewTopic("t", 1)));
            Producer producer = victim.client().openProducer(ProducerOptions.transactional("tx"));
            victim.answer(producer.ready());
            Transaction transaction = producer.begin();
            victim.answer(transaction.append(T0, Records.batch("a")));
            Pending<Void> decided = transaction.commit();
            for (int i = 0; i < steps; i++) {
                victim.scheduler().stepOne();
            }
            completed = transaction.completed().isDone();
            failing.fail("the disk died");

            victim.until(decided::isDone);
            victim.until(transaction.completed()::isDone);
        }
    }

    @Test
    void aFullDiskAtAnIndexEndsNoNode() {
        log.answer(log.client().createTopic(new NewTopic("t", 1, Map.of("index.interval.bytes", "0"))));
        Producer producer = open(ProducerOptions.idempotent());
        log.answer(producer.append(T0, Records.batch("first")));
        List<Pending<Appended>> appends = new ArrayList<>();
        for (int i = 0; i < 900; i++) {
            appends.add(producer.append(T0, Records.batch("v" + i)));
        }
        storage.failAt(Operation.WRITE, 3, Effect.NO_SPACE);
        List<String> acknowledged = new ArrayList<>(List.of("first"));
        for (int i = 0; i < 900; i++) {
            Pending<Appended> append = appends.get(i);
            log.until(append::isDone);
            if (!append.isFailed()) {
                acknowledged.add("v" + i);
            }
        }

        assertThat(Records.committed(log.client(), T0)).isEqualTo(acknowledged);
        log.close();
        try (SteppedLog next = new SteppedLog(2, storage, NodeConfig.DEFAULT, clock)) {
            assertThat(Records.committed(next.client(), T0)).isEqualTo(acknowledged);
        }
    }
}
