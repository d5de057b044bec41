package io.millrace.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How records go: deleted on request, by age, or because a later one has their key. */
interface RetentionPromises {

    TopicPartition R0 = new TopicPartition("r", 0);

    LogFixture log();

    private Producer producer(Map<String, String> configs) {
        log().answer(log().client().createTopic(new NewTopic("r", 1, configs)));
        Producer producer = log().client().openProducer(ProducerOptions.idempotent());
        log().answer(producer.ready());
        return producer;
    }

    private Pending<Long> deleteBefore(long offset) {
        return log().client().deleteRecords(R0, offset);
    }

    @Test
    default void deletesRecordsBelowAnOffset() {
        Producer producer = producer(Map.of());
        log().answer(producer.append(R0, Records.batch("a", "b", "c")));

        assertThat(log().answer(deleteBefore(2))).isEqualTo(2);
        assertThat(Records.committed(log().client(), R0)).containsExactly("c");
        assertThat(log().answer(deleteBefore(1))).as("it never goes back").isEqualTo(2);

        Subscription reader = log().client().openSubscription(IsolationLevel.READ_COMMITTED, 1024);
        reader.seek(R0, 0);
        assertThat(reader.fetch(R0)).isEqualTo(new FetchResult.OutOfRange(0, 2, 3));
        assertThat(log().answer(log().client()
                                .findOffset(R0, new OffsetQuery.Earliest(), IsolationLevel.READ_COMMITTED))
                        .offset())
                .isEqualTo(2);

        assertThat(log().answer(deleteBefore(-1))).isEqualTo(3);
        assertThat(Records.committed(log().client(), R0)).isEmpty();
    }

    @Test
    default void refusesToDeleteBeyondTheEndOrWhereThereIsNothing() {
        Producer producer = producer(Map.of());
        log().answer(producer.append(R0, Records.batch("a")));
        assertThat(log().refusal(deleteBefore(2))).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
        assertThat(log().refusal(log().client().deleteRecords(new TopicPartition("r", 1), 0)))
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    default void refusesToDeleteFromATopicThatIsOnlyCompacted() {
        producer(Map.of("cleanup.policy", "compact"));
        assertThat(log().refusal(deleteBefore(0))).isEqualTo(ErrorCode.POLICY_VIOLATION);
    }

    @Test
    default void overtakesASlowReaderWhenRecordsGrowTooOld() {
        Producer producer = producer(Map.of("retention.ms", "60000"));
        log().answer(producer.append(R0, Records.keyed(log().nowMs(), "k", "old")));
        Subscription reader = log().client().openSubscription(IsolationLevel.READ_COMMITTED, 1024);
        reader.seek(R0, 0);

        log().passTime(Duration.ofMinutes(2));

        log().until(() -> reader.ends(R0).logStartOffset() == 1);
        assertThat(reader.fetch(R0)).isEqualTo(new FetchResult.OutOfRange(0, 1, 1));
        log().answer(producer.append(R0, Records.keyed(log().nowMs(), "k", "new")));
        reader.seek(R0, 1);
        assertThat(Records.drain(reader, R0)).containsExactly("new");
    }

    @Test
    default void keepsTheLastRecordOfEachKeyInACompactedTopic() {
        Producer producer = producer(
                Map.of("cleanup.policy", "compact", "min.cleanable.dirty.ratio", "0.01", "segment.bytes", "1048576"));
        for (int i = 0; i < 24; i++) {
            log().answer(producer.append(R0, Records.keyed(log().nowMs(), "key-" + i % 2, large("v" + i))));
        }
        log().passTime(Duration.ofMinutes(1));
        log().until(() -> Records.committed(log().client(), R0).size() < 16);

        List<String> left = Records.committed(log().client(), R0);
        assertThat(left).contains(large("v22"), large("v23")).doesNotContain(large("v0"), large("v1"), large("v2"));
        assertThat(left).doesNotHaveDuplicates();
    }

    /** Large enough for some of them to be read from the disk again, and not from the newest in memory. */
    private static String large(String value) {
        return value + "-".repeat(300_000);
    }

    @Test
    default void refusesRecordsWithoutAKeyInACompactedTopic() {
        Producer producer = producer(Map.of("cleanup.policy", "compact"));
        assertThat(log().refusal(producer.append(R0, Records.batch("no key")))).isEqualTo(ErrorCode.INVALID_RECORD);
    }

    @Test
    default void refusesABatchAboveTheTopicsLimit() {
        Producer producer = producer(Map.of("max.message.bytes", "100"));
        assertThat(log().refusal(producer.append(R0, Records.batch("x".repeat(100)))))
                .isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
        log().answer(producer.append(R0, Records.batch("y")));
        assertThat(Records.committed(log().client(), R0)).containsExactly("y");
    }

    @Test
    default void stampsTheTimeOfTheAppendWhereTheTopicWantsIt() {
        Producer producer = producer(Map.of("message.timestamp.type", "LogAppendTime"));
        assertThat(log().answer(producer.append(R0, Records.batch("a"))).logAppendTimeMs())
                .isEqualTo(log().nowMs());
    }

    @Test
    default void keepsTombstonesForWhoeverHoldsThem() {
        Map<String, String> configs = Map.of(
                "cleanup.policy",
                "compact",
                "min.cleanable.dirty.ratio",
                "0.01",
                "delete.retention.ms",
                "1000",
                "segment.bytes",
                "1048576");
        Producer producer = producer(configs);
        log().answer(log().client().holdTombstones(R0, 0));
        log().answer(producer.append(R0, Records.keyed(log().nowMs(), "gone", null)));
        for (int round = 0; round < 3; round++) {
            fill(producer, round);
            log().passTime(Duration.ofMinutes(1));
        }
        assertThat(Records.committed(log().client(), R0)).contains("null");

        log().answer(log().client().holdTombstones(R0, Long.MAX_VALUE));
        log().until(() -> {
            fill(producer, 9);
            log().passTime(Duration.ofMinutes(1));
            return !Records.committed(log().client(), R0).contains("null");
        });
    }

    @Test
    default void keepsHeldTombstonesUntilSomebodyLetsThemGo() {
        Map<String, String> configs = Map.of(
                "cleanup.policy",
                "compact",
                "min.cleanable.dirty.ratio",
                "0.01",
                "delete.retention.ms",
                "1000",
                "segment.bytes",
                "1048576",
                "tombstones.held",
                "true");
        Producer producer = producer(configs);
        log().answer(producer.append(R0, Records.keyed(log().nowMs(), "gone", null)));
        for (int round = 0; round < 3; round++) {
            fill(producer, round);
            log().passTime(Duration.ofMinutes(1));
        }
        assertThat(Records.committed(log().client(), R0)).contains("null");

        log().answer(log().client().holdTombstones(R0, 1));
        log().until(() -> {
            fill(producer, 9);
            log().passTime(Duration.ofMinutes(1));
            return !Records.committed(log().client(), R0).contains("null");
        });
    }

    private void fill(Producer producer, int round) {
        for (int i = 0; i < 10; i++) {
            log().answer(producer.append(R0, Records.keyed(log().nowMs(), "key", large("v" + round + "-" + i))));
        }
    }
}
