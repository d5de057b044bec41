package io.millrace.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.record.RecordBatchBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Appending outside of transactions, and reading. */
interface AppendPromises {

    TopicPartition T0 = new TopicPartition("t", 0);

    LogFixture log();

    private Producer producer() {
        log().answer(log().client().createTopic(new NewTopic("t", 2)));
        Producer producer = log().client().openProducer(ProducerOptions.idempotent());
        log().answer(producer.ready());
        return producer;
    }

    @Test
    default void givesRecordsConsecutiveOffsetsInTheOrderOfTheCalls() {
        Producer producer = producer();
        Pending<Appended> first = producer.append(T0, Records.batch("a", "b"));
        Pending<Appended> second = producer.append(T0, Records.batch("c"));

        assertThat(log().answer(first).baseOffset()).isZero();
        assertThat(log().answer(first).lastOffset()).isEqualTo(1);
        assertThat(log().answer(second).baseOffset()).isEqualTo(2);
        assertThat(log().answer(first).logAppendTimeMs()).isEqualTo(-1);
        assertThat(Records.committed(log().client(), T0)).containsExactly("a", "b", "c");
    }

    @Test
    default void tellsWhereALeadersRecordsEnd() {
        Producer producer = producer();
        int epoch = log().answer(producer.append(T0, Records.batch("a", "b"))).leaderEpoch();

        FoundOffset end = log().answer(log().client()
                .findOffset(T0, new OffsetQuery.EndOfEpoch(epoch), IsolationLevel.READ_COMMITTED));
        assertThat(end).isEqualTo(new FoundOffset(2, -1, epoch));
        FoundOffset unknown = log().answer(log().client()
                .findOffset(T0, new OffsetQuery.EndOfEpoch(epoch + 1), IsolationLevel.READ_COMMITTED));
        assertThat(unknown.offset()).isEqualTo(-1);
    }

    @Test
    default void answersEverySyncWhateverTheTopicSays() {
        log().answer(log().client().createTopic(new NewTopic("t", 2, Map.of("durability", "os"))));
        Producer producer = log().client().openProducer(ProducerOptions.idempotent());
        log().answer(producer.ready());
        for (int i = 0; i < 3; i++) {
            log().answer(producer.append(T0, Records.batch("a")));
            Pending<Void> first = log().client().sync();
            Pending<Void> second = log().client().sync();
            log().answer(producer.append(new TopicPartition("t", 1), Records.batch("b")));
            log().answer(first);
            log().answer(second);
        }
        log().answer(log().client().deleteTopic("t"));
        log().answer(log().client().sync());
        assertThat(log().answer(log().client().listTopics()))
                .noneMatch(topic -> topic.name().equals("t"));
    }

    @Test
    default void keepsThePartitionsApart() {
        Producer producer = producer();
        TopicPartition t1 = new TopicPartition("t", 1);
        log().answer(producer.append(T0, Records.batch("zero")));
        log().answer(producer.append(t1, Records.batch("one")));

        assertThat(Records.committed(log().client(), T0)).containsExactly("zero");
        assertThat(Records.committed(log().client(), t1)).containsExactly("one");
    }

    @Test
    default void refusesAPartitionThatIsNotThere() {
        Producer producer = producer();
        assertThat(log().refusal(producer.append(new TopicPartition("t", 2), Records.batch("a"))))
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(log().refusal(producer.append(new TopicPartition("u", 0), Records.batch("a"))))
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    default void goesOnAfterARefusal() {
        Producer producer = producer();
        log().answer(producer.append(T0, Records.batch("a")));
        log().refusal(producer.append(new TopicPartition("u", 0), Records.batch("x")));
        log().answer(producer.append(T0, Records.batch("b")));
        log().answer(log().client().createTopic(new NewTopic("u", 1)));
        log().answer(producer.append(new TopicPartition("u", 0), Records.batch("y")));

        assertThat(Records.committed(log().client(), T0)).containsExactly("a", "b");
        assertThat(Records.committed(log().client(), new TopicPartition("u", 0)))
                .containsExactly("y");
    }

    @Test
    default void letsABuilderBeUsedAgainOnceItsAppendIsDone() {
        Producer producer = producer();
        RecordBatchBuilder builder = Records.batch("first");
        log().answer(producer.append(T0, builder));
        builder.reset();
        builder.append(
                1, null, "second".getBytes(java.nio.charset.StandardCharsets.UTF_8), io.millrace.record.Header.NONE);
        log().answer(producer.append(T0, builder));

        assertThat(Records.committed(log().client(), T0)).containsExactly("first", "second");
    }

    @Test
    default void refusesTransactionsWithoutATransactionalId() {
        Producer producer = producer();
        assertThatThrownBy(producer::begin).isInstanceOf(IllegalStateException.class);
    }

    @Test
    default void readsFromTheMiddleOfABatch() {
        Producer producer = producer();
        log().answer(producer.append(T0, Records.batch("a", "b", "c")));
        Subscription reader = log().client().openSubscription(IsolationLevel.READ_COMMITTED, 1024);
        reader.seek(T0, 1);

        FetchResult.Fetched fetched = (FetchResult.Fetched) reader.fetch(T0);

        assertThat(fetched.fromOffset()).isEqualTo(1);
        assertThat(fetched.nextOffset()).isEqualTo(3);
        assertThat(reader.position(T0)).isEqualTo(3);
        assertThat(Records.values(fetched.batches(), fetched.fromOffset())).containsExactly("b", "c");
    }

    @Test
    default void fetchesAtLeastOneBatchAndStopsAtTheBound() {
        Producer producer = producer();
        for (int i = 0; i < 10; i++) {
            log().answer(producer.append(T0, Records.batch("value-" + i)));
        }
        Subscription reader = log().client().openSubscription(IsolationLevel.READ_COMMITTED, 1);
        reader.seek(T0, 0);
        List<Integer> sizes = new ArrayList<>();
        while (reader.fetch(T0) instanceof FetchResult.Fetched fetched) {
            sizes.add(fetched.batches().size());
        }
        assertThat(sizes).hasSize(10).containsOnly(1);
    }

    @Test
    default void isEmptyAtTheEndAndOutOfRangeBeyondIt() {
        Producer producer = producer();
        log().answer(producer.append(T0, Records.batch("a")));
        Subscription reader = log().client().openSubscription(IsolationLevel.READ_COMMITTED, 1024);
        reader.seek(T0, 1);
        assertThat(reader.fetch(T0)).isInstanceOf(FetchResult.Empty.class);

        reader.seek(T0, 2);
        assertThat(reader.fetch(T0)).isEqualTo(new FetchResult.OutOfRange(2, 0, 1));
    }

    @Test
    default void wakesAReaderThatFoundNothing() {
        Producer producer = producer();
        Subscription reader = log().client().openSubscription(IsolationLevel.READ_COMMITTED, 1024);
        reader.seek(T0, 0);
        assertThat(reader.fetch(T0)).isInstanceOf(FetchResult.Empty.class);

        producer.append(T0, Records.batch("a"));

        log().until(() -> reader.fetch(T0) instanceof FetchResult.Fetched);
    }

    @Test
    default void saysWhereAPartitionEnds() {
        Producer producer = producer();
        Subscription reader = log().client().openSubscription(IsolationLevel.READ_COMMITTED, 1024);
        reader.seek(T0, 0);
        assertThat(reader.ends(T0)).isEqualTo(new LogEnds(0, 0, 0, 0));
        log().answer(producer.append(T0, Records.batch("a", "b")));
        assertThat(reader.ends(T0)).isEqualTo(new LogEnds(0, 2, 2, 2));
    }

    @Test
    default void knowsOnlyPartitionsThatWereSought() {
        producer();
        Subscription reader = log().client().openSubscription(IsolationLevel.READ_COMMITTED, 1024);
        assertThatThrownBy(() -> reader.position(T0)).isInstanceOf(IllegalStateException.class);
        reader.seek(T0, 0);
        reader.remove(T0);
        assertThatThrownBy(() -> reader.fetch(T0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    default void failsToReadWhatIsNotThere() {
        Subscription reader = log().client().openSubscription(IsolationLevel.READ_COMMITTED, 1024);
        reader.seek(T0, 0);
        assertThat(reader.fetch(T0)).isInstanceOf(FetchResult.Failed.class);
    }

    @Test
    default void findsOffsetsByEndAndByTime() {
        Producer producer = producer();
        log().answer(producer.append(T0, Records.batch("a", "b")));
        log().answer(producer.append(T0, Records.keyed(5_000, "k", "c")));
        log().answer(producer.append(T0, Records.keyed(3_000, "k", "d")));

        assertThat(find(new OffsetQuery.Earliest()).offset()).isZero();
        assertThat(find(new OffsetQuery.Latest()).offset()).isEqualTo(4);
        assertThat(find(new OffsetQuery.AtOrAfter(0)).offset()).isZero();
        assertThat(find(new OffsetQuery.AtOrAfter(1_001)).offset()).isEqualTo(1);
        assertThat(find(new OffsetQuery.AtOrAfter(1_002)))
                .extracting(FoundOffset::offset, FoundOffset::timestampMs)
                .containsExactly(2L, 5_000L);
        assertThat(find(new OffsetQuery.AtOrAfter(5_001)).offset()).isEqualTo(-1);
        assertThat(find(new OffsetQuery.MaxTimestamp()))
                .extracting(FoundOffset::offset, FoundOffset::timestampMs)
                .containsExactly(2L, 5_000L);
        assertThat(log().refusal(log().client()
                        .findOffset(
                                new TopicPartition("t", 9), new OffsetQuery.Latest(), IsolationLevel.READ_COMMITTED)))
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    private FoundOffset find(OffsetQuery query) {
        return log().answer(log().client().findOffset(T0, query, IsolationLevel.READ_COMMITTED));
    }

    @Test
    default void showsEveryClientTheSameLog() {
        Producer producer = producer();
        try (LogClient other = log().openClient()) {
            log().answer(producer.append(T0, Records.batch("a")));
            assertThat(Records.committed(other, T0)).containsExactly("a");
        }
    }

    @Test
    default void pushesBackWithoutBlockingAndLosesNothing() {
        Producer producer = producer();
        List<Pending<Appended>> pendings = new ArrayList<>();
        int count = 0;
        while (count < 3 * LogClient.QUEUED_REQUESTS_MAX) {
            if (log().client().isCongested()) {
                log().until(() -> !log().client().isCongested());
            }
            pendings.add(producer.append(T0, Records.batch(Integer.toString(count++))));
        }
        for (int i = 0; i < count; i++) {
            assertThat(log().answer(pendings.get(i)).baseOffset()).isEqualTo(i);
        }
    }
}
