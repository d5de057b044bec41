package io.millrace.coordinator;

import static io.millrace.coordinator.GroupHarness.G;
import static io.millrace.coordinator.GroupHarness.SESSION_MS;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.CommittedOffset;
import io.millrace.client.ErrorCode;
import io.millrace.client.TopicPartition;
import io.millrace.coordinator.GroupRecord.Offset;
import io.millrace.coordinator.GroupRecord.StoredOffset;
import io.millrace.coordinator.GroupRequest.Join;
import io.millrace.coordinator.GroupRequest.Protocol;
import io.millrace.coordinator.PositionKeeper.Fetched;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Positions of groups as other processes commit, read and lose them. */
final class GroupPositionsTest {

    private static final TopicPartition T0 = new TopicPartition("t", 0);
    private static final TopicPartition U0 = new TopicPartition("u", 0);
    private static final long RETENTION_MS = GroupLimits.DEFAULT.offsetsRetentionMs();

    private final GroupHarness group = new GroupHarness(GroupLimits.DEFAULT.withInitialRebalanceDelayMs(0));

    private ErrorCode commit(Committer who) {
        return group.commit(who, T0, 1);
    }

    private ErrorCode commitInTransaction(Committer who) {
        return group.commit(who, true, Map.of());
    }

    private Map<TopicPartition, Fetched> fetch(List<TopicPartition> partitions, boolean stableOnly) {
        return group.coordinator().positions().fetch(G, partitions, stableOnly);
    }

    private Set<TopicPartition> committed() {
        return group.coordinator().committed(G).keySet();
    }

    private static Fetched at(long offset) {
        return new Fetched(ErrorCode.NONE, new CommittedOffset(offset));
    }

    private void forgetExpired() {
        group.write(group.coordinator().forgetExpired(group.nowMs()));
    }

    /** As a member of generation 1 would, for as long. */
    private void stay(String member, long ms) {
        for (long left = ms; left > 0; left -= SESSION_MS / 2) {
            assertThat(group.heartbeat(member, 1)).isEqualTo(ErrorCode.NONE);
            group.pass(SESSION_MS / 2);
        }
    }

    // ---- who may commit

    @Test
    void anybodyMayInAGroupWithoutMembers() {
        assertThat(commit(Committer.OUTSIDER)).isEqualTo(ErrorCode.NONE);
        assertThat(commit(new Committer("somebody", null, -1))).isEqualTo(ErrorCode.NONE);
        assertThat(group.state()).isEqualTo(GroupState.EMPTY);
        assertThat(group.describe().protocolType()).isEmpty();
        group.leave(group.stable(1).get(0));
        assertThat(commit(Committer.OUTSIDER)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void nobodyMayNameAGenerationOfAnUnknownGroup() {
        assertThat(commit(new Committer("m", null, 1))).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
        assertThat(commitInTransaction(new Committer("m", null, 1))).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
        group.commit(Committer.OUTSIDER, T0, 1);
        assertThat(commit(new Committer("m", null, 1))).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void onlyMembersOfTheGenerationMayOtherwise() {
        List<String> members = group.stable(2);
        assertThat(commit(new Committer(members.get(1), null, 1))).isEqualTo(ErrorCode.NONE);
        assertThat(commit(new Committer(members.get(1), null, 0))).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        assertThat(commit(new Committer(members.get(1), "i", 1))).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(commit(new Committer("somebody", null, 1))).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(commit(Committer.OUTSIDER)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(group.coordinator().commit(G, "job", Map.of(), 0).reply())
                .isInstanceOfSatisfying(GroupReply.Refused.class, refused -> assertThat(refused.error())
                        .isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID));
    }

    @Test
    void transactionsOfOldClientsNeedNotSayWhoCommits() {
        String member = group.stable(1).get(0);
        assertThat(commitInTransaction(Committer.OUTSIDER)).isEqualTo(ErrorCode.NONE);
        assertThat(commitInTransaction(new Committer(member, null, 1))).isEqualTo(ErrorCode.NONE);
        assertThat(commitInTransaction(new Committer(member, null, 0))).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        assertThat(commitInTransaction(new Committer("zombie", null, 1))).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void membersMayWhileTheyAreToJoinAgainButNotBeforeTheyAreAssigned() {
        List<String> members = group.stable(2);
        group.join(members.get(0));
        assertThat(commit(new Committer(members.get(1), null, 1))).isEqualTo(ErrorCode.NONE);
        group.join(members.get(1));
        assertThat(commit(new Committer(members.get(1), null, 1))).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        assertThat(commit(new Committer(members.get(1), null, 2))).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
        assertThat(commitInTransaction(new Committer(members.get(1), null, 2))).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void aCommitIsASignOfLife() {
        String member = group.stable(1).get(0);
        for (int i = 0; i < 5; i++) {
            assertThat(commit(new Committer(member, null, 1))).isEqualTo(ErrorCode.NONE);
            group.pass(SESSION_MS - 1);
        }
        assertThat(group.state()).isEqualTo(GroupState.STABLE);
        group.pass(1);
        assertThat(group.state()).isEqualTo(GroupState.EMPTY);
    }

    @Test
    void refusesNotesThatAreTooLongOneByOne() {
        CommittedOffset longNote = new CommittedOffset(1, -1, "x".repeat(4097));
        assertThat(group.commit(Committer.OUTSIDER, false, Map.of(T0, longNote, U0, new CommittedOffset(2))))
                .isEqualTo(ErrorCode.OFFSET_METADATA_TOO_LARGE);
        assertThat(committed()).containsExactly(U0);
    }

    // ---- claims

    @Test
    void aClaimedGroupRefusesMembersAndTheirPositions() {
        group.carry(group.coordinator().claim(G, "job", group.nowMs()));
        assertThat(group.joined(group.join("")).error()).isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(group.synced(group.sync("job", 1, Map.of())).error()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(group.heartbeat("job", 1)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(commit(Committer.OUTSIDER)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(commit(new Committer("job", null, 1))).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(group.carry(group.coordinator().positions().delete(G, List.of(T0))))
                .isEqualTo(ErrorCode.NON_EMPTY_GROUP);
        assertThat(group.carry(group.coordinator().positions().deleteGroup(G))).isEqualTo(ErrorCode.NON_EMPTY_GROUP);
        assertThat(group.describe().state()).isEqualTo(GroupState.STABLE);
        assertThat(group.describe().members()).extracting(DescribedMember::id).containsExactly("job");
    }

    @Test
    void aGroupWithMembersCannotBeClaimedAndAnEmptyOneCan() {
        String member = group.stable(1).get(0);
        assertThat(group.carry(group.coordinator().claim(G, "job", group.nowMs())))
                .isEqualTo(ErrorCode.NON_EMPTY_GROUP);
        group.leave(member);
        assertThat(group.carry(group.coordinator().claim(G, "job", group.nowMs())))
                .isEqualTo(ErrorCode.NONE);
        group.carry(group.coordinator().release(G, "job", group.nowMs()));
        long joining = group.join("");
        group.pass(0);
        assertThat(group.joined(joining).generation()).isEqualTo(5);
    }

    // ---- reading

    @Test
    void readsWhatIsThereAndNothingElse() {
        assertThat(fetch(List.of(T0), true)).isEqualTo(Map.of(T0, new Fetched(ErrorCode.NONE, null)));
        assertThat(group.coordinator().positions().fetch(G, null, true)).isEmpty();
        group.commit(Committer.OUTSIDER, U0, 7);
        assertThat(fetch(List.of(U0, T0), true)).isEqualTo(Map.of(U0, at(7), T0, new Fetched(ErrorCode.NONE, null)));
        assertThat(group.coordinator().positions().fetch(G, null, true)).isEqualTo(Map.of(U0, at(7)));
    }

    @Test
    void whatATransactionMayChangeIsUnstablePartitionByPartition() {
        group.commit(Committer.OUTSIDER, T0, 1);
        group.commit(Committer.OUTSIDER, U0, 2);
        Offset pending = new Offset(G, T0, new StoredOffset(new CommittedOffset(5), group.nowMs()));
        group.coordinator().replayPending(9, pending, 100);
        assertThat(fetch(List.of(T0, U0), true))
                .isEqualTo(Map.of(T0, new Fetched(ErrorCode.UNSTABLE_OFFSET_COMMIT, null), U0, at(2)));
        assertThat(fetch(List.of(T0, U0), false)).isEqualTo(Map.of(T0, at(1), U0, at(2)));
        group.coordinator().endTransaction(9, true);
        assertThat(fetch(List.of(T0, U0), true)).isEqualTo(Map.of(T0, at(5), U0, at(2)));
    }

    // ---- deleting

    @Test
    void deletesPositionsOfTopicsThatNoConsumerReads() {
        assertThat(group.carry(group.coordinator().positions().delete(G, List.of(T0))))
                .isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
        String member = group.stable(1).get(0);
        group.commit(new Committer(member, null, 1), T0, 1);
        group.commit(new Committer(member, null, 1), U0, 1);
        Decision<GroupRecord, GroupReply> decision =
                group.coordinator().positions().delete(G, List.of(T0, U0));
        assertThat(decision.reply())
                .isEqualTo(new GroupReply.PerPartition(
                        Map.of(T0, ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC, U0, ErrorCode.NONE)));
        group.carry(decision);
        assertThat(committed()).containsExactly(T0);
        group.restart();
        assertThat(((GroupReply.PerPartition) group.coordinator()
                                .positions()
                                .delete(G, List.of(T0))
                                .reply())
                        .errors())
                .containsValue(ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC);
    }

    @Test
    void keepsPositionsOfMembersThatAreNoConsumers() {
        group.join(new Join(
                G,
                "",
                null,
                "w",
                "/h",
                SESSION_MS,
                1,
                "connect",
                List.of(new Protocol("p", new byte[0])),
                false,
                true));
        assertThat(group.carry(group.coordinator().positions().delete(G, List.of(T0))))
                .isEqualTo(ErrorCode.NON_EMPTY_GROUP);
    }

    @Test
    void deletesAGroupWithoutMembersAndWhatTransactionsWouldBring() {
        assertThat(group.carry(group.coordinator().positions().deleteGroup(G))).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
        String member = group.stable(1).get(0);
        group.commit(new Committer(member, null, 1), T0, 1);
        assertThat(group.carry(group.coordinator().positions().deleteGroup(G))).isEqualTo(ErrorCode.NON_EMPTY_GROUP);
        group.leave(member);
        group.coordinator().replayPending(9, new Offset(G, U0, new StoredOffset(new CommittedOffset(5), 0)), 100);
        assertThat(group.carry(group.coordinator().positions().deleteGroup(G))).isEqualTo(ErrorCode.NONE);
        group.coordinator().endTransaction(9, true);
        assertThat(group.state()).isEqualTo(GroupState.DEAD);
        group.restart();
        assertThat(group.state()).isEqualTo(GroupState.DEAD);
    }

    // ---- expiring

    @Test
    void positionsOfSimpleConsumersExpireOneByOne() {
        group.commit(Committer.OUTSIDER, T0, 1);
        group.pass(1);
        group.commit(Committer.OUTSIDER, U0, 1);
        group.pass(RETENTION_MS - 2);
        forgetExpired();
        assertThat(committed()).containsExactly(T0, U0);
        group.pass(1);
        forgetExpired();
        assertThat(committed()).containsExactly(U0);
        group.pass(1);
        forgetExpired();
        assertThat(group.state()).isEqualTo(GroupState.DEAD);
    }

    @Test
    void positionsOfAGroupExpireWhenItHasBeenEmptyForLong() {
        String member = group.stable(1).get(0);
        group.commit(new Committer(member, null, 1), T0, 1);
        group.commit(new Committer(member, null, 1), U0, 1);
        stay(member, 60_000);
        group.leave(member);
        group.restart();
        group.pass(RETENTION_MS - 1);
        forgetExpired();
        assertThat(committed()).containsExactly(T0, U0);
        group.pass(1);
        forgetExpired();
        assertThat(group.state()).isEqualTo(GroupState.DEAD);
        group.restart();
        assertThat(group.state()).isEqualTo(GroupState.DEAD);
    }

    @Test
    void positionsInTopicsThatTheConsumersDoNotReadAnyMoreExpire() {
        GroupHarness hasty =
                new GroupHarness(new GroupLimits(60_000, 4096, 0, 6_000, 1_800_000, 10, ConsumerGroupLimits.DEFAULT));
        String member = hasty.stable(1).get(0);
        Committer who = new Committer(member, null, 1);
        hasty.commit(who, T0, 1);
        hasty.commit(who, U0, 1);
        for (int i = 0; i < 12; i++) {
            hasty.write(hasty.coordinator().forgetExpired(hasty.nowMs()));
            assertThat(hasty.coordinator().committed(G)).containsOnlyKeys(T0, U0);
            hasty.pass(5_000);
            hasty.heartbeat(member, 1);
        }
        hasty.write(hasty.coordinator().forgetExpired(hasty.nowMs()));
        assertThat(hasty.coordinator().committed(G)).containsOnlyKeys(T0);
        hasty.join(member);
        hasty.pass(0);
        hasty.write(hasty.coordinator().forgetExpired(hasty.nowMs()));
        assertThat(hasty.coordinator().committed(G)).containsOnlyKeys(T0);
    }

    @Test
    void positionsOfAGroupThatAJobHadDoNotExpireUntilOthersHaveIt() {
        group.commit(Committer.OUTSIDER, T0, 1);
        group.carry(group.coordinator().claim(G, "job", group.nowMs()));
        group.restart();
        group.pass(2 * RETENTION_MS);
        forgetExpired();
        assertThat(committed()).containsExactly(T0);
        long joining = group.join("");
        group.pass(0);
        group.leave(group.joined(joining).member());
        group.restart();
        group.pass(RETENTION_MS);
        forgetExpired();
        assertThat(group.state()).isEqualTo(GroupState.DEAD);
    }

    @Test
    void aGroupWithoutItsLastPositionIsSeenUntilTheNextLook() {
        group.commit(Committer.OUTSIDER, T0, 1);
        group.carry(group.coordinator().positions().delete(G, List.of(T0)));
        assertThat(group.state()).isEqualTo(GroupState.EMPTY);
        assertThat(group.coordinator().listAll()).hasSize(1);
        forgetExpired();
        assertThat(group.state()).isEqualTo(GroupState.DEAD);
    }

    @Test
    void aGroupThatOnlyHadPositionsIsGoneAtOnceWhenItIsDeleted() {
        group.commit(Committer.OUTSIDER, T0, 1);
        assertThat(group.carry(group.coordinator().positions().deleteGroup(G))).isEqualTo(ErrorCode.NONE);
        assertThat(group.state()).isEqualTo(GroupState.DEAD);
        group.restart();
        assertThat(group.state()).isEqualTo(GroupState.DEAD);
    }

    @Test
    void theEmptyNameIsThatOfAGroupForPositionsAlone() {
        PositionKeeper positions = group.coordinator().positions();
        group.write(positions
                .commit("", Committer.OUTSIDER, false, Map.of(T0, new CommittedOffset(3)), group.nowMs())
                .records());
        assertThat(positions.fetch("", List.of(T0), false).get(T0).committed()).isEqualTo(new CommittedOffset(3));
        assertThat(group.carry(positions.delete("", List.of(T0)))).isEqualTo(ErrorCode.INVALID_GROUP_ID);
        assertThat(group.carry(positions.deleteGroup(""))).isEqualTo(ErrorCode.NONE);
        assertThat(group.coordinator().listAll()).isEmpty();
    }

    @Test
    void anEmptyGroupWithoutPositionsIsForgotten() {
        group.leave(group.stable(1).get(0));
        forgetExpired();
        assertThat(group.state()).isEqualTo(GroupState.DEAD);
    }
}
