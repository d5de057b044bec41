package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.client.Appended;
import io.millrace.client.CommittedOffset;
import io.millrace.client.ErrorCode;
import io.millrace.client.GroupClaim;
import io.millrace.client.IsolationLevel;
import io.millrace.client.LogClient;
import io.millrace.client.NewTopic;
import io.millrace.client.Pending;
import io.millrace.client.Producer;
import io.millrace.client.ProducerOptions;
import io.millrace.client.Records;
import io.millrace.client.Subscription;
import io.millrace.client.TopicDescription;
import io.millrace.client.TopicPartition;
import io.millrace.client.Transaction;
import io.millrace.kernel.Agent;
import io.millrace.kernel.ManualClock;
import io.millrace.log.FaultyLogStorage;
import io.millrace.log.LogStorage;
import io.millrace.log.MemoryLogStorage;
import io.millrace.log.StorageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A node's own life: opening, closing, failing. */
final class LogNodeTest {

    private static final TopicPartition T0 = new TopicPartition("t", 0);

    private final ManualClock clock = new ManualClock(SteppedLog.START_MS);

    private SteppedLog open(LogStorage storage) {
        return new SteppedLog(1, storage, NodeConfig.DEFAULT, clock);
    }

    @Test
    void findsTopicsAndRecordsAgainAfterACleanEnd() {
        MemoryLogStorage storage = new MemoryLogStorage();
        TopicDescription created;
        try (SteppedLog log = open(storage)) {
            created = log.answer(log.client().createTopic(new NewTopic("t", 2, Map.of("retention.ms", "-1"))));
            Producer producer = log.client().openProducer(ProducerOptions.idempotent());
            log.answer(producer.ready());
            log.answer(producer.append(T0, Records.batch("a", "b")));
        }
        assertThat(storage.exists(".kafka_cleanshutdown")).isTrue();
        try (SteppedLog log = open(storage)) {
            assertThat(storage.exists(".kafka_cleanshutdown")).isFalse();
            assertThat(log.answer(log.client().describeTopic("t"))).isEqualTo(created);
            assertThat(Records.committed(log.client(), T0)).containsExactly("a", "b");
        }
    }

    @Test
    void neverHandsOutAProducerIdTwice() {
        MemoryLogStorage storage = new MemoryLogStorage();
        List<Long> ids = new ArrayList<>();
        for (int life = 0; life < 3; life++) {
            try (SteppedLog log = open(storage)) {
                for (int i = 0; i < 2; i++) {
                    Producer producer = log.client().openProducer(ProducerOptions.idempotent());
                    ids.add(log.answer(producer.ready()).producerId());
                }
            }
        }
        assertThat(ids).doesNotHaveDuplicates();
    }

    @Test
    void refusesADirectoryThatIsInUse() {
        MemoryLogStorage storage = new MemoryLogStorage();
        try (SteppedLog first = open(storage)) {
            assertThatThrownBy(() -> open(storage))
                    .isInstanceOfSatisfying(
                            StorageException.class, e -> assertThat(e.kind()).isEqualTo(StorageException.Kind.LOCKED));
            assertThat(first.node().failure()).isEmpty();
        }
    }

    @Test
    void refusesTheDirectoryOfAnotherNode() {
        MemoryLogStorage storage = new MemoryLogStorage();
        open(storage).close();
        NodeConfig other = NodeConfig.DEFAULT.withNodeId(7);
        assertThatThrownBy(() -> LogNode.open(storage, other, clock))
                .hasMessageContaining("belongs to node 1")
                .hasMessageContaining("node.id=1");
    }

    @Test
    void keepsThePositionsOfAGroupThatWasClaimedUntilTheyAreDeleted() {
        MemoryLogStorage storage = new MemoryLogStorage();
        SteppedLog log = open(storage);
        GroupClaim claim = log.answer(log.client().claimGroup("job"));
        log.answer(log.client().commitOffsets("job", Map.of(T0, new CommittedOffset(7))));
        claim.close();
        log.passTime(Duration.ofDays(8));
        log.close();

        SteppedLog next = open(storage);
        next.passTime(Duration.ofDays(8));
        assertThat(next.answer(next.client().committedOffsets("job"))).containsOnlyKeys(T0);

        next.answer(next.client().deleteOffsets("job", List.of(T0)));
        assertThat(next.refusal(next.client().deleteOffsets("nobody", List.of())))
                .isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
        next.passTime(Duration.ofDays(8));
        assertThat(next.refusal(next.client().deleteOffsets("job", List.of()))).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
        next.close();
    }

    @Test
    void aClientKeepsNothingOfWhatWasClosed() {
        SteppedLog log = open(new MemoryLogStorage());
        InProcessLogClient client = (InProcessLogClient) log.openClient();
        Subscription kept = client.openSubscription(IsolationLevel.READ_COMMITTED, 1024);
        for (int i = 0; i < 3; i++) {
            client.openSubscription(IsolationLevel.READ_COMMITTED, 1024).close();
            client.openProducer(ProducerOptions.idempotent()).close();
            client.openProducer(ProducerOptions.transactional("tx" + i)).close();
        }
        assertThat(client.openCount()).isEqualTo(1);

        kept.close();
        client.openProducer(ProducerOptions.idempotent());
        client.openSubscription(IsolationLevel.READ_COMMITTED, 1024);
        client.close();
        assertThat(client.openCount()).isZero();
        log.close();
    }

    @Test
    void acknowledgesOnlyAfterTheSync() {
        MemoryLogStorage storage = new MemoryLogStorage();
        SteppedLog log = open(storage);
        log.answer(log.client().createTopic(new NewTopic("t", 1)));
        Producer producer = log.client().openProducer(ProducerOptions.idempotent());
        log.answer(producer.ready());
        log.settle();
        List<Agent> syncs = log.node().agents().subList(1, 5);
        syncs.forEach(log.scheduler()::remove);

        Pending<Appended> pending = producer.append(T0, Records.batch("a"));
        log.settle();
        assertThat(pending.isDone()).isFalse();
        assertThat(Records.committed(log.client(), T0)).isEmpty();

        log.scheduler().addAll(syncs);
        log.settle();
        assertThat(pending.isDone()).isTrue();
        assertThat(Records.committed(log.client(), T0)).containsExactly("a");
    }

    @Test
    void acknowledgesWithoutASyncWhereTheTopicSaysSo() {
        MemoryLogStorage storage = new MemoryLogStorage();
        SteppedLog log = open(storage);
        log.answer(log.client().createTopic(new NewTopic("t", 1, Map.of("durability", "os"))));
        Producer producer = log.client().openProducer(ProducerOptions.idempotent());
        log.answer(producer.ready());
        log.settle();
        log.answer(producer.append(T0, Records.batch("the new segment's name is synced in any case")));
        long syncs = log.node().metrics().syncs();
        log.node().agents().subList(1, 5).forEach(log.scheduler()::remove);

        log.answer(producer.append(T0, Records.batch("a")));

        assertThat(Records.committed(log.client(), T0)).endsWith("a");
        assertThat(log.node().metrics().syncs()).isEqualTo(syncs);
    }

    @Test
    void gathersWhatWaitsIntoOneWriteAndOneSync() {
        SteppedLog log = open(new MemoryLogStorage());
        log.answer(log.client().createTopic(new NewTopic("t", 1)));
        Producer producer = log.client().openProducer(ProducerOptions.idempotent());
        log.answer(producer.ready());
        List<Pending<Appended>> pendings = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            pendings.add(producer.append(T0, Records.batch("v")));
        }
        pendings.forEach(log::answer);

        assertThat(log.node().metrics().batches()).isEqualTo(100);
        assertThat(log.node().metrics().writes()).isEqualTo(1);
        assertThat(log.node().metrics().syncs()).isEqualTo(1);
    }

    @Test
    void writesInSeveralRoundsWhatIsTooMuchForOne() {
        SteppedLog log = open(new MemoryLogStorage());
        log.answer(log.client().createTopic(new NewTopic("t", 1)));
        Producer producer = log.client().openProducer(ProducerOptions.idempotent());
        log.answer(producer.ready());
        List<Pending<Appended>> pendings = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            pendings.add(producer.append(T0, Records.batch("x".repeat(1_000_000))));
        }
        pendings.forEach(log::answer);

        assertThat(log.node().metrics().writes()).isBetween(3L, 5L);
    }

    @Test
    void isFinishedWithADiskWhoseSyncFailed() {
        FaultyLogStorage storage = new FaultyLogStorage(new MemoryLogStorage());
        SteppedLog log = open(storage);
        log.answer(log.client().createTopic(new NewTopic("t", 1)));
        Producer producer = log.client().openProducer(ProducerOptions.idempotent());
        log.answer(producer.ready());
        log.answer(producer.append(T0, Records.batch("kept")));
        storage.failAt(FaultyLogStorage.Operation.SYNC, 1, FaultyLogStorage.Effect.IO_ERROR);

        assertThat(log.refusal(producer.append(T0, Records.batch("lost")))).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(log.refusal(producer.append(T0, Records.batch("later")))).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);

        assertThat(Records.committed(log.client(), T0)).containsExactly("kept");
        assertThat(log.node().failure()).isPresent();
        log.close();
        assertThat(storage.exists(".kafka_cleanshutdown")).isFalse();
    }

    @Test
    void refusesASuccessorThatWaitsForAnAbortTheDiskCannotTake() {
        FaultyLogStorage storage = new FaultyLogStorage(new MemoryLogStorage());
        SteppedLog log = open(storage);
        log.answer(log.client().createTopic(new NewTopic("t", 1)));
        Producer old = log.client().openProducer(ProducerOptions.transactional("tx"));
        log.answer(old.ready());
        log.answer(old.begin().append(T0, Records.batch("a")));
        log.settle();
        storage.failAt(FaultyLogStorage.Operation.SYNC, 1, FaultyLogStorage.Effect.IO_ERROR);

        Producer successor = log.client().openProducer(ProducerOptions.transactional("tx"));

        assertThat(log.refusal(successor.ready())).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
    }

    @Test
    void keepsATransactionThroughAFullDisk() {
        FaultyLogStorage storage = new FaultyLogStorage(new MemoryLogStorage());
        SteppedLog log = open(storage);
        log.answer(log.client().createTopic(new NewTopic("t", 1)));
        Producer producer = log.client().openProducer(ProducerOptions.transactional("tx"));
        log.answer(producer.ready());
        Transaction transaction = producer.begin();
        log.answer(transaction.append(T0, Records.batch("a")));
        Pending<Void> decided = transaction.commit();
        while (!decided.isDone()) {
            log.scheduler().stepOne();
        }
        storage.failAt(FaultyLogStorage.Operation.WRITE, 1, FaultyLogStorage.Effect.NO_SPACE);

        log.answer(transaction.completed()); // the marker is written when there is space again

        assertThat(Records.committed(log.client(), T0)).containsExactly("a");
    }

    @Test
    void answersEverybodyWhenItEnds() {
        SteppedLog log = open(new MemoryLogStorage());
        LogClient client = log.openClient();
        Pending<TopicDescription> never = client.createTopic(new NewTopic("t", 1));
        log.node().close();

        assertThat(never.error()).isEqualTo(ErrorCode.BROKER_NOT_AVAILABLE);
        assertThat(client.createTopic(new NewTopic("u", 1)).error()).isEqualTo(ErrorCode.BROKER_NOT_AVAILABLE);
    }

    @Test
    void answersWhatAClientLeavesBehindAfterTheEnd() {
        SteppedLog log = new SteppedLog(1, new MemoryLogStorage(), NodeConfig.DEFAULT.withRingCapacity(2), clock);
        LogClient client = log.openClient();
        List<Pending<?>> asked = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            asked.add(client.listGroups());
        }
        log.node().close();
        client.close();

        assertThat(asked).allMatch(Pending::isDone);
    }

    @Test
    void doesWhatAClosedClientHadNoSpaceToSend() {
        SteppedLog log = new SteppedLog(1, new MemoryLogStorage(), NodeConfig.DEFAULT.withRingCapacity(2), clock);
        LogClient client = log.openClient();
        log.answer(client.claimGroup("g"));
        for (int i = 0; i < 10; i++) {
            client.listGroups();
        }
        client.close();
        log.settle();
        log.answer(log.client().claimGroup("g"));
    }

    @Test
    void endsCleanlyInTheMiddleOfASync() {
        MemoryLogStorage storage = new MemoryLogStorage();
        SteppedLog log = open(storage);
        log.answer(log.client().createTopic(new NewTopic("t", 1)));
        Producer producer = log.client().openProducer(ProducerOptions.idempotent());
        log.answer(producer.ready());
        log.settle();
        log.node().agents().subList(1, 5).forEach(log.scheduler()::remove);
        Pending<Appended> pending = producer.append(T0, Records.batch("a"));
        log.settle();
        log.node().close();

        assertThat(pending.error()).isEqualTo(ErrorCode.BROKER_NOT_AVAILABLE);
        try (SteppedLog next = open(storage)) {
            assertThat(Records.committed(next.client(), T0)).containsExactly("a");
        }
    }

    @Test
    void keepsTopicsWithAllTheirRecordsWhenTheMetadataFileIsDamaged() {
        MemoryLogStorage storage = new MemoryLogStorage();
        TopicDescription created;
        try (SteppedLog log = open(storage)) {
            created = log.answer(log.client().createTopic(new NewTopic("t", 2, Map.of("retention.ms", "1"))));
            Producer producer = log.client().openProducer(ProducerOptions.idempotent());
            log.answer(producer.ready());
            log.answer(producer.append(T0, Records.batch("a")));
        }
        byte[] image = storage.readAll(MetadataFile.FILE);
        image[image.length / 2] ^= 1;
        storage.replace(MetadataFile.FILE, image);

        try (SteppedLog log = open(storage)) {
            TopicDescription found = log.answer(log.client().describeTopic("t"));
            assertThat(found.id()).isEqualTo(created.id());
            assertThat(found.partitionCount()).isEqualTo(2);
            assertThat(found.configs()).isEqualTo(Map.of("cleanup.policy", ""));
            assertThat(Records.committed(log.client(), T0)).containsExactly("a");
        }
    }
}
