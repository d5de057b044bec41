package io.millrace.coordinator;

import static io.millrace.coordinator.ConsumerHarness.G;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.client.CommittedOffset;
import io.millrace.client.ErrorCode;
import io.millrace.client.TopicPartition;
import io.millrace.coordinator.GroupReply.Joined;
import io.millrace.coordinator.GroupRequest.Join;
import io.millrace.coordinator.GroupRequest.Leaver;
import io.millrace.coordinator.GroupRequest.Protocol;
import io.millrace.coordinator.GroupRequest.Sync;
import io.millrace.record.wire.ByteWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Groups that go from one protocol to the other while members are in them, and members of both in one group. */
final class ProtocolMigrationTest {

    private final ConsumerHarness group = new ConsumerHarness();
    private final TestClassicConsumer old = new TestClassicConsumer(group, null);
    private final TestConsumer fresh = group.consumer("fresh");

    private void classicGroup() {
        for (int i = 0; i < 4; i++) {
            old.act();
            group.pass(10);
        }
        assertThat(old.count()).isEqualTo(4);
        assertThat(group.isConsumerGroup()).isFalse();
    }

    private void settle() {
        for (int i = 0; i < 8; i++) {
            old.act();
            fresh.beat();
        }
    }

    @Test
    void aClassicGroupBecomesOneOfTheConsumerProtocolWithItsFirstSuchMember() {
        classicGroup();
        fresh.beat();
        assertThat(group.isConsumerGroup()).isTrue();
        assertThat(fresh.count()).as("nobody has let anything go").isZero();
        assertThat(old.act().lastError()).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
        settle();
        assertThat(old.count()).isEqualTo(2);
        assertThat(fresh.count()).isEqualTo(2);
        assertThat(group.describe().state()).isEqualTo(GroupState.STABLE);
        assertThat(group.describe().members())
                .extracting(DescribedConsumerGroup.Member::classic)
                .containsExactlyInAnyOrder(true, false);
        assertThat(group.coordinator().listAll()).extracting(ListedGroup::type).containsExactly("consumer");
    }

    @Test
    void membersOfBothProtocolsShareAcrossARestart() {
        classicGroup();
        fresh.beat();
        settle();
        group.restart(true);
        DescribedConsumerGroup before = group.describe();
        settle();
        assertThat(group.describe()).isEqualTo(before);
        TestClassicConsumer third = new TestClassicConsumer(group, null);
        for (int i = 0; i < 10; i++) {
            third.act();
            settle();
        }
        assertThat(List.of(old.count(), fresh.count(), third.count())).containsExactlyInAnyOrder(2, 1, 1);
        assertThat(group.leave(new Leaver(third.id(), null))).containsExactly(ErrorCode.NONE);
        settle();
        assertThat(old.count() + fresh.count()).isEqualTo(4);
    }

    @Test
    void aGroupIsClassicAgainWhenItsLastConsumerLeaves() {
        classicGroup();
        fresh.beat();
        settle();
        fresh.leave();
        assertThat(group.isConsumerGroup()).isFalse();
        assertThat(group.describeClassic().state()).isEqualTo(GroupState.PREPARING_REBALANCE);
        for (int i = 0; i < 8; i++) {
            old.act();
        }
        assertThat(old.count()).isEqualTo(4);
        assertThat(group.describeClassic().state()).isEqualTo(GroupState.STABLE);
        group.restart(true);
        assertThat(group.describeClassic().members()).hasSize(1);
    }

    @Test
    void aGroupIsClassicAgainWhenItsLastConsumerIsNotHeardOf() {
        classicGroup();
        fresh.beat();
        settle();
        for (int ms = 0; ms < 60_000; ms += 1_000) {
            group.pass(1_000);
            old.act();
        }
        assertThat(group.isConsumerGroup()).isFalse();
        assertThat(old.count()).isEqualTo(4);
    }

    @Test
    void aClassicGroupThatIsLeftAloneEndsItsSessions() {
        classicGroup();
        fresh.beat();
        settle();
        fresh.leave();
        group.pass(120_000);
        assertThat(group.describeClassic().state()).isEqualTo(GroupState.EMPTY);
    }

    @Test
    void aStaticClassicMemberIsUpgradedByItsSuccessorAndBack() {
        TestClassicConsumer first = new TestClassicConsumer(group, "i");
        for (int i = 0; i < 4; i++) {
            first.act();
            group.pass(10);
        }
        assertThat(first.count()).isEqualTo(4);
        TestConsumer successor = group.consumer("new", "i").beat();
        assertThat(successor.count()).isEqualTo(4);
        assertThat(group.describe().members()).hasSize(1);
        assertThat(first.act().lastError()).isIn(ErrorCode.FENCED_INSTANCE_ID, ErrorCode.UNKNOWN_MEMBER_ID);

        first.restart();
        for (int i = 0; i < 4; i++) {
            first.act();
        }
        assertThat(group.isConsumerGroup()).as("it was the last one").isFalse();
        assertThat(first.count()).isEqualTo(4);
        assertThat(successor.tryBeat()).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
    }

    @Test
    void aClassicSuccessorTakesNothingFromAMemberThatHasNotHeardOfIt() {
        classicGroup();
        group.consumer("new", "i").beat();
        TestClassicConsumer successor = new TestClassicConsumer(group, "i");
        for (int i = 0; i < 6; i++) {
            successor.act();
        }
        assertThat(group.isConsumerGroup()).isFalse();
        assertThat(old.count()).isEqualTo(4);
        assertThat(successor.count()).as("read by two").isZero();
        for (int i = 0; i < 12; i++) {
            old.act();
            successor.act();
        }
        assertThat(List.of(old.count(), successor.count())).containsExactly(2, 2);
    }

    @Test
    void whoDoesNotJoinOrSyncInTimeGoes() {
        classicGroup();
        fresh.beat();
        for (int ms = 0; ms < ConsumerHarness.REBALANCE_MS; ms += 1_000) {
            assertThat(group.heartbeat(old.id(), null, old.generation())).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
            group.pass(1_000);
            fresh.beat();
        }
        assertThat(group.describe().members()).hasSize(1);
        assertThat(fresh.beat().count()).isEqualTo(4);

        TestClassicConsumer other = new TestClassicConsumer(group, null);
        other.act().act();
        for (int ms = 0; ms < ConsumerHarness.REBALANCE_MS; ms += 1_000) {
            group.pass(1_000);
            fresh.beat();
        }
        assertThat(group.describe().members()).hasSize(1);
    }

    @Test
    void anEmptyGroupTakesWhicheverProtocolComesNext() {
        classicGroup();
        group.leave(new Leaver(old.id(), null));
        fresh.beat();
        assertThat(fresh.count()).isEqualTo(4);
        assertThat(group.describe().epoch()).isEqualTo(2);
        fresh.leave();
        old.restart();
        classicGroup();
        group.restart(true);
        assertThat(group.isConsumerGroup()).isFalse();
        assertThat(group.describeClassic().members()).hasSize(1);
    }

    @Test
    void positionsAloneDoNotKeepAGroupFromEitherProtocol() {
        group.write(group.coordinator()
                .positions()
                .commit(G, Committer.OUTSIDER, false, Map.of(new TopicPartition("t", 0), new CommittedOffset(7)), 1)
                .records());
        assertThat(fresh.beat().count()).isEqualTo(4);
        assertThat(group.coordinator().committed(G)).hasSize(1);
    }

    @Test
    void policiesForbidWhatTheySay() {
        assertThat(firstBeatInClassicGroup(MigrationPolicy.UPGRADE)).isEqualTo(ErrorCode.NONE);
        assertThat(firstBeatInClassicGroup(MigrationPolicy.DOWNGRADE)).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
        assertThat(firstBeatInClassicGroup(MigrationPolicy.DISABLED)).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);

        ConsumerHarness disabled = with(MigrationPolicy.DISABLED);
        disabled.consumer("a").beat();
        TestClassicConsumer late = new TestClassicConsumer(disabled, null);
        assertThat(late.act().act().lastError()).isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);

        ConsumerHarness upgrade = with(MigrationPolicy.UPGRADE);
        TestConsumer only = upgrade.consumer("a").beat();
        new TestClassicConsumer(upgrade, null).act();
        only.leave();
        assertThat(upgrade.isConsumerGroup()).as("it does not go back").isTrue();
    }

    private static ConsumerHarness with(MigrationPolicy policy) {
        return new ConsumerHarness(
                ConsumerHarness.EAGER.withConsumers(ConsumerGroupLimits.DEFAULT.withMigration(policy)));
    }

    private static ErrorCode firstBeatInClassicGroup(MigrationPolicy policy) {
        ConsumerHarness world = with(policy);
        TestClassicConsumer member = new TestClassicConsumer(world, null);
        for (int i = 0; i < 4; i++) {
            member.act();
            world.pass(10);
        }
        return world.consumer("a").tryBeat();
    }

    @Test
    void membersThatAreNoConsumersOrAssignInTheirOwnWayStayAmongThemselves() {
        long join = group.join(of("connect", new byte[] {1}));
        group.pass(10);
        assertThat(group.joined(join).error()).isEqualTo(ErrorCode.NONE);
        assertThat(fresh.tryBeat()).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);

        ConsumerHarness custom = new ConsumerHarness();
        long second = custom.join(new TestClassicConsumer(custom, null).request());
        custom.pass(10);
        String id = custom.joined(second).member();
        byte[] withUserData = {0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 42};
        custom.sync(new Sync(G, id, null, 1, "consumer", "range", Map.of(id, withUserData)));
        assertThat(custom.consumer("a").tryBeat()).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
        assertThat(custom.describeClassic().state()).isEqualTo(GroupState.STABLE);

        ConsumerHarness modern = new ConsumerHarness();
        modern.consumer("a").beat();
        long malformed = modern.join(of("consumer", new byte[] {1}));
        assertThat(modern.joined(malformed).error()).isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        long stranger = modern.join(of("connect", new byte[] {1}));
        assertThat(modern.joined(stranger).error()).isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
    }

    private static Join of(String protocolType, byte[] metadata) {
        return new Join(
                G,
                "",
                null,
                "c",
                "/h",
                10_000,
                30_000,
                protocolType,
                List.of(new Protocol("range", metadata)),
                false,
                true);
    }

    @Test
    void whoHasNotHeardThatAPartitionIsTakenFromItKeepsItWhileTheGroupGoesBackAndForth() {
        classicGroup();
        fresh.beat();
        TestClassicConsumer third = new TestClassicConsumer(group, null);
        third.act().act(); // it is to have some of what the first has
        fresh.leave();
        assertThat(group.isConsumerGroup()).isFalse();
        TestConsumer next = group.consumer("next").beat();
        assertThat(group.isConsumerGroup()).isTrue();
        for (int i = 0; i < 8; i++) {
            third.act();
            next.beat();
        }
        assertThat(old.count()).isEqualTo(4);
        assertThat(third.count() + next.count()).as("read by two").isZero();
        for (int i = 0; i < 12; i++) {
            old.act();
            third.act();
            next.beat();
        }
        assertThat(List.of(old.count(), third.count(), next.count())).containsExactlyInAnyOrder(2, 1, 1);
    }

    @Test
    void whatCannotBeWrittenLeavesTheGroupAsItWas() {
        classicGroup();
        group.fillDisk(true);
        assertThat(fresh.tryBeat()).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        assertThat(group.isConsumerGroup()).isFalse();
        group.fillDisk(false);
        fresh.beat();
        settle();
        group.fillDisk(true);
        group.beat(fresh.request(-1));
        assertThat(group.isConsumerGroup()).isTrue();
        group.fillDisk(false);
        settle();
        assertThat(fresh.count()).isEqualTo(2);
        fresh.leave();
        assertThat(group.isConsumerGroup()).isFalse();
    }

    // ---- what members may say

    private static byte[] subscription() {
        return new byte[] {0, 0, 0, 0, 0, 1, 0, 1, 't', -1, -1, -1, -1};
    }

    private static byte[] assignment(int... partitions) {
        ByteWriter out = new ByteWriter();
        out.int16((short) 0);
        out.count(1, false);
        out.string("t", false);
        out.int32s(partitions, false);
        out.bytes(null, false);
        return out.toByteArray();
    }

    private static Join joining(String member, Protocol... protocols) {
        return new Join(G, member, null, "c", "/h", 10_000, 30_000, "consumer", List.of(protocols), false, true);
    }

    private static Protocol good(String name) {
        return new Protocol(name, subscription());
    }

    /** The only member, which leads and gives itself this. */
    private Joined leader(byte[] assignment, Protocol... protocols) {
        long ticket = group.join(joining("", protocols));
        group.pass(10);
        Joined joined = group.joined(ticket);
        group.sync(new Sync(
                G,
                joined.member(),
                null,
                joined.generation(),
                "consumer",
                joined.protocol(),
                Map.of(joined.member(), assignment)));
        return joined;
    }

    @Test
    void aGroupWhoseMembersAreGivingUpTheirProtocolIsUpgradedByAnotherThatAllHave() {
        leader(assignment(0, 1, 2, 3), good("range"), good("cooperative-sticky"));
        group.join(joining("", good("cooperative-sticky")));
        assertThat(fresh.tryBeat()).isEqualTo(ErrorCode.NONE);
        assertThat(group.describe().members()).hasSize(3);
    }

    @Test
    void aGroupThatEverybodyHasLeftWhileItBeganIsUpgraded() {
        ConsumerHarness slow = new ConsumerHarness(ConsumerHarness.EAGER.withInitialRebalanceDelayMs(3_000));
        slow.join(joining("", good("range")));
        String id = slow.describeClassic().members().get(0).id();
        assertThat(slow.leave(new Leaver(id, null))).containsExactly(ErrorCode.NONE);
        assertThat(slow.consumer("a").tryBeat()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void aLeaderThatGivesPartitionsThatCannotBeKeepsItsGroupClassic() {
        leader(assignment(-1, 0), good("range"));
        assertThat(fresh.tryBeat()).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
        assertThat(group.describeClassic().state()).isEqualTo(GroupState.STABLE);
    }

    @Test
    void partitionsThatAreNotThereAreLeftOut() {
        leader(assignment(0, 1_000_000), good("range"));
        assertThat(fresh.tryBeat()).isEqualTo(ErrorCode.NONE);
        for (int i = 0; i < 3; i++) {
            group.pass(20_000); // the old member is gone
            fresh.beat();
        }
        assertThat(fresh.count()).isEqualTo(4);
    }

    @Test
    void aMemberIsDowngradedByAProtocolWhoseMetadataNobodyCouldReadBefore() {
        Protocol unread = new Protocol("y", new byte[0]);
        Joined first = leader(assignment(0), good("x"), unread);
        fresh.beat();
        assertThat(group.joined(group.join(joining(first.member(), good("x"), unread)))
                        .error())
                .isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        Joined second = group.joined(group.join(joining("", good("y"))));
        assertThat(second.error()).isEqualTo(ErrorCode.NONE);
        assertThat(fresh.leave()).isEqualTo(ErrorCode.NONE);
        assertThat(group.isConsumerGroup()).isFalse();
        assertThat(group.describeClassic().members()).hasSize(2);
    }

    // ---- mistakes

    @Test
    void aGroupInWhichWhatIsDueFailsIsTriedAgainAndKeepsNobodyElseFromWhatIsDue() {
        fresh.beat();
        group.failTopics(true);
        long dueMs = group.nowMs() + ConsumerHarness.SESSION_MS;
        assertThat(group.coordinator().takeDue(dueMs)).containsExactly(G);
        assertThatThrownBy(() -> group.coordinator().due(G, dueMs)).isInstanceOf(IllegalStateException.class);
        Decision<GroupRecord, List<Answer>> nothing = new Decision<>(List.of(), List.of());
        group.coordinator().notWritten(G, nothing, ErrorCode.UNKNOWN_SERVER_ERROR, dueMs);
        assertThat(group.coordinator().takeDue(dueMs)).isEmpty();
        assertThat(group.coordinator().nextDeadlineMs()).isEqualTo(dueMs + 1_000);
        group.failTopics(false);
        group.pass(ConsumerHarness.SESSION_MS + 1_000);
        assertThat(group.describe().members()).isEmpty();
    }
}
