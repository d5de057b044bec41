package io.millrace.coordinator;

import static io.millrace.coordinator.GroupHarness.G;
import static io.millrace.coordinator.GroupHarness.REBALANCE_MS;
import static io.millrace.coordinator.GroupHarness.SESSION_MS;
import static io.millrace.coordinator.GroupHarness.range;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.ErrorCode;
import io.millrace.coordinator.GroupReply.Joined;
import io.millrace.coordinator.GroupRequest.Join;
import io.millrace.coordinator.GroupRequest.Leaver;
import io.millrace.coordinator.GroupRequest.Sync;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Dynamic members of a classic group that have joined: assigning, joining again, staying, leaving. */
final class RebalanceTest {

    private static final GroupLimits AT_ONCE = GroupLimits.DEFAULT.withInitialRebalanceDelayMs(0);

    private final GroupHarness group = new GroupHarness(AT_ONCE);

    // ---- assigning

    @Test
    void everybodyWaitsForTheLeadersAssignmentToBeWritten() {
        long first = group.join("");
        long second = group.join("");
        group.pass(0);
        String leader = group.joined(first).member();
        String other = group.joined(second).member();

        long waiting = group.sync(other, 1, Map.of());
        assertThat(group.isAnswered(waiting)).isFalse();
        assertThat(group.state()).isEqualTo(GroupState.COMPLETING_REBALANCE);
        assertThat(group.log()).isEmpty();
        long assigning = group.sync(leader, 1, Map.of(leader, "mine", other, "yours"));

        assertThat(group.log()).hasSize(1);
        assertThat(GroupHarness.text(group.synced(assigning))).isEqualTo("mine");
        assertThat(GroupHarness.text(group.synced(waiting))).isEqualTo("yours");
        assertThat(group.state()).isEqualTo(GroupState.STABLE);
        assertThat(GroupHarness.text(group.synced(group.sync(other, 1, Map.of()))))
                .isEqualTo("yours");
    }

    @Test
    void givesNothingToAMemberTheLeaderLeavesOut() {
        long first = group.join("");
        long second = group.join("");
        group.pass(0);
        long waiting = group.sync(group.joined(second).member(), 1, Map.of());
        group.sync(group.joined(first).member(), 1, Map.of());
        assertThat(group.synced(waiting).error()).isEqualTo(ErrorCode.NONE);
        assertThat(group.synced(waiting).assignment()).isEmpty();
    }

    @Test
    void refusesSyncsOfOtherGenerationsAndProtocols() {
        String member = group.stable(1).get(0);
        assertThat(group.synced(group.sync(member, 2, Map.of())).error()).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        assertThat(group.synced(group.sync(new Sync(G, member, null, 1, "connect", null, Map.of())))
                        .error())
                .isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(group.synced(group.sync(new Sync(G, member, null, 1, null, "other", Map.of())))
                        .error())
                .isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(group.synced(group.sync(new Sync(G, member, null, 1, null, null, Map.of())))
                        .error())
                .isEqualTo(ErrorCode.NONE);
        group.join("");
        assertThat(group.synced(group.sync(member, 1, Map.of())).error()).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
    }

    @Test
    void tellsThoseWhoWaitForAnAssignmentToJoinAgain() {
        group.join("");
        long second = group.join("");
        group.pass(0);
        long waiting = group.sync(group.joined(second).member(), 1, Map.of());
        group.join("");
        assertThat(group.synced(waiting).error()).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
        assertThat(group.state()).isEqualTo(GroupState.PREPARING_REBALANCE);
    }

    @Test
    void goesOnWithoutThoseWhoDoNotAskForTheirAssignment() {
        long first = group.join("");
        long second = group.join("");
        group.pass(0);
        String silent = group.joined(second).member();
        String leader = group.joined(first).member();
        group.sync(leader, 1, Map.of());
        for (int i = 0; i < REBALANCE_MS / 5_000; i++) {
            assertThat(group.describe().members()).hasSize(2);
            assertThat(group.heartbeat(leader, 1)).isEqualTo(ErrorCode.NONE);
            assertThat(group.heartbeat(silent, 1)).isEqualTo(ErrorCode.NONE);
            group.pass(5_000);
        }
        assertThat(group.state()).isEqualTo(GroupState.PREPARING_REBALANCE);
        assertThat(group.describe().members()).extracting(DescribedMember::id).containsExactly(leader);
    }

    @Test
    void aWriteThatFailsTakesTheGroupBack() {
        List<String> members = group.stable(2);
        long leader = group.join(members.get(0));
        long other = group.join(members.get(1));
        assertThat(group.joined(other).generation()).isEqualTo(2);
        long waiting = group.sync(members.get(1), 2, Map.of());
        group.fillDisk(true);
        long assigning = group.sync(members.get(0), 2, Map.of(members.get(1), "never"));

        assertThat(group.synced(assigning).error()).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        assertThat(group.synced(waiting).error()).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        assertThat(group.joined(leader).generation()).isEqualTo(2);
        assertThat(group.state()).isEqualTo(GroupState.STABLE);
        assertThat(group.heartbeat(members.get(1), 2)).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        assertThat(GroupHarness.text(group.synced(group.sync(members.get(1), 1, Map.of()))))
                .isEqualTo("a1");
        group.fillDisk(false);
        assertThat(group.isAnswered(group.join(members.get(0)))).isFalse();
    }

    // ---- joining again

    @Test
    void tellsAMemberThatChangesNothingWhereItIs() {
        List<String> members = group.stable(2);
        Joined again = group.joined(group.join(members.get(1)));
        assertThat(again.generation()).isEqualTo(1);
        assertThat(again.leader()).isEqualTo(members.get(0));
        assertThat(group.state()).isEqualTo(GroupState.STABLE);
    }

    @Test
    void repeatsTheAnswerThatWasLostOnTheWay() {
        long first = group.join("");
        long second = group.join("");
        group.pass(0);
        Joined leader = group.joined(group.join(group.joined(first).member()));
        assertThat(leader.generation()).isEqualTo(1);
        assertThat(leader.members()).hasSize(2);
        assertThat(group.joined(group.join(group.joined(second).member())).members())
                .isEmpty();
        assertThat(group.state()).isEqualTo(GroupState.COMPLETING_REBALANCE);
    }

    @Test
    void rebalancesForALeaderThatJoinsAgainAndForAMemberWithNews() {
        List<String> members = group.stable(2);
        long leader = group.join(members.get(0));
        assertThat(group.isAnswered(leader)).isFalse();
        assertThat(group.heartbeat(members.get(1), 1)).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
        long other = group.join(members.get(1));
        assertThat(group.joined(leader).generation()).isEqualTo(2);
        group.assign(group.joined(leader), members);

        long news = group.join(members.get(1), range("more"));
        assertThat(group.isAnswered(news)).isFalse();
        leader = group.join(members.get(0));
        assertThat(group.joined(leader).generation()).isEqualTo(3);
        assertThat(group.joined(leader).members().get(1).metadata()).isEqualTo(GroupHarness.subscription("more"));
        assertThat(group.joined(other).generation()).isEqualTo(2);

        group.join(members.get(1), range("even more"));
        assertThat(group.state()).isEqualTo(GroupState.PREPARING_REBALANCE);
    }

    @Test
    void goesOnWithoutThoseWhoDoNotJoinAgain() {
        List<String> members = group.stable(3);
        long joining = group.join(members.get(2), range("news"));
        for (int i = 0; i < REBALANCE_MS / 5_000; i++) {
            assertThat(group.isAnswered(joining)).isFalse();
            assertThat(group.heartbeat(members.get(0), 1)).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
            assertThat(group.heartbeat(members.get(1), 1)).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
            group.pass(5_000);
        }
        assertThat(group.joined(joining).leader()).isEqualTo(members.get(2));
        assertThat(group.joined(joining).members()).hasSize(1);
        assertThat(group.heartbeat(members.get(0), 2)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void answersTheFirstOfTwoRequestsWithOneId() {
        List<String> members = group.stable(2);
        long lost = group.join(members.get(0));
        long again = group.join(members.get(0));
        assertThat(group.joined(lost).error()).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
        group.join(members.get(1));
        assertThat(group.joined(again).error()).isEqualTo(ErrorCode.NONE);
        long lostSync = group.sync(members.get(1), 2, Map.of());
        long sync = group.sync(members.get(1), 2, Map.of());
        assertThat(group.synced(lostSync).error()).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
        group.sync(members.get(0), 2, Map.of());
        assertThat(group.synced(sync).error()).isEqualTo(ErrorCode.NONE);
    }

    // ---- staying and leaving

    @Test
    void aMemberThatIsNotHeardOfGoes() {
        List<String> members = group.stable(2);
        group.pass(SESSION_MS - 1);
        assertThat(group.heartbeat(members.get(0), 1)).isEqualTo(ErrorCode.NONE);
        group.pass(1);
        assertThat(group.state()).isEqualTo(GroupState.PREPARING_REBALANCE);
        assertThat(group.heartbeat(members.get(1), 1)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(group.heartbeat(members.get(0), 1)).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
        assertThat(group.heartbeat(members.get(0), 2)).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
    }

    @Test
    void aMemberThatWaitsCannotBeHeardOfAndStays() {
        List<String> members = group.stable(2);
        long waiting = group.join(members.get(1), range("news"));
        for (int i = 0; i < 4; i++) {
            group.pass(SESSION_MS - 1);
            group.heartbeat(members.get(0), 1);
        }
        assertThat(group.isAnswered(waiting)).isFalse();
        assertThat(group.describe().members()).hasSize(2);
    }

    @Test
    void aNewMemberThatWaitsForFiveMinutesIsSentAway() {
        List<String> members = group.stable(1);
        long patient = group.join(new Join(
                G, "", null, "app", "/h", SESSION_MS, 3_600_000, "consumer", List.of(range("t")), false, true));
        for (int i = 0; i < 60; i++) {
            assertThat(group.isAnswered(patient)).isFalse();
            group.heartbeat(members.get(0), 1);
            group.pass(5_000);
        }
        assertThat(group.joined(patient).error()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void everyLeaverHasItsOwnAnswerAndTheRestRebalances() {
        List<String> members = group.stable(3);
        assertThat(group.leave(
                        new Leaver(members.get(0), null), new Leaver("nobody", null), new Leaver(members.get(1), "x")))
                .containsExactly(ErrorCode.NONE, ErrorCode.UNKNOWN_MEMBER_ID, ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(group.state()).isEqualTo(GroupState.PREPARING_REBALANCE);
        long first = group.join(members.get(1));
        group.join(members.get(2));
        assertThat(group.joined(first).leader()).isEqualTo(members.get(1));
    }

    @Test
    void whoeverLeavesWhileItWaitsIsAnswered() {
        List<String> members = group.stable(2);
        long joining = group.join(members.get(0));
        group.leave(members.get(0));
        assertThat(group.joined(joining).error()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void isEmptyWhenTheLastMemberHasLeft() {
        String member = group.stable(1).get(0);
        group.leave(member);
        assertThat(group.state()).isEqualTo(GroupState.EMPTY);
        assertThat(group.describe().protocolType()).isEqualTo("consumer");
        assertThat(group.log()).hasSize(2);
        assertThat(group.log().get(1))
                .isEqualTo(new GroupRecord.Membership(
                        G, new GroupMembership.Classic(2, "consumer", null, null, List.of(), group.nowMs())));
    }

    // ---- restarts

    @Test
    void aStableGroupGoesOnAfterARestart() {
        List<String> members = group.stable(2);
        DescribedGroup before = group.describe();
        group.pass(SESSION_MS - 1);
        group.restart();
        assertThat(group.describe()).usingRecursiveComparison().isEqualTo(before);
        group.pass(SESSION_MS - 1);
        assertThat(group.heartbeat(members.get(0), 1)).isEqualTo(ErrorCode.NONE);
        assertThat(GroupHarness.text(group.synced(group.sync(members.get(1), 1, Map.of()))))
                .isEqualTo("a1");
        assertThat(group.isAnswered(group.join(members.get(1)))).isTrue();
        group.pass(SESSION_MS);
        assertThat(group.state()).isEqualTo(GroupState.EMPTY);
    }

    @Test
    void anUnfinishedRebalanceIsForgottenByARestart() {
        List<String> members = group.stable(2);
        group.join(members.get(0));
        group.join(members.get(1));
        group.restart();
        assertThat(group.state()).isEqualTo(GroupState.STABLE);
        assertThat(group.synced(group.sync(members.get(0), 2, Map.of())).error())
                .isEqualTo(ErrorCode.ILLEGAL_GENERATION);
    }

    @Test
    void aGroupThatHasBecomeTooLargeRebalancesAfterARestart() {
        List<String> members = group.stable(2);
        GroupHarness smaller = new GroupHarness(AT_ONCE.withMembersMax(1));
        smaller.write(group.log());
        smaller.restart();
        assertThat(smaller.heartbeat(members.get(0), 1)).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
    }
}
