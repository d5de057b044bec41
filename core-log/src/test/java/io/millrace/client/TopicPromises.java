package io.millrace.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Topics: created, changed, described, deleted. */
interface TopicPromises {

    LogFixture log();

    @Test
    default void describesACreatedTopicAsItWasAskedFor() {
        TopicDescription created =
                log().answer(log().client().createTopic(new NewTopic("t", 3, Map.of("retention.ms", "1000"))));

        assertThat(created.name()).isEqualTo("t");
        assertThat(created.partitionCount()).isEqualTo(3);
        assertThat(created.configs()).isEqualTo(Map.of("retention.ms", "1000"));
        assertThat(created.internal()).isFalse();
        assertThat(log().answer(log().client().describeTopic("t"))).isEqualTo(created);
    }

    @Test
    default void refusesTheSameNameTwice() {
        log().answer(log().client().createTopic(new NewTopic("t", 1)));
        assertThat(log().refusal(log().client().createTopic(new NewTopic("t", 1))))
                .isEqualTo(ErrorCode.TOPIC_ALREADY_EXISTS);
    }

    @Test
    default void refusesNamesThatKafkaRefuses() {
        for (String name : new String[] {"", ".", "..", "a b", "ä", "a/b", "x".repeat(250)}) {
            assertThat(log().refusal(log().client().createTopic(new NewTopic(name, 1))))
                    .as("'%s'", name)
                    .isEqualTo(ErrorCode.INVALID_TOPIC_EXCEPTION);
        }
        log().answer(log().client().createTopic(new NewTopic("x".repeat(249), 1)));
    }

    @Test
    default void refusesANameThatDiffersOnlyInDotAndUnderscore() {
        log().answer(log().client().createTopic(new NewTopic("a.b", 1)));
        assertThat(log().refusal(log().client().createTopic(new NewTopic("a_b", 1))))
                .isEqualTo(ErrorCode.INVALID_TOPIC_EXCEPTION);
    }

    @Test
    default void refusesATopicWithoutPartitions() {
        assertThat(log().refusal(log().client().createTopic(new NewTopic("t", 0))))
                .isEqualTo(ErrorCode.INVALID_PARTITIONS);
    }

    @Test
    default void refusesConfigurationsThatDoNotExistOrDoNotFit() {
        assertThat(log().refusal(log().client().createTopic(new NewTopic("t", 1, Map.of("retention.mss", "1")))))
                .isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(log().refusal(log().client().createTopic(new NewTopic("t", 1, Map.of("retention.ms", "soon")))))
                .isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(log().refusal(log().client().describeTopic("t"))).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    default void altersAllConfigurationsOrNone() {
        log().answer(log().client().createTopic(new NewTopic("t", 1, Map.of("retention.ms", "1", "segment.ms", "5"))));

        assertThat(log().refusal(log().client()
                        .alterTopic("t", Map.of("retention.ms", Optional.of("2"), "nonsense", Optional.of("2")))))
                .isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(log().answer(log().client().describeTopic("t")).configs())
                .isEqualTo(Map.of("retention.ms", "1", "segment.ms", "5"));

        log().answer(log().client()
                .alterTopic("t", Map.of("retention.ms", Optional.empty(), "retention.bytes", Optional.of("7"))));
        assertThat(log().answer(log().client().describeTopic("t")).configs())
                .isEqualTo(Map.of("retention.bytes", "7", "segment.ms", "5"));
    }

    @Test
    default void refusesToAlterWhatIsNotThere() {
        assertThat(log().refusal(log().client().alterTopic("t", Map.of())))
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    default void addsPartitionsAndNeverTakesAnyAway() {
        log().answer(log().client().createTopic(new NewTopic("t", 2)));
        TopicDescription more = log().answer(log().client().addPartitions("t", 4));

        assertThat(more.partitionCount()).isEqualTo(4);
        assertThat(log().answer(log().client().describeTopic("t"))).isEqualTo(more);
        for (int count : new int[] {4, 3, 0}) {
            assertThat(log().refusal(log().client().addPartitions("t", count))).isEqualTo(ErrorCode.INVALID_PARTITIONS);
        }
    }

    @Test
    default void listsTopicsInOrderOfNameWithTheInternalOnes() {
        log().answer(log().client().createTopic(new NewTopic("b", 1)));
        log().answer(log().client().createTopic(new NewTopic("a", 1)));

        assertThat(log().answer(log().client().listTopics()))
                .extracting(TopicDescription::name)
                .containsExactly("__consumer_offsets", "__transaction_state", "a", "b");
    }

    @Test
    default void givesATopicThatIsCreatedAgainAnotherIdAndNoRecords() {
        TopicPartition t0 = new TopicPartition("t", 0);
        TopicDescription first = log().answer(log().client().createTopic(new NewTopic("t", 1)));
        try (Producer producer = log().client().openProducer(ProducerOptions.idempotent())) {
            log().answer(producer.ready());
            log().answer(producer.append(t0, Records.batch("old")));
            log().answer(log().client().deleteTopic("t"));
            assertThat(log().refusal(log().client().describeTopic("t")))
                    .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
            assertThat(log().refusal(producer.append(t0, Records.batch("nowhere"))))
                    .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        }

        TopicDescription second = log().answer(log().client().createTopic(new NewTopic("t", 1)));

        assertThat(second.id()).isNotEqualTo(first.id());
        assertThat(Records.committed(log().client(), t0)).isEmpty();
    }

    @Test
    default void tellsAReaderThatItsTopicIsGone() {
        TopicPartition t0 = new TopicPartition("t", 0);
        log().answer(log().client().createTopic(new NewTopic("t", 1)));
        Subscription reader = log().client().openSubscription(IsolationLevel.READ_COMMITTED, 1024);
        reader.seek(t0, 0);
        log().answer(log().client().deleteTopic("t"));

        assertThat(reader.fetch(t0))
                .isInstanceOfSatisfying(FetchResult.Failed.class, failed -> assertThat(failed.error())
                        .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION));
    }

    @Test
    default void refusesToDeleteWhatIsNotThere() {
        assertThat(log().refusal(log().client().deleteTopic("t"))).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }
}
