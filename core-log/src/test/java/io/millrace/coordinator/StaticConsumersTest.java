package io.millrace.coordinator;

import static io.millrace.coordinator.ConsumerHarness.SESSION_MS;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.ErrorCode;
import io.millrace.coordinator.GroupRequest.Leaver;
import io.millrace.coordinator.assign.Partitions;
import org.junit.jupiter.api.Test;

/** Members of the consumer protocol with an instance id: they go for a while, and come back to what they had. */
final class StaticConsumersTest {

    private final ConsumerHarness group = new ConsumerHarness();
    private final TestConsumer one = group.consumer("a", "i1");
    private final TestConsumer two = group.consumer("b");

    private void share() {
        one.beat();
        two.beat();
        one.beat();
        one.beat();
        two.beat();
        assertThat(two.count()).isEqualTo(2);
    }

    @Test
    void whoGoesForAWhileComesBackToItsPartitionsAndNobodyElseMoves() {
        share();
        Partitions had = one.owned();
        Partitions others = two.owned();
        int epoch = group.describe().epoch();
        assertThat(one.leave()).isEqualTo(ErrorCode.NONE);
        assertThat(two.beat().owned()).isEqualTo(others);
        group.restart(true);
        one.restart("a2");
        assertThat(one.beat().owned()).isEqualTo(had);
        assertThat(two.beat().owned()).isEqualTo(others);
        assertThat(group.describe().epoch()).isEqualTo(epoch);
        assertThat(group.describe().members())
                .extracting(DescribedConsumerGroup.Member::id)
                .containsExactly("a2", "b");
    }

    @Test
    void whoDoesNotComeBackInTimeIsReplaced() {
        share();
        one.leave();
        for (int ms = 0; ms <= SESSION_MS; ms += 5_000) {
            two.beat();
            group.pass(5_000);
        }
        assertThat(two.beat().count()).isEqualTo(4);
    }

    @Test
    void whoSaysThatItGoesForGoodIsReplacedAtOnce() {
        share();
        assertThat(one.leaveForGood()).isEqualTo(ErrorCode.NONE);
        assertThat(two.beat().count()).isEqualTo(4);
    }

    @Test
    void anInstanceIdBelongsToOneMemberUntilItLetsItGo() {
        one.beat();
        assertThat(group.consumer("other", "i1").tryBeat()).isEqualTo(ErrorCode.UNRELEASED_INSTANCE_ID);
        one.leave();
        TestConsumer successor = group.consumer("other", "i1").beat();
        assertThat(successor.count()).isEqualTo(4);
        assertThat(group.beat(one.request(1)).error()).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
        assertThat(group.beat(one.request(-1)).error()).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
        assertThat(group.beat(group.consumer("x", "i9").request(1)).error()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void anOperatorSendsAMemberAwayByItsInstanceId() {
        share();
        assertThat(group.leave(new Leaver("", "i1"), new Leaver("", "i9"), new Leaver("nobody", null)))
                .containsExactly(ErrorCode.NONE, ErrorCode.UNKNOWN_MEMBER_ID, ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(two.beat().count()).isEqualTo(4);
    }
}
