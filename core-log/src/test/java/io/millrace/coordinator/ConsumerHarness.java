package io.millrace.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.CommittedOffset;
import io.millrace.client.ErrorCode;
import io.millrace.client.TopicPartition;
import io.millrace.coordinator.GroupReply.Beat;
import io.millrace.coordinator.GroupReply.Joined;
import io.millrace.coordinator.GroupReply.Left;
import io.millrace.coordinator.GroupReply.PerPartition;
import io.millrace.coordinator.GroupReply.Refused;
import io.millrace.coordinator.GroupReply.Synced;
import io.millrace.coordinator.GroupRequest.ConsumerHeartbeat;
import io.millrace.coordinator.GroupRequest.Heartbeat;
import io.millrace.coordinator.GroupRequest.Join;
import io.millrace.coordinator.GroupRequest.Leave;
import io.millrace.coordinator.GroupRequest.Leaver;
import io.millrace.coordinator.GroupRequest.Sync;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A coordinator whose driver writes to a list, in manual time, with topics that come and go, and the group {@code g}. */
final class ConsumerHarness {

    static final String G = "g";
    static final int SESSION_MS = ConsumerGroupLimits.DEFAULT.sessionTimeoutMs();
    static final int REBALANCE_MS = 30_000;

    /** Nothing waits for the next assignment. */
    static final GroupLimits EAGER = GroupLimits.DEFAULT
            .withInitialRebalanceDelayMs(0)
            .withConsumers(ConsumerGroupLimits.DEFAULT.withAssignmentIntervalMs(0));

    private final GroupLimits limits;
    private final List<GroupRecord> log = new ArrayList<>();
    private final Map<Long, GroupReply> answers = new HashMap<>();
    private final Map<String, String> settings = new HashMap<>();
    private GroupCoordinator coordinator;
    private FakeTopics topics = new FakeTopics(Map.of("t", 4));
    private long nowMs = 1_000_000;
    private long tickets;
    private long ids;
    private boolean diskIsFull;
    private boolean topicsFail;

    ConsumerHarness() {
        this(EAGER);
    }

    ConsumerHarness(GroupLimits limits) {
        this.limits = limits;
        this.coordinator = newCoordinator();
    }

    private GroupCoordinator newCoordinator() {
        return new GroupCoordinator(
                limits, () -> new UUID(0, ++ids), (group, key) -> settings.get(key), this::lookAtTopics);
    }

    private FakeTopics lookAtTopics() {
        if (topicsFail) {
            throw new IllegalStateException("a mistake in the code");
        }
        return topics;
    }

    /** As if looking at topics were a mistake. */
    void failTopics(boolean fail) {
        topicsFail = fail;
    }

    GroupCoordinator coordinator() {
        return coordinator;
    }

    long nowMs() {
        return nowMs;
    }

    List<GroupRecord> log() {
        return log;
    }

    void set(String key, String value) {
        settings.put(key, value);
    }

    /** Makes a topic, gives it more partitions, or deletes it if there are none. */
    void topic(String name, int partitions) {
        topics = topics.with(name, partitions);
    }

    FakeTopics topics() {
        return topics;
    }

    void fillDisk(boolean full) {
        diskIsFull = full;
    }

    /** Forgets everything but the log, as its bytes, of which only the last of each key is left if it is compacted. */
    void restart(boolean compacted) {
        if (compacted) {
            Map<List<Byte>, GroupRecord> last = new LinkedHashMap<>();
            for (GroupRecord record : log) {
                List<Byte> key = new ArrayList<>();
                for (byte b : GroupCodec.key(record)) {
                    key.add(b);
                }
                last.remove(key);
                if (GroupCodec.value(record) != null) {
                    last.put(key, record);
                }
            }
            log.clear();
            log.addAll(last.values());
        }
        coordinator = newCoordinator();
        answers.clear();
        for (int i = 0; i < log.size(); i++) {
            GroupRecord record = log.get(i);
            coordinator.replay(
                    GroupCodec.read(GroupCodec.key(record), GroupCodec.value(record))
                            .orElseThrow(),
                    i);
        }
        coordinator.resume(nowMs);
    }

    void write(List<GroupRecord> records) {
        for (GroupRecord record : records) {
            log.add(record);
            coordinator.replay(record, log.size() - 1L);
        }
    }

    private void carryOut(String group, Decision<GroupRecord, List<Answer>> decision) {
        List<Answer> due = decision.reply();
        if (diskIsFull && !decision.records().isEmpty()) {
            due = coordinator.notWritten(group, decision, ErrorCode.COORDINATOR_NOT_AVAILABLE, nowMs);
        } else {
            write(decision.records());
        }
        for (Answer answer : due) {
            assertThat(answers.put(answer.ticket(), answer.reply()))
                    .as("answered once")
                    .isNull();
        }
    }

    /** Lets time pass, deadline by deadline. */
    void pass(long ms) {
        long endMs = nowMs + ms;
        while (coordinator.nextDeadlineMs() <= endMs) {
            nowMs = Math.max(nowMs, coordinator.nextDeadlineMs());
            for (String name : coordinator.takeDue(nowMs)) {
                carryOut(name, coordinator.due(name, nowMs));
            }
        }
        nowMs = endMs;
    }

    // ---- members of the consumer protocol

    Beat beat(ConsumerHeartbeat request) {
        carryOut(request.group(), coordinator.consumers().heartbeat(request, ++tickets, nowMs));
        return (Beat) Optional.ofNullable(answers.get(tickets)).orElseThrow();
    }

    /** A consumer that has not joined yet. */
    TestConsumer consumer(String id) {
        return new TestConsumer(this, id, null);
    }

    TestConsumer consumer(String id, String instance) {
        return new TestConsumer(this, id, instance);
    }

    // ---- members of the classic protocol

    long join(Join request) {
        carryOut(request.group(), coordinator.classic().join(request, ++tickets, nowMs));
        return tickets;
    }

    long sync(Sync request) {
        carryOut(request.group(), coordinator.classic().sync(request, ++tickets, nowMs));
        return tickets;
    }

    ErrorCode heartbeat(String member, @Nullable String instance, int generation) {
        return coordinator.classic().heartbeat(new Heartbeat(G, member, instance, generation), nowMs);
    }

    List<ErrorCode> leave(Leaver... leavers) {
        carryOut(G, coordinator.classic().leave(new Leave(G, List.of(leavers)), ++tickets, nowMs));
        return ((Left) Optional.ofNullable(answers.get(tickets)).orElseThrow())
                .members().stream().map(GroupReply.LeftMember::error).toList();
    }

    boolean isAnswered(long ticket) {
        return answers.containsKey(ticket);
    }

    Joined joined(long ticket) {
        return (Joined) Optional.ofNullable(answers.get(ticket)).orElseThrow();
    }

    Synced synced(long ticket) {
        return (Synced) Optional.ofNullable(answers.get(ticket)).orElseThrow();
    }

    // ---- the group

    DescribedConsumerGroup describe() {
        return Optional.ofNullable(coordinator.consumers().describe(G)).orElseThrow();
    }

    boolean isConsumerGroup() {
        return coordinator.consumers().describe(G) != null;
    }

    DescribedGroup describeClassic() {
        return coordinator.describe(G);
    }

    ErrorCode commit(Committer who, boolean inTransaction, TopicPartition... partitions) {
        Map<TopicPartition, CommittedOffset> offsets = new HashMap<>();
        for (TopicPartition partition : partitions) {
            offsets.put(partition, new CommittedOffset(1));
        }
        Decision<GroupRecord, GroupReply> decision =
                coordinator.positions().commit(G, who, inTransaction, offsets, nowMs);
        if (decision.reply() instanceof Refused refused) {
            return refused.error();
        }
        assertThat(((PerPartition) decision.reply()).errors()).containsValue(ErrorCode.NONE);
        write(decision.records());
        return ErrorCode.NONE;
    }
}
