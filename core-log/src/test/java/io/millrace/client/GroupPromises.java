package io.millrace.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Committed positions and claims. */
interface GroupPromises {

    TopicPartition G0 = new TopicPartition("g", 0);
    TopicPartition G1 = new TopicPartition("g", 1);

    LogFixture log();

    private Map<TopicPartition, CommittedOffset> committed(String group) {
        return log().answer(log().client().committedOffsets(group));
    }

    private void commit(String group, TopicPartition partition, long offset) {
        log().answer(log().client().commitOffsets(group, Map.of(partition, new CommittedOffset(offset))));
    }

    @Test
    default void remembersTheLastCommittedPositions() {
        assertThat(committed("group")).isEmpty();
        CommittedOffset first = new CommittedOffset(7, 3, "note");
        log().answer(log().client().commitOffsets("group", Map.of(G0, first, G1, new CommittedOffset(1))));
        commit("group", G1, 2);

        assertThat(committed("group")).isEqualTo(Map.of(G0, first, G1, new CommittedOffset(2)));
        assertThat(committed("other")).isEmpty();
    }

    @Test
    default void refusesAGroupWithoutANameAndNotesThatAreTooLong() {
        assertThat(log().refusal(log().client().commitOffsets("", Map.of(G0, new CommittedOffset(1)))))
                .isEqualTo(ErrorCode.INVALID_GROUP_ID);
        assertThat(log().refusal(log().client()
                        .commitOffsets("group", Map.of(G0, new CommittedOffset(1, -1, "x".repeat(4097))))))
                .isEqualTo(ErrorCode.OFFSET_METADATA_TOO_LARGE);
        assertThat(committed("group")).isEmpty();
    }

    @Test
    default void forgetsPositionsOneByOneOrAllTogether() {
        assertThat(log().refusal(log().client().deleteOffsets("group", List.of())))
                .isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
        commit("group", G0, 1);
        commit("group", G1, 2);
        log().answer(log().client().deleteOffsets("group", List.of(G0)));
        assertThat(committed("group")).isEqualTo(Map.of(G1, new CommittedOffset(2)));
        log().answer(log().client().deleteOffsets("group", List.of()));
        assertThat(committed("group")).isEmpty();
        assertThat(log().answer(log().client().listGroups())).isEmpty();
    }

    @Test
    default void listsGroupsInOrderOfName() {
        commit("b", G0, 1);
        commit("a", G0, 1);
        log().answer(log().client().claimGroup("c"));
        assertThat(log().answer(log().client().listGroups()))
                .containsExactly(
                        new GroupDescription("a", "Empty", 0),
                        new GroupDescription("b", "Empty", 0),
                        new GroupDescription("c", "Stable", 1));
    }

    @Test
    default void keepsOthersOutOfAClaimedGroup() {
        commit("group", G0, 1);
        GroupClaim claim = log().answer(log().client().claimGroup("group"));
        assertThat(claim.group()).isEqualTo("group");
        try (LogClient other = log().openClient()) {
            assertThat(log().refusal(other.claimGroup("group"))).isEqualTo(ErrorCode.NON_EMPTY_GROUP);
            assertThat(log().refusal(other.commitOffsets("group", Map.of(G0, new CommittedOffset(9)))))
                    .isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
            assertThat(log().refusal(other.deleteOffsets("group", List.of()))).isEqualTo(ErrorCode.NON_EMPTY_GROUP);
            assertThat(log().answer(other.committedOffsets("group"))).isEqualTo(Map.of(G0, new CommittedOffset(1)));

            commit("group", G0, 2);
            claim.close();
            log().answer(log().client().listGroups());
            log().answer(other.commitOffsets("group", Map.of(G0, new CommittedOffset(9))));
        }
        assertThat(committed("group")).isEqualTo(Map.of(G0, new CommittedOffset(9)));
    }

    @Test
    default void endsAClaimWithItsClient() {
        LogClient other = log().openClient();
        log().answer(other.claimGroup("group"));
        other.close();
        log().answer(log().client().claimGroup("group"));
    }

    @Test
    default void commitsPositionsWithTheirTransaction() {
        commit("group", G0, 1);
        Producer producer = log().client().openProducer(ProducerOptions.transactional("tx"));
        log().answer(producer.ready());
        Transaction transaction = producer.begin();
        log().answer(transaction.commitOffsets("group", Map.of(G0, new CommittedOffset(5))));

        assertThat(log().refusal(log().client().committedOffsets("group"))).isEqualTo(ErrorCode.UNSTABLE_OFFSET_COMMIT);

        log().answer(transaction.commit());
        log().answer(transaction.completed());
        assertThat(committed("group")).isEqualTo(Map.of(G0, new CommittedOffset(5)));
    }

    @Test
    default void forgetsPositionsOfAnAbortedTransaction() {
        commit("group", G0, 1);
        Producer producer = log().client().openProducer(ProducerOptions.transactional("tx"));
        log().answer(producer.ready());
        Transaction transaction = producer.begin();
        log().answer(transaction.commitOffsets("group", Map.of(G0, new CommittedOffset(5))));
        log().answer(transaction.abort());
        log().answer(transaction.completed());
        assertThat(committed("group")).isEqualTo(Map.of(G0, new CommittedOffset(1)));
    }

    @Test
    default void refusesTransactionalPositionsOfAGroupSomebodyElseHasClaimed() {
        try (LogClient other = log().openClient()) {
            log().answer(other.claimGroup("group"));
            Producer producer = log().client().openProducer(ProducerOptions.transactional("tx"));
            log().answer(producer.ready());
            Transaction transaction = producer.begin();
            assertThat(log().refusal(transaction.commitOffsets("group", Map.of(G0, new CommittedOffset(5)))))
                    .isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
            log().answer(transaction.abort());
        }
    }

    @Test
    default void forgetsTheUnusedButNeverWhatIsClaimed() {
        commit("idle", G0, 1);
        commit("claimed", G0, 1);
        log().answer(log().client().claimGroup("claimed"));
        log().passTime(Duration.ofDays(7).plusHours(1));
        log().settle();
        assertThat(committed("idle")).isEmpty();
        assertThat(committed("claimed")).isEqualTo(Map.of(G0, new CommittedOffset(1)));
    }

    @Test
    default void forgetsPositionsInATopicThatIsDeleted() {
        log().answer(log().client().createTopic(new NewTopic("g", 1)));
        TopicPartition elsewhere = new TopicPartition("h", 0);
        commit("group", G0, 1);
        commit("group", elsewhere, 1);
        log().answer(log().client().deleteTopic("g"));
        assertThat(committed("group")).isEqualTo(Map.of(elsewhere, new CommittedOffset(1)));
    }
}
