package io.millrace.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Transactions: atomic, isolated, fenced, bounded in time. */
interface TransactionPromises {

    TopicPartition X0 = new TopicPartition("x", 0);
    TopicPartition X1 = new TopicPartition("x", 1);

    LogFixture log();

    private Producer transactional(String id) {
        if (log().client().describeTopic("x").isFailed()) {
            log().answer(log().client().createTopic(new NewTopic("x", 2)));
        }
        Producer producer = log().client().openProducer(ProducerOptions.transactional(id));
        log().answer(producer.ready());
        return producer;
    }

    private List<String> committed(TopicPartition partition) {
        return Records.committed(log().client(), partition);
    }

    private List<String> uncommitted(TopicPartition partition) {
        return Records.read(log().client(), partition, IsolationLevel.READ_UNCOMMITTED);
    }

    @Test
    default void showsACommittedTransactionInAllItsPartitions() {
        Producer producer = transactional("tx");
        Transaction transaction = producer.begin();
        log().answer(transaction.append(X0, Records.batch("a")));
        log().answer(transaction.append(X1, Records.batch("b")));
        assertThat(committed(X0)).isEmpty();
        assertThat(committed(X1)).isEmpty();

        log().answer(transaction.commit());
        log().answer(transaction.completed());

        assertThat(committed(X0)).containsExactly("a");
        assertThat(committed(X1)).containsExactly("b");
    }

    @Test
    default void hidesAnAbortedTransactionFromCommittedReadersOnly() {
        Producer producer = transactional("tx");
        Transaction first = producer.begin();
        log().answer(first.append(X0, Records.batch("dropped")));
        log().answer(first.abort());
        log().answer(first.completed());
        Transaction second = producer.begin();
        log().answer(second.append(X0, Records.batch("kept")));
        log().answer(second.commit());
        log().answer(second.completed());

        assertThat(committed(X0)).containsExactly("kept");
        assertThat(uncommitted(X0)).containsExactly("dropped", "kept");
    }

    @Test
    default void findsRecordsByTheirTimeAndNoMarkerByIts() {
        Producer producer = transactional("tx");
        Transaction transaction = producer.begin();
        log().answer(transaction.append(X0, Records.batch("a", "b")));
        log().answer(transaction.commit());
        log().answer(transaction.completed());

        assertThat(offsetFor(new OffsetQuery.AtOrAfter(1_001))).isEqualTo(1);
        assertThat(offsetFor(new OffsetQuery.AtOrAfter(1_002))).isEqualTo(-1);
        assertThat(offsetFor(new OffsetQuery.MaxTimestamp())).isEqualTo(1);
    }

    private long offsetFor(OffsetQuery query) {
        return log().answer(log().client().findOffset(X0, query, IsolationLevel.READ_COMMITTED))
                .offset();
    }

    @Test
    default void stopsCommittedReadersAtTheFirstOpenTransaction() {
        Producer open = transactional("open");
        Producer plain = log().client().openProducer(ProducerOptions.idempotent());
        log().answer(plain.ready());
        log().answer(plain.append(X0, Records.batch("before")));
        Transaction transaction = open.begin();
        log().answer(transaction.append(X0, Records.batch("inside")));
        log().answer(plain.append(X0, Records.batch("after")));
        Subscription reader = log().client().openSubscription(IsolationLevel.READ_COMMITTED, 4096);
        reader.seek(X0, 0);

        assertThat(Records.drain(reader, X0)).containsExactly("before");
        assertThat(reader.ends(X0).lastStableOffset()).isEqualTo(1);
        assertThat(reader.ends(X0).highWatermark()).isEqualTo(3);

        log().answer(transaction.commit());
        log().answer(transaction.completed());
        assertThat(Records.drain(reader, X0)).containsExactly("inside", "after");
        assertThat(reader.position(X0)).isEqualTo(4);
        assertThat(reader.ends(X0)).isEqualTo(new LogEnds(0, 4, 4, 4));
    }

    @Test
    default void wakesACommittedReaderWithTheMarker() {
        Producer producer = transactional("tx");
        Transaction transaction = producer.begin();
        log().answer(transaction.append(X0, Records.batch("a")));
        Subscription reader = log().client().openSubscription(IsolationLevel.READ_COMMITTED, 4096);
        reader.seek(X0, 0);
        assertThat(reader.fetch(X0)).isInstanceOf(FetchResult.Empty.class);

        transaction.commit();

        log().until(() -> reader.fetch(X0) instanceof FetchResult.Fetched fetched
                && !fetched.batches().isEmpty());
    }

    @Test
    default void decidesBeforeItIsComplete() {
        Producer producer = transactional("tx");
        Transaction transaction = producer.begin();
        log().answer(transaction.append(X0, Records.batch("a")));
        Pending<Void> decided = transaction.commit();
        log().until(transaction.completed()::isDone);
        assertThat(decided.isDone()).isTrue();
        assertThat(decided.isFailed()).isFalse();
    }

    @Test
    default void bumpsTheEpochWithEveryTransaction() {
        Producer producer = transactional("tx");
        ProducerIdentity identity = log().answer(producer.ready());
        for (int i = 1; i <= 4; i++) {
            Transaction transaction = producer.begin();
            log().answer(transaction.append(X0, Records.batch("v" + i)));
            log().answer(i % 2 == 0 ? transaction.commit() : transaction.abort());
            ProducerIdentity next = log().answer(transaction.completed());
            assertThat(next).isEqualTo(new ProducerIdentity(identity.producerId(), (short) (identity.epoch() + 1)));
            identity = next;
        }
        assertThat(committed(X0)).containsExactly("v2", "v4");
    }

    @Test
    default void endsAnEmptyTransactionWithoutATrace() {
        Producer producer = transactional("tx");
        Transaction transaction = producer.begin();
        log().answer(transaction.commit());
        assertThat(log().answer(transaction.completed())).isEqualTo(log().answer(producer.ready()));
        log().answer(producer.begin().abort());
    }

    @Test
    default void guardsTheOrderOfCalls() {
        Producer producer = transactional("tx");
        assertThatThrownBy(() -> producer.append(X0, Records.batch("a"))).isInstanceOf(IllegalStateException.class);
        Transaction transaction = producer.begin();
        Pending<Appended> append = transaction.append(X0, Records.batch("a"));
        if (!append.isDone()) {
            assertThatThrownBy(transaction::commit).isInstanceOf(IllegalStateException.class);
        }
        log().answer(append);
        transaction.commit();
        assertThatThrownBy(() -> transaction.append(X0, Records.batch("b"))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(transaction::abort).isInstanceOf(IllegalStateException.class);
    }

    @Test
    default void canOnlyAbortAfterARefusal() {
        Producer producer = transactional("tx");
        Transaction transaction = producer.begin();
        log().answer(transaction.append(X0, Records.batch("a")));
        assertThat(log().refusal(transaction.append(new TopicPartition("nowhere", 0), Records.batch("b"))))
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThatThrownBy(transaction::commit).isInstanceOf(IllegalStateException.class);
        log().answer(transaction.abort());
        log().answer(transaction.completed());

        Transaction next = producer.begin();
        log().answer(next.append(X0, Records.batch("c")));
        log().answer(next.commit());
        log().answer(next.completed());
        assertThat(committed(X0)).containsExactly("c");
    }

    @Test
    default void abortsATransactionOfWhichEveryPartWasRefused() {
        Producer producer = transactional("tx");
        Transaction transaction = producer.begin();
        log().refusal(transaction.append(new TopicPartition("nowhere", 0), Records.batch("b")));
        log().answer(transaction.abort());
        log().answer(transaction.completed());
        log().answer(producer.begin().commit());
    }

    @Test
    default void fencesTheOlderProducerAndAbortsItsTransaction() {
        Producer old = transactional("tx");
        Transaction zombie = old.begin();
        log().answer(zombie.append(X0, Records.batch("zombie")));

        Producer successor = transactional("tx");
        assertThat(log().answer(successor.ready()).epoch())
                .isGreaterThan(log().answer(old.ready()).epoch());

        assertThat(log().refusal(zombie.append(X0, Records.batch("late")))).isEqualTo(ErrorCode.PRODUCER_FENCED);
        assertThat(log().refusal(zombie.abort())).isEqualTo(ErrorCode.PRODUCER_FENCED);
        Transaction next = successor.begin();
        log().answer(next.append(X0, Records.batch("next")));
        log().answer(next.commit());
        log().answer(next.completed());
        assertThat(committed(X0)).containsExactly("next");
    }

    @Test
    default void refusesTheCommitOfAFencedProducer() {
        Producer old = transactional("tx");
        Transaction zombie = old.begin();
        log().answer(zombie.append(X0, Records.batch("zombie")));
        transactional("tx");
        assertThat(log().refusal(zombie.commit())).isEqualTo(ErrorCode.PRODUCER_FENCED);
        assertThat(zombie.completed().error()).isEqualTo(ErrorCode.PRODUCER_FENCED);
        assertThat(committed(X0)).isEmpty();
    }

    @Test
    default void takesOverWhileACommitIsUnderWayAndKeepsIt() {
        Producer old = transactional("tx");
        Transaction transaction = old.begin();
        log().answer(transaction.append(X0, Records.batch("kept")));
        Pending<Void> decided = transaction.commit();
        Producer successor = log().client().openProducer(ProducerOptions.transactional("tx"));
        log().answer(successor.ready());

        if (log().refusal(decided) == ErrorCode.NONE) {
            assertThat(committed(X0)).containsExactly("kept");
        } else {
            assertThat(committed(X0)).isEmpty();
        }
    }

    @Test
    default void abortsWhatIsOpenForLongerThanItsTimeoutAndSaysSo() {
        transactional("other");
        Producer producer = log().client().openProducer(new ProducerOptions("tx", 1_000));
        log().answer(producer.ready());
        Transaction transaction = producer.begin();
        log().answer(transaction.append(X0, Records.batch("slow")));

        log().passTime(Duration.ofMillis(999));
        log().answer(transaction.append(X0, Records.batch("in time")));
        log().passTime(Duration.ofMillis(1_001));
        Subscription reader = log().client().openSubscription(IsolationLevel.READ_COMMITTED, 4096);
        reader.seek(X0, 0);
        log().until(() -> reader.ends(X0).lastStableOffset() == 3);

        assertThat(log().refusal(transaction.append(X0, Records.batch("late"))))
                .isEqualTo(ErrorCode.TRANSACTION_ABORTABLE);
        assertThat(log().refusal(transaction.abort())).isEqualTo(ErrorCode.TRANSACTION_ABORTABLE);
        assertThat(committed(X0)).isEmpty();

        Producer again = transactional("tx");
        Transaction retry = again.begin();
        log().answer(retry.append(X0, Records.batch("again")));
        log().answer(retry.commit());
        log().answer(retry.completed());
        assertThat(committed(X0)).containsExactly("again");
    }

    @Test
    default void tellsATimeoutFromAFence() {
        transactional("other");
        Producer producer = log().client().openProducer(new ProducerOptions("tx", 1_000));
        log().answer(producer.ready());
        Transaction transaction = producer.begin();
        log().answer(transaction.append(X0, Records.batch("slow")));
        log().passTime(Duration.ofMillis(2_000));
        assertThat(log().refusal(transaction.commit())).isEqualTo(ErrorCode.TRANSACTION_ABORTABLE);
    }

    @Test
    default void refusesTimeoutsOutOfRange() {
        for (int timeoutMs : new int[] {0, -1, 15 * 60 * 1000 + 1}) {
            Producer producer = log().client().openProducer(new ProducerOptions("tx", timeoutMs));
            assertThat(log().refusal(producer.ready())).isEqualTo(ErrorCode.INVALID_TRANSACTION_TIMEOUT);
        }
    }

    @Test
    default void abortsAnOpenTransactionWhenItsProducerIsClosed() {
        Producer producer = transactional("tx");
        Transaction transaction = producer.begin();
        log().answer(transaction.append(X0, Records.batch("a")));
        producer.close();
        log().until(transaction.completed()::isDone);
        assertThat(transaction.completed().isFailed()).isFalse();
        assertThat(committed(X0)).isEmpty();
        assertThat(uncommitted(X0)).containsExactly("a");
    }

    @Test
    default void listsTransactionsAsTheirCoordinatorSeesThem() {
        Producer producer = transactional("tx-b");
        transactional("tx-a");
        Transaction transaction = producer.begin();
        log().answer(transaction.append(X1, Records.batch("a")));
        log().answer(transaction.append(X0, Records.batch("a")));

        List<TransactionDescription> found = log().answer(log().client().listTransactions());
        assertThat(found).extracting(TransactionDescription::transactionalId).containsExactly("tx-a", "tx-b");
        assertThat(found).extracting(TransactionDescription::state).containsExactly("Empty", "Ongoing");
        assertThat(found.get(1).partitions()).containsExactly(X0, X1);
        assertThat(found.get(1).producerId())
                .isEqualTo(log().answer(producer.ready()).producerId());
        assertThat(found.get(1).startedMs()).isEqualTo(log().nowMs());

        log().answer(transaction.commit());
        log().answer(transaction.completed());
        assertThat(log().answer(log().client().listTransactions()))
                .extracting(TransactionDescription::state)
                .containsExactly("Empty", "CompleteCommit");
    }

    @Test
    default void keepsInterleavedTransactionsApart() {
        Producer one = transactional("one");
        Producer two = transactional("two");
        Transaction first = one.begin();
        Transaction second = two.begin();
        for (int i = 0; i < 3; i++) {
            log().answer(first.append(X0, Records.batch("one-" + i)));
            log().answer(second.append(X0, Records.batch("two-" + i)));
        }
        log().answer(second.commit());
        log().answer(second.completed());
        assertThat(committed(X0)).isEmpty();
        log().answer(first.abort());
        log().answer(first.completed());
        assertThat(committed(X0)).containsExactly("two-0", "two-1", "two-2");
    }
}
