package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.Appended;
import io.millrace.client.CommittedOffset;
import io.millrace.client.ErrorCode;
import io.millrace.client.IsolationLevel;
import io.millrace.client.LogEnds;
import io.millrace.client.NewTopic;
import io.millrace.client.OffsetQuery;
import io.millrace.client.Pending;
import io.millrace.client.ProducerIdentity;
import io.millrace.client.Records;
import io.millrace.client.TopicPartition;
import io.millrace.coordinator.Committer;
import io.millrace.coordinator.TransactionVersion;
import io.millrace.kernel.ManualClock;
import io.millrace.kernel.Signal;
import io.millrace.log.MemoryLogStorage;
import io.millrace.log.ProducerState;
import io.millrace.record.RecordBatch;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Transactions of other processes' producers, through the door of a listener. */
final class TransactionDoorTest {

    private static final TopicPartition T0 = new TopicPartition("t", 0);
    private static final TopicPartition T1 = new TopicPartition("t", 1);
    private static final InTransaction BY_WRITE = new InTransaction("tx", Enlistment.BY_WRITE);
    private static final InTransaction BEFORE = new InTransaction("tx", Enlistment.BEFORE);
    private static final InTransaction BEFORE_PLAIN = new InTransaction("tx", Enlistment.BEFORE_PLAIN);

    private final ManualClock clock = new ManualClock(SteppedLog.START_MS);
    private MemoryLogStorage storage = new MemoryLogStorage();
    private SteppedLog log;
    private NodeDoor door;
    private TransactionDoor transactions;

    @BeforeEach
    void open() {
        log = new SteppedLog(1, storage, NodeConfig.DEFAULT, clock);
        door = log.node().newDoor(Signal.NONE);
        transactions = door.transactions();
        if (log.client().describeTopic("t").isFailed()) {
            log.answer(log.client().createTopic(new NewTopic("t", 2)));
        }
    }

    private void cutPower() {
        storage = storage.crash(7);
        open();
    }

    private ProducerIdentity init() {
        return log.answer(transactions.init("tx", 60_000, null));
    }

    private Pending<Appended> write(ProducerIdentity producer, InTransaction in, TopicPartition to, int sequence) {
        RecordBatch batch =
                Records.batch(to + "#" + sequence).finish(producer.producerId(), producer.epoch(), sequence, true);
        return door.append(to, null, batch, in);
    }

    private ProducerIdentity end(ProducerIdentity producer, boolean commit, TransactionVersion version) {
        return log.answer(transactions.end("tx", producer, commit, version));
    }

    private LogEnds ends(TopicPartition partition) {
        return Objects.requireNonNull(door.partition(partition)).ends();
    }

    @Test
    void theFirstWriteOfANewClientMakesThePartitionAPartOfItsTransaction() {
        ProducerIdentity producer = init();
        log.answer(write(producer, BY_WRITE, T0, 0));
        log.answer(write(producer, BY_WRITE, T1, 0));
        assertThat(log.answer(transactions.find(List.of("tx", "other")))
                        .get("tx")
                        .partitions())
                .containsExactly(T0, T1);
        assertThat(Records.committed(log.client(), T0)).isEmpty();
        ProducerIdentity next = end(producer, true, TransactionVersion.V2);
        assertThat(next).isEqualTo(new ProducerIdentity(producer.producerId(), (short) 1));
        assertThat(Records.committed(log.client(), T0)).containsExactly("t-0#0");
        log.answer(write(next, BY_WRITE, T0, 0));
        log.close();
    }

    @Test
    void anOldClientMustHaveAddedThePartitionAndIsToldSoInWordsItKnows() {
        ProducerIdentity producer = init();
        assertThat(log.refusal(write(producer, BEFORE, T0, 0))).isEqualTo(ErrorCode.TRANSACTION_ABORTABLE);
        assertThat(log.refusal(write(producer, BEFORE_PLAIN, T0, 0))).isEqualTo(ErrorCode.INVALID_TXN_STATE);
        log.answer(transactions.add("tx", producer, Set.of(T0), TransactionVersion.V0));
        log.answer(write(producer, BEFORE, T0, 0));
        assertThat(log.refusal(write(producer, BEFORE, T1, 0))).isEqualTo(ErrorCode.TRANSACTION_ABORTABLE);
        assertThat(end(producer, true, TransactionVersion.V0)).isEqualTo(producer);
        assertThat(log.refusal(write(producer, BEFORE, T0, 1))).isEqualTo(ErrorCode.TRANSACTION_ABORTABLE);
        log.answer(transactions.add("tx", producer, Set.of(T0), TransactionVersion.V0));
        log.answer(write(producer, BEFORE, T0, 1)); // in the same epoch, so its sequence goes on
        end(producer, true, TransactionVersion.V0);
        assertThat(Records.committed(log.client(), T0)).containsExactly("t-0#0", "t-0#1");
        log.close();
    }

    @Test
    void aWriteThatComesBehindTheEndIsRefusedByEitherVersion() {
        for (InTransaction in : List.of(BEFORE, BY_WRITE)) {
            TransactionVersion version = in == BEFORE ? TransactionVersion.V0 : TransactionVersion.V2;
            ProducerIdentity producer = init();
            log.answer(transactions.add("tx", producer, Set.of(T0), version));
            log.answer(write(producer, in, T0, 0));

            Pending<ProducerIdentity> end = transactions.end("tx", producer, false, version);
            Pending<Appended> late = write(producer, in, T0, 1);

            log.answer(end);
            assertThat(log.refusal(late)).isIn(ErrorCode.CONCURRENT_TRANSACTIONS, ErrorCode.INVALID_PRODUCER_EPOCH);
            assertThat(ends(T0).lastStableOffset()).isEqualTo(ends(T0).highWatermark());
        }
        log.close();
    }

    @Test
    void zombiesAreRefused() {
        ProducerIdentity old = init();
        ProducerIdentity current = init();
        assertThat(log.refusal(write(old, BY_WRITE, T0, 0))).isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH);
        assertThat(log.refusal(write(old, BEFORE, T0, 0))).isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH);
        assertThat(log.refusal(write(new ProducerIdentity(9_999, (short) 0), BY_WRITE, T0, 0)))
                .isEqualTo(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
        assertThat(log.refusal(transactions.add("tx", old, Set.of(T0), TransactionVersion.V0)))
                .isEqualTo(ErrorCode.PRODUCER_FENCED);
        log.answer(write(current, BY_WRITE, T0, 0));
        log.close();
    }

    @Test
    void whatIsAcknowledgedInATransactionOutlivesAPowerCutAndIsCommittedInTheNextLife() {
        ProducerIdentity producer = init();
        log.answer(write(producer, BY_WRITE, T0, 0));
        log.answer(transactions.commitOffsets(
                BY_WRITE, producer, "g", Committer.OUTSIDER, Map.of(T1, new CommittedOffset(5))));
        cutPower();
        log.answer(write(producer, BY_WRITE, T1, 0));
        ProducerIdentity next = end(producer, true, TransactionVersion.V2);
        cutPower();
        log.settle(); // the markers are written again, as nobody waits for the record that they are there
        assertThat(end(producer, true, TransactionVersion.V2)).isEqualTo(next); // as if the answer had been lost
        assertThat(Records.committed(log.client(), T0)).containsExactly("t-0#0");
        assertThat(Records.committed(log.client(), T1)).containsExactly("t-1#0");
        assertThat(log.answer(door.committedOffsets("g", null, true)).get(T1).committed())
                .isEqualTo(new CommittedOffset(5));
        log.close();
    }

    @Test
    void anotherProducerIsAskedToComeAgainWhileTheTransactionOfTheLastOneIsAborted() {
        ProducerIdentity old = init();
        log.answer(write(old, BY_WRITE, T0, 0));
        assertThat(log.refusal(transactions.init("tx", 60_000, null))).isEqualTo(ErrorCode.CONCURRENT_TRANSACTIONS);
        log.settle();
        assertThat(init().epoch()).isEqualTo((short) 2);
        assertThat(ends(T0).lastStableOffset()).isEqualTo(2);
        assertThat(log.refusal(transactions.init("", 60_000, null))).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(log.refusal(transactions.init("x".repeat(40_000), 60_000, null)))
                .isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(log.refusal(transactions.init("tx", 900_001, null)))
                .isEqualTo(ErrorCode.INVALID_TRANSACTION_TIMEOUT);
        log.close();
    }

    @Test
    void positionsAreAPartOfTheTransactionAsTheirVersionSays() {
        ProducerIdentity producer = init();
        Map<TopicPartition, CommittedOffset> positions = Map.of(T0, new CommittedOffset(5));
        assertThat(log.refusal(transactions.commitOffsets(BEFORE, producer, "g", Committer.OUTSIDER, positions)))
                .isEqualTo(ErrorCode.TRANSACTION_ABORTABLE);
        assertThat(log.refusal(transactions.commitOffsets(BEFORE_PLAIN, producer, "g", Committer.OUTSIDER, positions)))
                .isEqualTo(ErrorCode.INVALID_TXN_STATE);
        log.answer(transactions.addGroup("tx", producer, "g"));
        assertThat(log.answer(transactions.commitOffsets(BEFORE, producer, "g", Committer.OUTSIDER, positions)))
                .isEqualTo(Map.of(T0, ErrorCode.NONE));
        // whoever is fenced hears of that, although the member is unknown too
        ProducerIdentity zombie = new ProducerIdentity(producer.producerId(), (short) 77);
        assertThat(log.refusal(
                        transactions.commitOffsets(BY_WRITE, zombie, "g", new Committer("nobody", null, 3), positions)))
                .isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH);
        end(producer, false, TransactionVersion.V0);
        assertThat(log.answer(door.committedOffsets("g", null, true))).isEmpty();
        log.close();
    }

    @Test
    void anOperatorEndsWhatHangsAndIsRefusedWithOldEpochs() {
        ProducerIdentity producer = init();
        log.answer(write(producer, BY_WRITE, T0, 0));
        ProducerState state = log.answer(transactions.producers(List.of(T0, new TopicPartition("x", 0))))
                .get(T0)
                .get(0);
        assertThat(state.transactionFirstOffset()).isZero();
        assertThat(state.producerId()).isEqualTo(producer.producerId());

        Map<TopicPartition, ErrorCode> written = log.answer(transactions.writeMarkers(
                producer,
                false,
                door.leaderEpoch(),
                TransactionVersion.V0,
                List.of(T0, T1, T0, new TopicPartition("x", 0))));

        assertThat(written)
                .isEqualTo(Map.of(
                        T0,
                        ErrorCode.NONE,
                        T1,
                        ErrorCode.NONE,
                        new TopicPartition("x", 0),
                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION));
        assertThat(ends(T0).lastStableOffset()).isEqualTo(2);
        assertThat(markers(producer, door.leaderEpoch() - 1, TransactionVersion.V0))
                .isEqualTo(ErrorCode.TRANSACTION_COORDINATOR_FENCED);
        assertThat(markers(producer, door.leaderEpoch() + 1, TransactionVersion.V0))
                .as("it would fence the coordinator that there is")
                .isEqualTo(ErrorCode.TRANSACTION_COORDINATOR_FENCED);
        ProducerIdentity before = new ProducerIdentity(producer.producerId(), (short) -1);
        assertThat(markers(before, door.leaderEpoch(), TransactionVersion.V0))
                .isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH);
        log.answer(write(producer, BY_WRITE, T0, 1));
        assertThat(markers(producer, door.leaderEpoch(), TransactionVersion.V2))
                .isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH);
        log.close();
    }

    private ErrorCode markers(ProducerIdentity producer, int coordinatorEpoch, TransactionVersion version) {
        return log.answer(transactions.writeMarkers(producer, false, coordinatorEpoch, version, List.of(T0)))
                .get(T0);
    }

    @Test
    void aBatchForATopicThatWasMadeAnewIsRefusedByItsId() {
        ProducerIdentity producer = log.answer(transactions.freshProducer());
        UUID topicId = log.answer(log.client().describeTopic("t")).id();
        RecordBatch batch = Records.batch("a").finish(producer.producerId(), producer.epoch(), 0, false);
        log.answer(door.append(T0, topicId, batch, null));
        log.answer(log.client().deleteTopic("t"));
        log.answer(log.client().createTopic(new NewTopic("t", 2)));
        assertThat(log.refusal(door.append(T0, topicId, batch, null))).isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID);
        log.close();
    }

    @Test
    void readersOfTheEndSeeTheLastStableOffsetIfTheyAreCommitted() {
        log.answer(write(init(), BY_WRITE, T0, 0));
        assertThat(latest(IsolationLevel.READ_COMMITTED)).isZero();
        assertThat(latest(IsolationLevel.READ_UNCOMMITTED)).isEqualTo(1);
        log.close();
    }

    private long latest(IsolationLevel isolation) {
        return log.answer(log.client().findOffset(T0, new OffsetQuery.Latest(), isolation))
                .offset();
    }
}
