package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.Appended;
import io.millrace.client.CommittedOffset;
import io.millrace.client.ErrorCode;
import io.millrace.client.FetchResult;
import io.millrace.client.GroupDescription;
import io.millrace.client.IsolationLevel;
import io.millrace.client.LogEnds;
import io.millrace.client.NewTopic;
import io.millrace.client.Pending;
import io.millrace.client.Producer;
import io.millrace.client.ProducerIdentity;
import io.millrace.client.ProducerOptions;
import io.millrace.client.Records;
import io.millrace.client.Subscription;
import io.millrace.client.TopicDescription;
import io.millrace.client.TopicPartition;
import io.millrace.client.Transaction;
import io.millrace.client.TransactionDescription;
import io.millrace.kernel.ManualClock;
import io.millrace.log.MemoryLogStorage;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What one life of a node leaves to the next one. */
final class RestartTest {

    private static final TopicPartition T0 = new TopicPartition("t", 0);

    private final ManualClock clock = new ManualClock(SteppedLog.START_MS);
    private MemoryLogStorage storage = new MemoryLogStorage();

    private SteppedLog open() {
        return new SteppedLog(1, storage, NodeConfig.DEFAULT, clock);
    }

    private static Producer transactional(SteppedLog log, String id) {
        Producer producer = log.client().openProducer(ProducerOptions.transactional(id));
        log.answer(producer.ready());
        return producer;
    }

    private static LogEnds ends(SteppedLog log) {
        try (Subscription reader = log.client().openSubscription(IsolationLevel.READ_COMMITTED, 1)) {
            reader.seek(T0, 0);
            return reader.ends(T0);
        }
    }

    @Test
    void remembersPositionsAndForgetsClaims() {
        try (SteppedLog log = open()) {
            log.answer(log.client().claimGroup("g"));
            log.answer(log.client().commitOffsets("g", Map.of(T0, new CommittedOffset(5))));
        }
        try (SteppedLog log = open()) {
            assertThat(log.answer(log.client().committedOffsets("g"))).isEqualTo(Map.of(T0, new CommittedOffset(5)));
            assertThat(log.answer(log.client().listGroups())).containsExactly(new GroupDescription("g", "Empty", 0));
            log.answer(log.client().claimGroup("g"));
        }
    }

    @Test
    void freesTheGroupsOfAProcessThatDied() {
        SteppedLog log = open();
        log.answer(log.client().claimGroup("g"));
        storage = storage.crash(3);
        SteppedLog next = open();
        assertThat(next.answer(next.client().listGroups())).isEmpty();
        next.answer(next.client().claimGroup("g"));
    }

    @Test
    void fencesProducersOfTheLifeBefore() {
        ProducerIdentity before;
        try (SteppedLog log = open()) {
            before = log.answer(transactional(log, "tx").ready());
        }
        try (SteppedLog log = open()) {
            ProducerIdentity after = log.answer(transactional(log, "tx").ready());
            assertThat(after.producerId()).isEqualTo(before.producerId());
            assertThat(after.epoch()).isGreaterThan(before.epoch());
        }
    }

    @Test
    void finishesADecidedTransactionByItself() {
        SteppedLog log = open();
        log.answer(log.client().createTopic(new NewTopic("t", 1)));
        Transaction transaction = transactional(log, "tx").begin();
        log.answer(transaction.append(T0, Records.batch("a")));
        log.answer(transaction.commitOffsets("g", Map.of(T0, new CommittedOffset(1))));
        Pending<Void> decided = transaction.commit();
        while (!decided.isDone()) {
            log.scheduler().stepOne();
        }
        assertThat(transaction.completed().isDone()).isFalse();

        storage = storage.crash(11);
        SteppedLog next = open();
        next.settle();

        assertThat(Records.committed(next.client(), T0)).containsExactly("a");
        assertThat(next.answer(next.client().committedOffsets("g"))).isEqualTo(Map.of(T0, new CommittedOffset(1)));
        assertThat(next.answer(next.client().listTransactions()))
                .extracting(TransactionDescription::state)
                .containsExactly("CompleteCommit");
    }

    @Test
    void abortsWhatFollowedADecisionWhoseEndThePowerCutHasTaken() {
        int orphans = 0;
        for (int seed = 0; seed < 60; seed++) {
            storage = new MemoryLogStorage();
            SteppedLog log = open();
            log.answer(log.client().createTopic(new NewTopic("t", 1, Map.of("retention.ms", "-1"))));
            Producer producer = transactional(log, "tx");
            Transaction first = producer.begin();
            log.answer(first.append(T0, Records.batch("a")));
            log.answer(first.commit());
            log.answer(first.completed());
            log.answer(producer.begin().append(T0, Records.batch("b")));

            storage = storage.crash(seed);
            SteppedLog next = open();
            next.settle();

            assertThat(Records.committed(next.client(), T0)).as("seed %s", seed).containsExactly("a");
            boolean unknown =
                    next.answer(next.client().listTransactions()).get(0).state().equals("CompleteCommit");
            orphans += unknown && ends(next).logEndOffset() == 4 ? 1 : 0;
            Transaction last = transactional(next, "tx").begin();
            next.answer(last.append(T0, Records.batch("c")));
            next.answer(last.commit());
            next.answer(last.completed());
            next.settle();
            assertThat(Records.committed(next.client(), T0)).as("seed %s", seed).containsExactly("a", "c");
            assertThat(ends(next).lastStableOffset()).isEqualTo(ends(next).logEndOffset());
        }
        assertThat(orphans).as("seeds in which no coordinator knew").isPositive();
    }

    @Test
    void abortsATransactionThatWasLeftOpenAfterItsTimeout() {
        SteppedLog log = open();
        log.answer(log.client().createTopic(new NewTopic("t", 1, Map.of("retention.ms", "-1"))));
        Transaction transaction = transactional(log, "tx").begin();
        log.answer(transaction.append(T0, Records.batch("a")));
        log.node().close();

        SteppedLog next = open();
        assertThat(ends(next).lastStableOffset()).isZero();
        next.passTime(Duration.ofSeconds(61));
        assertThat(ends(next)).isEqualTo(new LogEnds(0, 2, 2, 2));
        assertThat(Records.committed(next.client(), T0)).isEmpty();
    }

    @Test
    void remembersDeletedRecordsAlsoAfterAPowerCut() {
        SteppedLog log = open();
        log.answer(log.client().createTopic(new NewTopic("t", 1)));
        Producer producer = log.client().openProducer(ProducerOptions.idempotent());
        log.answer(producer.ready());
        log.answer(producer.append(T0, Records.batch("a", "b", "c")));
        log.answer(log.client().deleteRecords(T0, 2));

        storage = storage.crash(5);
        assertThat(Records.committed(open().client(), T0)).containsExactly("c");
    }

    @Test
    void doesNotTakeAnOldTopicsCheckpointsForThoseOfANewOne() {
        SteppedLog log = open();
        log.answer(log.client().createTopic(new NewTopic("t", 1)));
        Producer producer = log.client().openProducer(ProducerOptions.idempotent());
        log.answer(producer.ready());
        for (int i = 0; i < 10; i++) {
            log.answer(producer.append(T0, Records.batch("old")));
        }
        log.answer(log.client().deleteRecords(T0, 7));
        log.passTime(Duration.ofMinutes(1)); // checkpoints are written
        log.answer(log.client().deleteTopic("t"));
        log.answer(log.client().createTopic(new NewTopic("t", 1)));
        Producer second = log.client().openProducer(ProducerOptions.idempotent());
        log.answer(second.ready());
        log.answer(second.append(T0, Records.batch("new")));

        storage = storage.crash(9);
        SteppedLog next = open();

        assertThat(Records.committed(next.client(), T0)).contains("new");
        assertThat(ends(next).logStartOffset()).isZero();
        Producer third = next.client().openProducer(ProducerOptions.idempotent());
        next.answer(third.ready());
        next.answer(third.append(T0, Records.batch("newer")));
    }

    @Test
    void findsItsInternalTopicsWithoutTheMetadataFile() {
        try (SteppedLog log = open()) {
            log.answer(log.client().createTopic(new NewTopic("t", 1)));
            Transaction transaction = transactional(log, "tx").begin();
            log.answer(transaction.append(T0, Records.batch("a")));
            log.answer(transaction.commitOffsets("group", Map.of(T0, new CommittedOffset(1))));
            log.answer(transaction.commit());
            log.answer(transaction.completed());
        }
        storage.delete(MetadataFile.FILE);

        try (SteppedLog log = open()) {
            assertThat(log.answer(log.client().listTopics()))
                    .filteredOn(TopicDescription::internal)
                    .allMatch(topic -> topic.partitionCount() == InternalTopics.PARTITION_COUNT)
                    .allMatch(topic -> topic.configs().get("cleanup.policy").equals("compact"))
                    .hasSize(2);
            assertThat(log.answer(log.client().committedOffsets("group"))).containsKey(T0);
            for (int i = 0; i < 100; i++) {
                transactional(log, "tx-" + i);
            }
        }
    }

    @Test
    void neverBeginsAPartitionAnewWhoseDirectoryIsGone() {
        SteppedLog log = open();
        log.answer(log.client().createTopic(new NewTopic("t", 1)));
        Producer producer = log.client().openProducer(ProducerOptions.idempotent());
        log.answer(producer.ready());
        log.answer(producer.append(T0, Records.batch("a", "b", "c")));
        log.close();
        for (String file : storage.list("t-0")) {
            storage.delete("t-0/" + file);
        }
        storage.delete("t-0");

        for (int life = 0; life < 3; life++) {
            try (SteppedLog next = open()) {
                next.passTime(Duration.ofMinutes(1)); // checkpoints are written
                Producer other = next.client().openProducer(ProducerOptions.idempotent());
                next.answer(other.ready());

                Pending<Appended> append = other.append(T0, Records.batch("x"));
                assertThat(next.refusal(append)).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
                assertThat(append.message()).contains("records are missing");
                assertThat(fetch(next, 3)).isInstanceOfSatisfying(FetchResult.Failed.class, failed -> {
                    assertThat(failed.error()).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
                    assertThat(failed.message()).contains("records are missing");
                });
            }
        }
        try (SteppedLog next = open()) {
            next.answer(next.client().deleteTopic("t"));
            next.answer(next.client().createTopic(new NewTopic("t", 1)));
            Producer other = next.client().openProducer(ProducerOptions.idempotent());
            next.answer(other.ready());
            next.answer(other.append(T0, Records.batch("new")));
        }
    }

    private static FetchResult fetch(SteppedLog log, long offset) {
        try (Subscription reader = log.client().openSubscription(IsolationLevel.READ_COMMITTED, 1)) {
            reader.seek(T0, offset);
            return reader.fetch(T0);
        }
    }

    @Test
    void removesTheDirectoriesOfDeletedTopics() {
        SteppedLog log = open();
        log.answer(log.client().createTopic(new NewTopic("t", 3)));
        log.answer(log.client().deleteTopic("t"));
        assertThat(storage.list("").stream().filter(DeletedDirectories::isDeleted))
                .hasSize(3);
        log.passTime(Duration.ofMinutes(1));
        assertThat(storage.list("").stream().filter(name -> name.startsWith("t-")))
                .isEmpty();
    }

    @Test
    void opensAThousandPartitions() {
        try (SteppedLog log = open()) {
            log.answer(log.client().createTopic(new NewTopic("wide", 1_000)));
            Producer producer = log.client().openProducer(ProducerOptions.idempotent());
            log.answer(producer.ready());
            log.answer(producer.append(new TopicPartition("wide", 999), Records.batch("a")));
        }
        try (SteppedLog log = open()) {
            assertThat(Records.committed(log.client(), new TopicPartition("wide", 999)))
                    .containsExactly("a");
        }
        assertThat(storage.list("").stream().filter(name -> name.startsWith("__")))
                .as("internal partitions are made when they are first used")
                .isEmpty();
    }
}
