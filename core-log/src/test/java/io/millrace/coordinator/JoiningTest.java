package io.millrace.coordinator;

import static io.millrace.coordinator.GroupHarness.G;
import static io.millrace.coordinator.GroupHarness.REBALANCE_MS;
import static io.millrace.coordinator.GroupHarness.SESSION_MS;
import static io.millrace.coordinator.GroupHarness.range;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.ErrorCode;
import io.millrace.coordinator.GroupReply.Joined;
import io.millrace.coordinator.GroupReply.JoinedMember;
import io.millrace.coordinator.GroupRequest.Join;
import io.millrace.coordinator.GroupRequest.Leaver;
import io.millrace.coordinator.GroupRequest.Protocol;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How a classic group begins: who may join it, how long it waits, what its members agree upon. */
final class JoiningTest {

    private static final GroupLimits AT_ONCE = GroupLimits.DEFAULT.withInitialRebalanceDelayMs(0);

    private final GroupHarness group = new GroupHarness(AT_ONCE);

    private static Protocol protocol(String name) {
        return new Protocol(name, new byte[] {1});
    }

    // ---- the first rebalance

    @Test
    void tellsANewMemberItsIdFirstIfAsked() {
        long first = group.join(new Join(
                G,
                "",
                null,
                "app",
                "/10.0.0.1",
                SESSION_MS,
                REBALANCE_MS,
                "consumer",
                List.of(range("t")),
                true,
                true));
        Joined required = group.joined(first);
        assertThat(required.error()).isEqualTo(ErrorCode.MEMBER_ID_REQUIRED);
        assertThat(required.member()).startsWith("app-").hasSize("app-".length() + 36);

        long second = group.join(required.member());
        group.pass(0);
        assertThat(group.joined(second).error()).isEqualTo(ErrorCode.NONE);
        assertThat(group.joined(second).member()).isEqualTo(required.member());
        assertThat(group.joined(second).leader()).isEqualTo(required.member());
        assertThat(group.joined(second).generation()).isEqualTo(1);
    }

    @Test
    void forgetsAnIdThatNobodyComesBackWith() {
        long first = group.join(new Join(
                G, "", null, "app", "/h", SESSION_MS, REBALANCE_MS, "consumer", List.of(range("t")), true, true));
        group.pass(SESSION_MS);
        long second = group.join(group.joined(first).member());
        assertThat(group.joined(second).error()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(group.state()).isEqualTo(GroupState.DEAD);
        assertThat(group.log()).isEmpty();
    }

    @Test
    void waitsForMoreMembersOfAnEmptyGroupAndAgainAsLongAsTheyCome() {
        GroupHarness slow = new GroupHarness(GroupLimits.DEFAULT.withInitialRebalanceDelayMs(3_000));
        long first = slow.join("");
        slow.pass(2_999);
        assertThat(slow.isAnswered(first)).isFalse();
        long second = slow.join("");
        slow.pass(1);
        assertThat(slow.isAnswered(first)).isFalse();
        slow.pass(2_999);
        assertThat(slow.isAnswered(first)).isFalse();
        slow.pass(1);
        assertThat(slow.joined(first).generation()).isEqualTo(1);
        assertThat(slow.joined(first).members()).hasSize(2);
        assertThat(slow.joined(second).generation()).isEqualTo(1);
    }

    @Test
    void waitsForTheFirstMembersNoLongerThanTheyAskFor() {
        GroupHarness slow = new GroupHarness(GroupLimits.DEFAULT.withInitialRebalanceDelayMs(50_000));
        long first = slow.join("");
        slow.pass(49_999);
        slow.join("");
        slow.pass(1);
        assertThat(slow.isAnswered(first)).isFalse();
        slow.pass(REBALANCE_MS - 50_000);
        assertThat(slow.isAnswered(first)).isTrue();
    }

    @Test
    void waitsForMoreMembersNoLongerThanARebalanceMayTake() {
        GroupHarness slow = new GroupHarness(GroupLimits.DEFAULT.withInitialRebalanceDelayMs(3_000));
        long first = slow.join("");
        for (int ms = 0; ms < REBALANCE_MS; ms += 1_000) {
            assertThat(slow.isAnswered(first)).isFalse();
            slow.join("");
            slow.pass(1_000);
        }
        assertThat(slow.isAnswered(first)).isTrue();
    }

    @Test
    void tellsTheLeaderAloneWhatEverybodySaid() {
        long first = group.join("", range("t"));
        long second = group.join("", range("u"));
        group.pass(0);
        Joined leader = group.joined(first);
        assertThat(leader.leader()).isEqualTo(leader.member());
        assertThat(leader.members())
                .extracting(JoinedMember::id)
                .containsExactly(leader.member(), group.joined(second).member());
        assertThat(leader.members().get(1).metadata()).isEqualTo(GroupHarness.subscription("u"));
        assertThat(group.joined(second).members()).isEmpty();
        assertThat(group.joined(second).leader()).isEqualTo(leader.member());
    }

    // ---- what is refused

    @Test
    void refusesSessionsOutOfBounds() {
        for (int sessionMs : new int[] {5_999, 1_800_001}) {
            long ticket = group.join(
                    new Join(G, "", null, "app", "/h", sessionMs, 1, "consumer", List.of(range("t")), false, true));
            assertThat(group.joined(ticket).error()).isEqualTo(ErrorCode.INVALID_SESSION_TIMEOUT);
        }
        assertThat(group.state()).isEqualTo(GroupState.DEAD);
    }

    @Test
    void refusesAGroupWithoutANameAndAMemberOfNoGroup() {
        long nameless = group.join(
                new Join("", "", null, "app", "/h", SESSION_MS, 1, "consumer", List.of(range("t")), false, true));
        assertThat(group.joined(nameless).error()).isEqualTo(ErrorCode.INVALID_GROUP_ID);
        assertThat(group.joined(group.join("somebody")).error()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(group.synced(group.sync("somebody", 1, Map.of())).error()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(group.heartbeat("somebody", 1)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(group.leave(new Leaver("somebody", null))).containsExactly(ErrorCode.UNKNOWN_MEMBER_ID);
        group.stable(1);
        assertThat(group.joined(group.join("somebody")).error()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void refusesMembersWithoutACommonProtocolOrOfAnotherKind() {
        group.stable(1);
        assertThat(group.joined(group.join("", protocol("roundrobin"))).error())
                .isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        long other = group.join(
                new Join(G, "", null, "app", "/h", SESSION_MS, 1, "connect", List.of(range("t")), false, true));
        assertThat(group.joined(other).error()).isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        long nothing =
                group.join(new Join(G, "", null, "app", "/h", SESSION_MS, 1, "consumer", List.of(), false, true));
        assertThat(group.joined(nothing).error()).isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(group.state()).isEqualTo(GroupState.STABLE);
    }

    @Test
    void refusesMoreMembersThanAGroupMayHave() {
        GroupHarness small = new GroupHarness(AT_ONCE.withMembersMax(2));
        List<String> members = small.stable(2);
        assertThat(small.joined(small.join("")).error()).isEqualTo(ErrorCode.GROUP_MAX_SIZE_REACHED);
        assertThat(small.state()).isEqualTo(GroupState.STABLE);
        long leader = small.join(members.get(0)); // causes a rebalance
        long newcomer = small.join("");
        assertThat(small.isAnswered(leader)).isFalse();
        assertThat(small.joined(small.join(members.get(1))).error()).isEqualTo(ErrorCode.GROUP_MAX_SIZE_REACHED);
        assertThat(small.joined(newcomer).error()).isEqualTo(ErrorCode.NONE);
        assertThat(small.joined(leader).members()).hasSize(2);
    }

    // ---- what is agreed upon

    @Test
    void takesTheProtocolMostLikeBestOfThoseThatAllSupport() {
        long first = group.join("", protocol("a"), protocol("b"), protocol("c"));
        group.join("", protocol("d"), protocol("c"), protocol("b"));
        group.join("", protocol("c"), protocol("b"));
        group.pass(0);
        assertThat(group.joined(first).protocol()).isEqualTo("c");
        assertThat(group.joined(first).protocolType()).isEqualTo("consumer");
    }

    @Test
    void anEmptyGroupMayBecomeOneOfAnotherKind() {
        String member = group.stable(1).get(0);
        group.leave(member);
        long ticket = group.join(new Join(
                G, "", null, "worker", "/h", SESSION_MS, 1, "connect", List.of(protocol("sessioned")), false, true));
        group.pass(0);
        assertThat(group.joined(ticket).error()).isEqualTo(ErrorCode.NONE);
        assertThat(group.describe().protocolType()).isEqualTo("connect");
    }
}
