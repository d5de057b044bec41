package io.millrace.coordinator;

import static io.millrace.coordinator.ConsumerHarness.G;
import static io.millrace.coordinator.ConsumerHarness.REBALANCE_MS;
import static io.millrace.coordinator.ConsumerHarness.SESSION_MS;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.ErrorCode;
import io.millrace.coordinator.GroupReply.Beat;
import io.millrace.coordinator.GroupRequest.ConsumerHeartbeat;
import io.millrace.coordinator.assign.Partitions;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Members of the consumer protocol that join, share, let go, are late and leave (KIP-848). */
final class ConsumerGroupTest {

    private final ConsumerHarness group = new ConsumerHarness();

    @Test
    void whoComesFirstHasEverythingAtOnce() {
        TestConsumer one = group.consumer("a").beat();
        assertThat(one.count()).isEqualTo(4);
        assertThat(one.epoch()).isEqualTo(2);
        assertThat(group.describe().state()).isEqualTo(GroupState.STABLE);
        assertThat(group.coordinator().listAll())
                .containsExactly(new ListedGroup(G, "consumer", GroupState.STABLE, ListedGroup.CONSUMER));
        assertThat(group.coordinator().describe(G).state()).isEqualTo(GroupState.DEAD);
        assertThat(group.coordinator().describe(G).problem()).isEqualTo("Group " + G + " is not a classic group.");
    }

    @Test
    void aPartitionIsHandedOverOnlyWhenItsOwnerHasLetItGo() {
        TestConsumer one = group.consumer("a").beat();
        TestConsumer two = group.consumer("b").beat();
        assertThat(two.count()).isZero();
        assertThat(two.epoch()).isEqualTo(3);
        assertThat(group.describe().state()).isEqualTo(GroupState.RECONCILING);

        assertThat(one.tryBeat()).isEqualTo(ErrorCode.NONE);
        assertThat(one.epoch()).as("it stays at its epoch until it has let go").isEqualTo(2);
        assertThat(two.beat().count()).isZero();
        one.obey();
        assertThat(one.count()).isEqualTo(2);
        assertThat(two.beat().count()).as("nobody has heard that it let go").isZero();

        assertThat(one.beat().epoch()).isEqualTo(3);
        assertThat(two.beat().count()).isEqualTo(2);
        assertThat(one.owned().containsAll(two.owned())).isFalse();
        assertThat(group.describe().state()).isEqualTo(GroupState.STABLE);
    }

    @Test
    void aHeartbeatWithoutNewsSaysAndWritesNothing() {
        TestConsumer one = group.consumer("a").beat();
        int written = group.log().size();
        Beat beat = group.beat(one.request(one.epoch()));
        assertThat(beat.assignment()).isNull();
        assertThat(beat.intervalMs()).isEqualTo(5_000);
        assertThat(group.log()).hasSize(written);
    }

    @Test
    void whoLeavesIsReplacedAtOnce() {
        TestConsumer one = group.consumer("a").beat();
        TestConsumer two = group.consumer("b").beat();
        one.beat();
        one.beat();
        assertThat(two.beat().count()).isEqualTo(2);
        assertThat(one.leave()).isEqualTo(ErrorCode.NONE);
        assertThat(two.beat().count()).isEqualTo(4);
        assertThat(two.leave()).isEqualTo(ErrorCode.NONE);
        assertThat(group.describe().state()).isEqualTo(GroupState.EMPTY);
        assertThat(one.beat().count()).isEqualTo(4);
    }

    @Test
    void whoIsNotHeardOfGoes() {
        TestConsumer one = group.consumer("a").beat();
        TestConsumer two = group.consumer("b").beat();
        group.pass(SESSION_MS / 2);
        two.beat();
        group.pass(SESSION_MS / 2 + 1);
        assertThat(group.describe().members()).hasSize(1);
        assertThat(two.beat().count()).isEqualTo(4);
        assertThat(one.tryBeat()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void whoDoesNotLetGoInTimeGoes() {
        TestConsumer one = group.consumer("a").beat();
        TestConsumer two = group.consumer("b").beat();
        for (int ms = 0; ms < REBALANCE_MS; ms += 5_000) {
            assertThat(one.tryBeat()).isEqualTo(ErrorCode.NONE);
            assertThat(two.beat().count()).isZero();
            group.pass(5_000);
        }
        assertThat(one.tryBeat()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(two.beat().count()).isEqualTo(4);
    }

    @Test
    void whoLetsGoInTimeStays() {
        TestConsumer one = group.consumer("a").beat();
        TestConsumer two = group.consumer("b").beat();
        one.beat();
        one.beat();
        for (int ms = 0; ms < 2 * REBALANCE_MS; ms += 5_000) {
            one.beat();
            two.beat();
            group.pass(5_000);
        }
        assertThat(one.count()).isEqualTo(2);
        assertThat(two.count()).isEqualTo(2);
    }

    @Test
    void anEpochThatIsNotTheMembersIsFencedUnlessTheAnswerMayHaveBeenLost() {
        TestConsumer one = group.consumer("a").beat();
        assertThat(group.beat(one.request(7)).error()).isEqualTo(ErrorCode.FENCED_MEMBER_EPOCH);
        group.topic("t", 6);
        TestConsumer before = one;
        int lost = one.epoch();
        Beat unheard = group.beat(before.request(lost));
        assertThat(unheard.epoch()).isGreaterThan(lost);
        assertThat(group.beat(one.request(lost)).error())
                .as("with nothing that it may not have")
                .isEqualTo(ErrorCode.NONE);

        ConsumerHeartbeat silent = one.request(lost);
        ConsumerHeartbeat greedy = new ConsumerHeartbeat(
                G, "a", lost, null, null, "c", "/h", -1, null, null, null, null, true, name -> true);
        assertThat(silent.owned()).isNotNull();
        assertThat(group.beat(greedy).error()).isEqualTo(ErrorCode.FENCED_MEMBER_EPOCH);
    }

    @Test
    void aFencedMemberJoinsAgainWithTheSameIdAndGetsWhatItHad() {
        TestConsumer one = group.consumer("a").beat();
        one.forget();
        assertThat(one.beat().count()).isEqualTo(4);
        assertThat(group.describe().members()).hasSize(1);
    }

    @Test
    void requestsThatMakeNoSenseAreRefused() {
        List<ConsumerHeartbeat> wrong = List.of(
                of("", "a", 0, 1, List.of("t"), Partitions.NONE),
                of(G, "", 0, 1, List.of("t"), Partitions.NONE),
                of(G, "a", 0, -1, List.of("t"), Partitions.NONE),
                of(G, "a", 0, 1, null, Partitions.NONE),
                of(G, "a", 0, 1, List.of("t"), null),
                of(G, "a", -2, -1, null, null),
                of(G, "a", -3, -1, null, null));
        wrong.forEach(request ->
                assertThat(group.beat(request).error()).as(request.toString()).isEqualTo(ErrorCode.INVALID_REQUEST));
        assertThat(group.consumer("a").with("mine").tryBeat()).isEqualTo(ErrorCode.UNSUPPORTED_ASSIGNOR);
        assertThat(group.beat(of(G, "a", 3, -1, null, null)).error()).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
        assertThat(group.beat(of(G, "a", -1, -1, null, null)).error()).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
        assertThat(group.coordinator().listAll()).isEmpty();
        group.consumer("a").beat();
        assertThat(group.beat(of(G, "b", 3, -1, null, null)).error()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(group.beat(of(G, "b", -1, -1, null, null)).error()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    private static ConsumerHeartbeat of(
            String name, String member, int epoch, int rebalanceMs, List<String> topics, Partitions owned) {
        return new ConsumerHeartbeat(
                name, member, epoch, null, null, "c", "/h", rebalanceMs, topics, null, null, owned, true, any -> true);
    }

    @Test
    void aFullGroupTakesNobodyIn() {
        ConsumerHarness small =
                new ConsumerHarness(ConsumerHarness.EAGER.withConsumers(ConsumerGroupLimits.DEFAULT.withMembersMax(1)));
        TestConsumer one = small.consumer("a").beat();
        assertThat(small.consumer("b").tryBeat()).isEqualTo(ErrorCode.GROUP_MAX_SIZE_REACHED);
        assertThat(one.beat().count()).isEqualTo(4);
    }

    @Test
    void anotherSubscriptionTakesAwayAtOnceWhatIsNotReadAnyMore() {
        group.topic("u", 2);
        TestConsumer one = group.consumer("a").reading("t", "u").beat();
        assertThat(one.count()).isEqualTo(6);
        one.reading("u").beat();
        assertThat(one.count()).isEqualTo(2);
        assertThat(one.beat().epoch()).isEqualTo(3);
        assertThat(one.owned().of(FakeTopics.id("u"))).containsExactly(0, 1);
    }

    @Test
    void topicsThatComeGrowAndGoAreNoticedWithTheNextHeartbeat() {
        TestConsumer one = group.consumer("a").reading("t", "later").beat();
        group.topic("later", 1);
        assertThat(one.beat().count()).isEqualTo(5);
        group.topic("t", 8);
        assertThat(one.beat().count()).isEqualTo(9);
        group.topic("later", 0);
        assertThat(one.beat().count()).isEqualTo(8);
        int epoch = one.beat().epoch();
        group.topic("other", 3);
        assertThat(one.beat().epoch()).as("nobody reads it").isEqualTo(epoch);
    }

    @Test
    void assignmentsComeNoCloserThanTheirInterval() {
        ConsumerHarness calm = new ConsumerHarness(GroupLimits.DEFAULT);
        TestConsumer one = calm.consumer("a").beat();
        TestConsumer two = calm.consumer("b").beat();
        assertThat(calm.describe().state()).isEqualTo(GroupState.ASSIGNING);
        one.beat();
        assertThat(one.count()).isEqualTo(4);
        calm.pass(1_000);
        one.beat();
        one.beat();
        two.beat();
        assertThat(two.count()).isEqualTo(2);
    }

    @Test
    void aGroupMayHaveTimesOfItsOwnWithinTheBoundsOfTheNode() {
        group.set(GroupSettings.CONSUMER_HEARTBEAT_INTERVAL_MS, "7000");
        group.set(GroupSettings.CONSUMER_SESSION_TIMEOUT_MS, "900000");
        TestConsumer one = group.consumer("a").beat();
        assertThat(group.beat(one.request(one.epoch())).intervalMs()).isEqualTo(7_000);
        group.pass(59_999);
        assertThat(group.describe().members()).hasSize(1);
        group.pass(1);
        assertThat(group.describe().members()).isEmpty();
    }

    @Test
    void aRestartChangesNothingThatIsWritten() {
        TestConsumer one = group.consumer("a").beat();
        TestConsumer two = group.consumer("b").beat();
        one.tryBeat();
        DescribedConsumerGroup before = group.describe();
        group.restart(false);
        assertThat(group.describe()).isEqualTo(before);
        group.restart(true);
        assertThat(group.describe()).isEqualTo(before);
        one.obey();
        one.beat();
        assertThat(two.beat().count()).isEqualTo(2);
        group.pass(SESSION_MS - 1);
        assertThat(group.describe().members()).hasSize(2);
    }

    @Test
    void whatCannotBeWrittenDidNotHappen() {
        TestConsumer one = group.consumer("a").beat();
        group.fillDisk(true);
        assertThat(group.consumer("b").tryBeat()).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        assertThat(group.describe().members()).hasSize(1);
        group.pass(SESSION_MS + 5_000);
        assertThat(group.describe().members()).as("its end cannot be written").hasSize(1);
        group.fillDisk(false);
        group.pass(1_000);
        assertThat(group.describe().members()).isEmpty();
        assertThat(one.tryBeat()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);

        ConsumerHarness fresh = new ConsumerHarness();
        fresh.fillDisk(true);
        assertThat(fresh.consumer("a").tryBeat()).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        assertThat(fresh.coordinator().listAll()).isEmpty();
    }

    @Test
    void mostMembersDecideHowItIsAssigned() {
        group.topic("u", 4);
        TestConsumer one = group.consumer("a").reading("t", "u").with("range").beat();
        TestConsumer two = group.consumer("b").reading("t", "u").with("range").beat();
        for (int i = 0; i < 3; i++) {
            one.beat();
            two.beat();
        }
        assertThat(group.describe().assignor()).isEqualTo("range");
        assertThat(one.owned().of(FakeTopics.id("t"))).containsExactly(0, 1);
        assertThat(one.owned().of(FakeTopics.id("u"))).containsExactly(0, 1);
        assertThat(two.owned().of(FakeTopics.id("t"))).containsExactly(2, 3);
    }

    @Test
    void anEmptyGroupIsDeletedWithAllItsRecords() {
        TestConsumer one = group.consumer("a").beat();
        assertThat(group.coordinator().positions().deleteGroup(G).reply())
                .isInstanceOfSatisfying(GroupReply.Refused.class, refused -> assertThat(refused.error())
                        .isEqualTo(ErrorCode.NON_EMPTY_GROUP));
        one.leave();
        group.write(group.coordinator().positions().deleteGroup(G).records());
        assertThat(group.coordinator().listAll()).isEmpty();
        group.restart(true);
        assertThat(group.log()).isEmpty();
        assertThat(group.coordinator().listAll()).isEmpty();
    }

    @Test
    void aJobTakesAnEmptyGroupOverButNoOther() {
        TestConsumer one = group.consumer("a").beat();
        assertThat(group.coordinator().claim(G, "job", group.nowMs()).records()).isEmpty();
        one.leave();
        group.write(group.coordinator().claim(G, "job", group.nowMs()).records());
        assertThat(group.isConsumerGroup()).isFalse();
        assertThat(group.consumer("b").tryBeat()).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
        group.write(group.coordinator().release(G, "job", group.nowMs()).records());
        assertThat(group.consumer("b").beat().count()).isEqualTo(4);
        group.restart(true);
        assertThat(group.describe().members()).hasSize(1);
    }
}
