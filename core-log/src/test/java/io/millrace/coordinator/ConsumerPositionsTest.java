package io.millrace.coordinator;

import static io.millrace.coordinator.ConsumerHarness.G;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.ErrorCode;
import io.millrace.client.TopicPartition;
import io.millrace.coordinator.GroupReply.PerPartition;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may commit and read positions of a group of the consumer protocol: nobody who has lost the partition. */
final class ConsumerPositionsTest {

    private final ConsumerHarness group = new ConsumerHarness();
    private final TestConsumer one = group.consumer("a");
    private final TestConsumer two = group.consumer("b");
    private Committer firstEpoch = Committer.OUTSIDER;

    @BeforeEach
    void oneHasHadEverythingAndSharesItNow() {
        one.beat();
        firstEpoch = one.asCommitter();
        two.beat();
        one.beat();
        one.beat();
        two.beat();
    }

    @Test
    void aMemberCommitsAtItsEpochAndAtAnEarlierOneWhatItHasHadSince() {
        assertThat(group.commit(one.asCommitter(), false, new TopicPartition("t", 0)))
                .isEqualTo(ErrorCode.NONE);
        TopicPartition kept = one.partitions().get(0);
        TopicPartition lost = two.partitions().get(0);
        assertThat(group.commit(firstEpoch, false, kept)).isEqualTo(ErrorCode.NONE);
        assertThat(group.commit(firstEpoch, false, kept, lost)).isEqualTo(ErrorCode.STALE_MEMBER_EPOCH);
        assertThat(group.commit(firstEpoch, true, lost)).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        assertThat(group.commit(new Committer("a", null, 99), false, kept)).isEqualTo(ErrorCode.STALE_MEMBER_EPOCH);
        assertThat(group.commit(new Committer("x", null, 1), false, kept)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(group.commit(new Committer("a", null, one.epoch(), false), false, kept))
                .isEqualTo(ErrorCode.UNSUPPORTED_VERSION);
        group.restart(true);
        assertThat(group.commit(firstEpoch, false, lost)).isEqualTo(ErrorCode.STALE_MEMBER_EPOCH);
        assertThat(group.commit(firstEpoch, false, kept)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void whatAMemberHasLostAndGotAgainItCommitsFromThenOnAlone() {
        TopicPartition kept = one.partitions().get(0);
        TopicPartition lent = two.partitions().get(0);
        two.leave();
        one.beat();
        one.beat();
        assertThat(one.partitions()).contains(kept, lent);
        assertThat(group.commit(one.asCommitter(), false, kept, lent)).isEqualTo(ErrorCode.NONE);
        assertThat(group.commit(firstEpoch, false, kept)).isEqualTo(ErrorCode.NONE);
        assertThat(group.commit(firstEpoch, false, lent)).isEqualTo(ErrorCode.STALE_MEMBER_EPOCH);
        assertThat(group.commit(firstEpoch, true, lent)).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
    }

    @Test
    void nobodyOutsideCommitsUnlessTheGroupIsEmpty() {
        TopicPartition any = new TopicPartition("t", 0);
        assertThat(group.commit(Committer.OUTSIDER, false, any)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(group.commit(Committer.OUTSIDER, true, any)).isEqualTo(ErrorCode.NONE);
        one.leave();
        two.leave();
        assertThat(group.commit(Committer.OUTSIDER, false, any)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void aMemberReadsAtItsEpochAndAnybodyWhoDoesNotSayThatItIsOne() {
        PositionKeeper positions = group.coordinator().positions();
        assertThat(positions.mayFetch(G, null, -1)).isEqualTo(ErrorCode.NONE);
        assertThat(positions.mayFetch(G, "a", one.epoch())).isEqualTo(ErrorCode.NONE);
        assertThat(positions.mayFetch(G, "a", 1)).isEqualTo(ErrorCode.STALE_MEMBER_EPOCH);
        assertThat(positions.mayFetch(G, "x", 1)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(positions.mayFetch("other", "x", 1)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void positionsInTopicsThatAreReadCannotBeDeletedAndDoNotExpire() {
        TopicPartition read = one.partitions().get(0);
        group.topic("u", 1);
        TopicPartition unread = new TopicPartition("u", 0);
        group.commit(one.asCommitter(), false, read, unread);
        Decision<GroupRecord, GroupReply> decision =
                group.coordinator().positions().delete(G, List.of(read, unread));
        assertThat(((PerPartition) decision.reply()).errors())
                .containsEntry(read, ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC)
                .containsEntry(unread, ErrorCode.NONE);

        long later = group.nowMs() + GroupLimits.DEFAULT.offsetsRetentionMs();
        group.write(group.coordinator().forgetExpired(later));
        assertThat(group.coordinator().committed(G)).containsOnlyKeys(read);
        one.leave();
        two.leave();
        group.write(group.coordinator().forgetExpired(later));
        assertThat(group.coordinator().listAll()).isEmpty();
        group.restart(true);
        assertThat(group.log()).isEmpty();
    }
}
