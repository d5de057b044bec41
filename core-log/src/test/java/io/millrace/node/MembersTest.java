package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.CommittedOffset;
import io.millrace.client.ErrorCode;
import io.millrace.client.NewTopic;
import io.millrace.client.Pending;
import io.millrace.client.Producer;
import io.millrace.client.ProducerIdentity;
import io.millrace.client.ProducerOptions;
import io.millrace.client.Records;
import io.millrace.client.TopicPartition;
import io.millrace.client.Transaction;
import io.millrace.coordinator.Committer;
import io.millrace.coordinator.DescribedGroup;
import io.millrace.coordinator.DescribedMember;
import io.millrace.coordinator.GroupLimits;
import io.millrace.coordinator.GroupReply.Joined;
import io.millrace.coordinator.GroupReply.JoinedMember;
import io.millrace.coordinator.GroupReply.Synced;
import io.millrace.coordinator.GroupRequest.Heartbeat;
import io.millrace.coordinator.GroupRequest.Join;
import io.millrace.coordinator.GroupRequest.Leave;
import io.millrace.coordinator.GroupRequest.Leaver;
import io.millrace.coordinator.GroupRequest.Protocol;
import io.millrace.coordinator.GroupRequest.Sync;
import io.millrace.coordinator.GroupState;
import io.millrace.coordinator.ListedGroup;
import io.millrace.coordinator.PositionKeeper.Fetched;
import io.millrace.kernel.Agent;
import io.millrace.kernel.ManualClock;
import io.millrace.kernel.Signal;
import io.millrace.log.FaultyLogStorage;
import io.millrace.log.LogStorage;
import io.millrace.log.MemoryLogStorage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Groups of other processes' consumers, through the door of a listener. */
final class MembersTest {

    private static final TopicPartition T0 = new TopicPartition("t", 0);
    private static final InTransaction TX = new InTransaction("tx", Enlistment.BY_WRITE);

    private final ManualClock clock = new ManualClock(SteppedLog.START_MS);

    private SteppedLog open(LogStorage storage) {
        NodeConfig config = NodeConfig.DEFAULT.withGroups(GroupLimits.DEFAULT.withInitialRebalanceDelayMs(1_000));
        return new SteppedLog(1, storage, config, clock);
    }

    private static Join join(String member) {
        return new Join(
                "g",
                member,
                null,
                "c",
                "/h",
                10_000,
                60_000,
                "consumer",
                List.of(new Protocol("range", new byte[6])),
                false,
                true);
    }

    private static Sync sync(Joined joined) {
        Map<String, byte[]> assignments = new HashMap<>();
        for (JoinedMember member : joined.members()) {
            assignments.put(member.id(), member.id().getBytes(StandardCharsets.UTF_8));
        }
        return new Sync("g", joined.member(), null, joined.generation(), null, null, assignments);
    }

    private static void assertAssigned(Synced synced, String member) {
        assertThat(synced.error()).isEqualTo(ErrorCode.NONE);
        assertThat(new String(synced.assignment(), StandardCharsets.UTF_8)).isEqualTo(member);
    }

    /** The only member of its group, stable. */
    private static Joined alone(SteppedLog log, NodeDoor door) {
        Joined joined = log.answer(door.join(join("")));
        assertAssigned(log.answer(door.sync(sync(joined))), joined.member());
        return joined;
    }

    private static ErrorCode heartbeat(SteppedLog log, NodeDoor door, Joined member) {
        return log.answer(door.heartbeat(new Heartbeat("g", member.member(), null, member.generation())));
    }

    @Test
    void membersShareAGroupUntilTheyLeave() {
        SteppedLog log = open(new MemoryLogStorage());
        NodeDoor door = log.node().newDoor(Signal.NONE);
        Pending<Joined> first = door.join(join(""));
        Pending<Joined> second = door.join(join(""));
        log.settle();
        assertThat(first.isDone()).isFalse();
        assertThat(log.answer(first).members()).hasSize(2); // the answer comes with time
        Pending<Synced> follower = door.sync(sync(log.answer(second)));
        log.settle();
        assertThat(follower.isDone()).isFalse();
        assertAssigned(log.answer(door.sync(sync(first.value()))), first.value().member());
        assertAssigned(log.answer(follower), second.value().member());

        DescribedGroup described =
                log.answer(door.describeGroups(List.of("g", "nobody"))).get(0);
        assertThat(described.state()).isEqualTo(GroupState.STABLE);
        assertThat(described.members())
                .extracting(DescribedMember::id)
                .containsExactly(first.value().member(), second.value().member());
        assertThat(log.answer(door.describeGroups(List.of("nobody"))).get(0).state())
                .isEqualTo(GroupState.DEAD);
        assertThat(heartbeat(log, door, second.value())).isEqualTo(ErrorCode.NONE);
        assertThat(log.answer(door.leave(
                                new Leave("g", List.of(new Leaver(first.value().member(), null)))))
                        .members()
                        .get(0)
                        .error())
                .isEqualTo(ErrorCode.NONE);
        assertThat(heartbeat(log, door, second.value())).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
        assertThat(log.refusal(door.deleteGroup("g"))).isEqualTo(ErrorCode.NON_EMPTY_GROUP);
        log.close();
    }

    @Test
    void anAssignmentIsGivenOutOnlyWhenItIsDurable() {
        SteppedLog log = open(new MemoryLogStorage());
        NodeDoor door = log.node().newDoor(Signal.NONE);
        Joined joined = log.answer(door.join(join("")));
        log.settle();
        List<Agent> syncs = log.node().agents().subList(1, 5);
        syncs.forEach(log.scheduler()::remove);
        Pending<Synced> synced = door.sync(sync(joined));
        Pending<Synced> again = door.sync(sync(joined));
        log.settle();
        assertThat(synced.isDone()).isFalse();
        assertThat(again.isDone()).isFalse();
        log.scheduler().addAll(syncs);
        assertAssigned(log.answer(synced), joined.member());
        assertAssigned(log.answer(again), joined.member());
        log.close();
    }

    @Test
    void aMemberThatIsNotHeardOfGoesByItself() {
        SteppedLog log = open(new MemoryLogStorage());
        NodeDoor door = log.node().newDoor(Signal.NONE);
        Joined member = alone(log, door);
        for (int i = 0; i < 4; i++) {
            log.passTime(Duration.ofSeconds(8));
            assertThat(heartbeat(log, door, member)).isEqualTo(ErrorCode.NONE);
        }
        log.passTime(Duration.ofSeconds(11));
        assertThat(heartbeat(log, door, member)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(log.answer(door.listGroups(Set.of("empty"), Set.of("Classic"))))
                .containsExactly(new ListedGroup("g", "consumer", GroupState.EMPTY, "classic"));
        assertThat(log.answer(door.listGroups(Set.of("Stable"), Set.of()))).isEmpty();
        assertThat(log.answer(door.listGroups(Set.of(), Set.of("consumer")))).isEmpty();
        log.close();
    }

    @Test
    void aStableGroupGoesOnInTheNextLife() {
        MemoryLogStorage storage = new MemoryLogStorage();
        Joined member;
        try (SteppedLog log = open(storage)) {
            NodeDoor door = log.node().newDoor(Signal.NONE);
            member = alone(log, door);
            log.answer(door.commitOffsets(
                    "g",
                    new Committer(member.member(), null, member.generation()),
                    Map.of(T0, new CommittedOffset(5))));
        }
        clock.advance(Duration.ofHours(1));
        SteppedLog log = open(storage);
        NodeDoor door = log.node().newDoor(Signal.NONE);
        assertThat(heartbeat(log, door, member)).isEqualTo(ErrorCode.NONE);
        assertAssigned(log.answer(door.sync(sync(member))), member.member());
        assertThat(log.answer(door.committedOffsets("g", null, true)))
                .isEqualTo(Map.of(T0, new Fetched(ErrorCode.NONE, new CommittedOffset(5))));
        log.passTime(Duration.ofSeconds(11));
        assertThat(heartbeat(log, door, member)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        log.close();
    }

    @Test
    void aMemberThatWasNotHeardOfInTheNextLifeGoes() {
        MemoryLogStorage storage = new MemoryLogStorage();
        try (SteppedLog log = open(storage)) {
            alone(log, log.node().newDoor(Signal.NONE));
        }
        SteppedLog log = open(storage);
        NodeDoor door = log.node().newDoor(Signal.NONE);
        assertThat(log.answer(door.listGroups(Set.of("stable"), Set.of()))).hasSize(1);
        log.passTime(Duration.ofSeconds(11));
        assertThat(log.answer(door.listGroups(Set.of("stable"), Set.of()))).isEmpty();
        log.close();
    }

    @Test
    void nothingThatWasGivenOutIsLostInACrash() {
        for (int seed = 0; seed < 20; seed++) {
            MemoryLogStorage storage = new MemoryLogStorage();
            SteppedLog log = open(storage);
            Joined member = alone(log, log.node().newDoor(Signal.NONE));
            storage = storage.crash(seed);
            SteppedLog next = open(storage);
            NodeDoor door = next.node().newDoor(Signal.NONE);
            assertThat(heartbeat(next, door, member)).isEqualTo(ErrorCode.NONE);
            assertAssigned(next.answer(door.sync(sync(member))), member.member());
            next.close();
        }
    }

    @Test
    void everybodyWhoWaitsIsAnsweredWhenTheNodeEnds() {
        SteppedLog log = open(new MemoryLogStorage());
        NodeDoor door = log.node().newDoor(Signal.NONE);
        Pending<Joined> waiting = door.join(join(""));
        log.settle();
        Pending<Joined> onItsWay = door.join(join(""));
        log.node().close();
        assertThat(waiting.error()).isEqualTo(ErrorCode.BROKER_NOT_AVAILABLE);
        assertThat(onItsWay.error()).isEqualTo(ErrorCode.BROKER_NOT_AVAILABLE);
    }

    @Test
    void everybodyWhoWaitsIsAnsweredWhenTheDiskFails() {
        FaultyLogStorage storage = new FaultyLogStorage(new MemoryLogStorage());
        SteppedLog log = open(storage);
        NodeDoor door = log.node().newDoor(Signal.NONE);
        Joined member = alone(log, door);
        Pending<Joined> waiting = door.join(join(""));
        storage.failAt(FaultyLogStorage.Operation.SYNC, 1, FaultyLogStorage.Effect.IO_ERROR);
        Committer who = new Committer(member.member(), null, member.generation());
        assertThat(log.refusal(door.commitOffsets("g", who, Map.of(T0, new CommittedOffset(1)))))
                .isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(log.refusal(waiting)).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        log.node().close();
    }

    @Test
    void aFullDiskTakesTheGroupBackAndItTriesAgain() {
        FaultyLogStorage storage = new FaultyLogStorage(new MemoryLogStorage());
        SteppedLog log = open(storage);
        NodeDoor door = log.node().newDoor(Signal.NONE);
        Joined member = alone(log, door);
        Joined again = log.answer(door.join(join(member.member())));
        storage.failAt(FaultyLogStorage.Operation.WRITE, 1, FaultyLogStorage.Effect.NO_SPACE);
        assertThat(log.answer(door.sync(sync(again))).error()).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        assertThat(heartbeat(log, door, again)).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        assertThat(heartbeat(log, door, member)).isEqualTo(ErrorCode.NONE);
        Joined third = log.answer(door.join(join(member.member())));
        assertAssigned(log.answer(door.sync(sync(third))), member.member());
        log.close();
    }

    @Test
    void anAssignmentThatIsTooLargeIsRefusedAndTheGroupGoesOn() {
        SteppedLog log = open(new MemoryLogStorage());
        NodeDoor door = log.node().newDoor(Signal.NONE);
        Joined member = alone(log, door);
        Joined again = log.answer(door.join(join(member.member())));
        Map<String, byte[]> huge = Map.of(again.member(), new byte[RecordBatches.BATCH_BYTES_MAX]);
        Sync sync = new Sync("g", again.member(), null, again.generation(), null, null, huge);
        assertThat(log.answer(door.sync(sync)).error()).isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
        assertThat(heartbeat(log, door, member)).isEqualTo(ErrorCode.NONE);
        log.close();
    }

    @Test
    void namesThatAreTooLongForARecordAreRefused() {
        SteppedLog log = open(new MemoryLogStorage());
        NodeDoor door = log.node().newDoor(Signal.NONE);
        String name = "x".repeat(40_000);
        assertThat(log.refusal(door.commitOffsets(name, Committer.OUTSIDER, Map.of(T0, new CommittedOffset(1)))))
                .isEqualTo(ErrorCode.INVALID_COMMIT_OFFSET_SIZE);
        Joined joined = log.answer(door.join(new Join(
                "g",
                "",
                null,
                name,
                "/h",
                10_000,
                60_000,
                "consumer",
                List.of(new Protocol(name, new byte[0])),
                false,
                true)));
        assertThat(joined.member()).hasSizeLessThan(11_000);
        assertThat(log.answer(door.sync(sync(joined))).error()).isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
        assertThat(log.answer(door.listGroups(Set.of(), Set.of()))).isEmpty();
        log.close();
    }

    // ---- positions

    @Test
    void moreThanABatchOfPositionsIsRefused() {
        SteppedLog log = open(new MemoryLogStorage());
        NodeDoor door = log.node().newDoor(Signal.NONE);
        Map<TopicPartition, CommittedOffset> many = new HashMap<>();
        for (int i = 0; i < RecordBatches.BATCH_BYTES_MAX / 4_000; i++) {
            many.put(new TopicPartition("t", i), new CommittedOffset(1, -1, "x".repeat(4_000)));
        }
        assertThat(log.refusal(door.commitOffsets("s", Committer.OUTSIDER, many)))
                .isEqualTo(ErrorCode.INVALID_COMMIT_OFFSET_SIZE);
        assertThat(log.answer(door.committedOffsets("s", null, true))).isEmpty();
        log.close();
    }

    @Test
    void positionsOfATransactionCountOnceItIsCommittedAndZombiesAreFenced() {
        SteppedLog log = open(new MemoryLogStorage());
        NodeDoor door = log.node().newDoor(Signal.NONE);
        log.answer(log.client().createTopic(new NewTopic("t", 1)));
        Joined member = alone(log, door);
        Committer who = new Committer(member.member(), null, member.generation());
        Producer producer = log.client().openProducer(ProducerOptions.transactional("tx"));
        ProducerIdentity identity = log.answer(producer.ready());
        Transaction transaction = producer.begin();
        log.answer(transaction.append(T0, Records.batch("a")));

        Map<TopicPartition, CommittedOffset> offsets = Map.of(T0, new CommittedOffset(7));
        assertThat(log.refusal(door.transactions()
                        .commitOffsets(TX, identity, "g", new Committer(member.member(), null, 0), offsets)))
                .isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        assertThat(log.refusal(door.transactions()
                        .commitOffsets(TX, identity, "g", new Committer("zombie", null, 1), offsets)))
                .isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(log.answer(door.transactions().commitOffsets(TX, identity, "g", who, offsets)))
                .isEqualTo(Map.of(T0, ErrorCode.NONE));
        assertThat(log.answer(door.committedOffsets("g", List.of(T0), true)))
                .isEqualTo(Map.of(T0, new Fetched(ErrorCode.UNSTABLE_OFFSET_COMMIT, null)));
        assertThat(log.answer(door.committedOffsets("g", List.of(T0), false)))
                .isEqualTo(Map.of(T0, new Fetched(ErrorCode.NONE, null)));
        log.answer(transaction.commit());
        log.answer(transaction.completed());
        assertThat(log.answer(door.committedOffsets("g", List.of(T0), true)))
                .isEqualTo(Map.of(T0, new Fetched(ErrorCode.NONE, new CommittedOffset(7))));
        log.close();
    }

    @Test
    void groupsAreDeletedWithTheirPositions() {
        SteppedLog log = open(new MemoryLogStorage());
        NodeDoor door = log.node().newDoor(Signal.NONE);
        assertThat(log.refusal(door.deleteGroup("s"))).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
        log.answer(door.commitOffsets(
                "s",
                Committer.OUTSIDER,
                Map.of(T0, new CommittedOffset(1), new TopicPartition("u", 0), new CommittedOffset(2))));
        assertThat(log.answer(door.deleteOffsets("s", List.of(T0)))).isEqualTo(Map.of(T0, ErrorCode.NONE));
        assertThat(log.answer(door.committedOffsets("s", null, true))).hasSize(1);
        log.answer(door.deleteGroup("s"));
        assertThat(log.answer(door.committedOffsets("s", null, true))).isEmpty();
        assertThat(log.answer(door.listGroups(Set.of(), Set.of()))).isEmpty();
        log.close();
    }

    @Test
    void aJobAndConsumersExcludeEachOther() {
        SteppedLog log = open(new MemoryLogStorage());
        NodeDoor door = log.node().newDoor(Signal.NONE);
        log.answer(log.client().claimGroup("g"));
        assertThat(log.answer(door.join(join(""))).error()).isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(log.refusal(door.commitOffsets("g", Committer.OUTSIDER, Map.of(T0, new CommittedOffset(1)))))
                .isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(log.refusal(door.deleteGroup("g"))).isEqualTo(ErrorCode.NON_EMPTY_GROUP);
        log.close();
        log = open(new MemoryLogStorage());
        alone(log, log.node().newDoor(Signal.NONE));
        assertThat(log.refusal(log.client().claimGroup("g"))).isEqualTo(ErrorCode.NON_EMPTY_GROUP);
        assertThat(log.refusal(log.client().commitOffsets("g", Map.of(T0, new CommittedOffset(1)))))
                .isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        log.close();
    }
}
