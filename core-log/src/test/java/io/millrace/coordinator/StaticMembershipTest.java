package io.millrace.coordinator;

import static io.millrace.coordinator.GroupHarness.G;
import static io.millrace.coordinator.GroupHarness.REBALANCE_MS;
import static io.millrace.coordinator.GroupHarness.SESSION_MS;
import static io.millrace.coordinator.GroupHarness.range;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.ErrorCode;
import io.millrace.client.TopicPartition;
import io.millrace.coordinator.GroupReply.Joined;
import io.millrace.coordinator.GroupRequest.Heartbeat;
import io.millrace.coordinator.GroupRequest.Join;
import io.millrace.coordinator.GroupRequest.Leaver;
import io.millrace.coordinator.GroupRequest.Protocol;
import io.millrace.coordinator.GroupRequest.Sync;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Members with an instance id (KIP-345): a restart of one does not disturb the others. */
final class StaticMembershipTest {

    private final GroupHarness group = new GroupHarness(GroupLimits.DEFAULT.withInitialRebalanceDelayMs(0));
    private String leader = "";
    private String other = "";

    @BeforeEach
    void twoStaticMembers() {
        long first = group.joinStatic("i0", "");
        long second = group.joinStatic("i1", "");
        group.pass(0);
        leader = group.joined(first).member();
        other = group.joined(second).member();
        group.assign(group.joined(first), List.of(leader, other));
    }

    private ErrorCode heartbeat(String instance, String member) {
        return group.coordinator().classic().heartbeat(new Heartbeat(G, member, instance, 1), group.nowMs());
    }

    @Test
    void namesMembersByTheirInstance() {
        assertThat(leader).startsWith("i0-");
        assertThat(group.describe().members())
                .extracting(DescribedMember::instance)
                .containsExactly("i0", "i1");
    }

    @Test
    void whoComesBackGoesOnWithTheAssignmentAndTheOldIdIsFenced() {
        Joined back = group.joined(group.joinStatic("i1", ""));
        assertThat(back.error()).isEqualTo(ErrorCode.NONE);
        assertThat(back.generation()).isEqualTo(1);
        assertThat(back.leader()).isEqualTo(leader);
        assertThat(back.member()).startsWith("i1-").isNotEqualTo(other);
        assertThat(group.state()).isEqualTo(GroupState.STABLE);

        assertThat(heartbeat("i1", other)).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
        assertThat(group.joined(group.joinStatic("i1", other)).error()).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
        assertThat(group.synced(group.sync(new Sync(G, other, "i1", 1, null, null, Map.of())))
                        .error())
                .isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
        assertThat(group.commit(new Committer(other, "i1", 1), new TopicPartition("t", 0), 1))
                .isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
        assertThat(group.leave(new Leaver(other, "i1"))).containsExactly(ErrorCode.FENCED_INSTANCE_ID);
        assertThat(heartbeat("i9", other)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);

        assertThat(heartbeat("i1", back.member())).isEqualTo(ErrorCode.NONE);
        assertThat(GroupHarness.text(group.synced(group.sync(back.member(), 1, Map.of()))))
                .isEqualTo("a1");
        group.restart();
        assertThat(heartbeat("i1", back.member())).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void aLeaderThatComesBackIsToldToKeepTheAssignment() {
        Joined back = group.joined(group.joinStatic("i0", ""));
        assertThat(back.leader()).isEqualTo(back.member());
        assertThat(back.assignmentSkipped()).isTrue();
        assertThat(back.members()).hasSize(2);
    }

    @Test
    void aLeaderOfAnOldClientIsNotToldThatItLeads() {
        Joined back = group.joined(group.join(new Join(
                G, "", "i0", "c", "/h", SESSION_MS, REBALANCE_MS, "consumer", List.of(range("t")), false, false)));
        assertThat(back.leader()).isEqualTo(leader).isNotEqualTo(back.member());
        assertThat(back.assignmentSkipped()).isFalse();
        assertThat(back.members()).isEmpty();
    }

    @Test
    void rebalancesIfWhoComesBackChangesTheProtocol() {
        Protocol sticky = new Protocol("sticky", new byte[] {1});
        group.joinStatic("i0", leader, sticky, range("t"));
        long second = group.joinStatic("i1", other, range("t"), sticky);
        assertThat(group.joined(second).protocol()).isEqualTo("sticky");
        group.assign(group.joined(second), List.of());
        group.sync(new Sync(G, leader, null, 2, null, null, Map.of()));
        assertThat(group.state()).isEqualTo(GroupState.STABLE);

        long back = group.joinStatic("i0", "", range("t"));
        assertThat(group.isAnswered(back)).isFalse();
        assertThat(group.state()).isEqualTo(GroupState.PREPARING_REBALANCE);
    }

    @Test
    void rebalancesIfSomebodyComesBackBeforeTheLeaderHasAssigned() {
        group.joinStatic("i0", leader);
        long second = group.joinStatic("i1", other);
        assertThat(group.joined(second).generation()).isEqualTo(2);
        long waiting = group.sync(other, 2, Map.of());
        group.joinStatic("i1", "");
        assertThat(group.synced(waiting).error()).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
        assertThat(group.state()).isEqualTo(GroupState.PREPARING_REBALANCE);
    }

    @Test
    void whoWaitsToJoinIsFencedByWhoComesAfter() {
        long waiting = group.joinStatic("i0", leader);
        group.joinStatic("i0", "");
        assertThat(group.joined(waiting).error()).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
        assertThat(group.joined(waiting).member()).isEqualTo(leader);
    }

    @Test
    void waitsForStaticMembersUntilTheirSessionsEnd() {
        group.joinStatic("i0", leader);
        for (int i = 0; i <= REBALANCE_MS / 5_000; i++) {
            heartbeat("i1", other);
            group.pass(5_000);
        }
        assertThat(group.state()).isEqualTo(GroupState.COMPLETING_REBALANCE);
        assertThat(group.describe().members()).hasSize(2);
        group.pass(SESSION_MS);
        assertThat(group.describe().members())
                .extracting(DescribedMember::instance)
                .doesNotContain("i1");
    }

    @Test
    void anOperatorRemovesMembersByInstance() {
        assertThat(group.leave(new Leaver("", "i1"), new Leaver("", "i7"), new Leaver("", null)))
                .containsExactly(ErrorCode.NONE, ErrorCode.UNKNOWN_MEMBER_ID, ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(group.describe().members()).extracting(DescribedMember::id).containsExactly(leader);
    }

    @Test
    void aWriteThatFailsLeavesTheOldIdInPlace() {
        group.fillDisk(true);
        long back = group.joinStatic("i1", "");
        assertThat(group.joined(back).error()).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        assertThat(heartbeat("i1", other)).isEqualTo(ErrorCode.NONE);
    }
}
