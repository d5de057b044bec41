package io.millrace.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.CommittedOffset;
import io.millrace.client.ErrorCode;
import io.millrace.client.TopicPartition;
import io.millrace.coordinator.GroupReply.Joined;
import io.millrace.coordinator.GroupReply.Left;
import io.millrace.coordinator.GroupReply.LeftMember;
import io.millrace.coordinator.GroupReply.PerPartition;
import io.millrace.coordinator.GroupReply.Refused;
import io.millrace.coordinator.GroupReply.Synced;
import io.millrace.coordinator.GroupRequest.Heartbeat;
import io.millrace.coordinator.GroupRequest.Join;
import io.millrace.coordinator.GroupRequest.Leave;
import io.millrace.coordinator.GroupRequest.Leaver;
import io.millrace.coordinator.GroupRequest.Protocol;
import io.millrace.coordinator.GroupRequest.Sync;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A coordinator whose driver writes to a list, in manual time, and what members of the group {@code g} ask it for. */
final class GroupHarness {

    static final String G = "g";
    static final int SESSION_MS = 10_000;
    static final int REBALANCE_MS = 60_000;

    private final GroupLimits limits;
    private final List<GroupRecord> log = new ArrayList<>();
    private final Map<Long, GroupReply> answers = new HashMap<>();
    private GroupCoordinator coordinator;
    private TopicView topics = new FakeTopics(Map.of());
    private long nowMs = 1_000_000;
    private long tickets;
    private long ids;
    private boolean diskIsFull;
    private Consumer<GroupReply> listener = reply -> {};

    GroupHarness() {
        this(GroupLimits.DEFAULT);
    }

    GroupHarness(GroupLimits limits) {
        this.limits = limits;
        this.coordinator = newCoordinator();
    }

    private GroupCoordinator newCoordinator() {
        return new GroupCoordinator(limits, () -> new UUID(0, ++ids), GroupSettings.NONE, () -> topics);
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

    /** Hears of every answer to a request that may have had to wait, when it is given. */
    void onAnswer(Consumer<GroupReply> newListener) {
        listener = newListener;
    }

    /** No record can be written from now on, or again. */
    void fillDisk(boolean full) {
        diskIsFull = full;
    }

    /** Forgets everything but the log, as its bytes. */
    void restart() {
        coordinator = newCoordinator();
        answers.clear();
        for (int i = 0; i < log.size(); i++) {
            GroupRecord record = log.get(i);
            coordinator.replay(
                    GroupCodec.read(GroupCodec.key(record), GroupCodec.value(record))
                            .orElseThrow(),
                    i);
        }
        write(coordinator.releaseAll(nowMs));
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
            listener.accept(answer.reply());
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

    // ---- requests; those that may have to wait return a ticket

    long join(Join request) {
        carryOut(request.group(), coordinator.classic().join(request, ++tickets, nowMs));
        return tickets;
    }

    /** A dynamic member of the old kind, which needs no id first. */
    long join(String member, Protocol... protocols) {
        return join(joinOf(member, null, protocols));
    }

    long joinStatic(String instance, String member, Protocol... protocols) {
        return join(joinOf(member, instance, protocols));
    }

    static Join joinOf(String member, @Nullable String instance, Protocol... protocols) {
        return new Join(
                G,
                member,
                instance,
                "client",
                "/10.0.0.1",
                SESSION_MS,
                REBALANCE_MS,
                "consumer",
                protocols.length == 0 ? List.of(range("t")) : List.of(protocols),
                false,
                true);
    }

    /** What a consumer of one topic says. */
    static Protocol range(String topic) {
        return new Protocol("range", subscription(topic));
    }

    /** A {@code ConsumerProtocolSubscription}, version 1: one topic, no user data, no partitions of before. */
    static byte[] subscription(String topic) {
        byte[] name = topic.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = new byte[2 + 4 + 2 + name.length + 4 + 4];
        bytes[1] = 1;
        bytes[5] = 1;
        bytes[7] = (byte) name.length;
        System.arraycopy(name, 0, bytes, 8, name.length);
        Arrays.fill(bytes, 8 + name.length, 12 + name.length, (byte) -1);
        return bytes;
    }

    long sync(String member, int generation, Map<String, String> assignments) {
        return sync(new Sync(G, member, null, generation, "consumer", "range", bytes(assignments)));
    }

    static Map<String, byte[]> bytes(Map<String, String> assignments) {
        Map<String, byte[]> bytes = new HashMap<>();
        assignments.forEach((id, text) -> bytes.put(id, text.getBytes(StandardCharsets.UTF_8)));
        return bytes;
    }

    long sync(Sync request) {
        carryOut(request.group(), coordinator.classic().sync(request, ++tickets, nowMs));
        return tickets;
    }

    ErrorCode heartbeat(String member, int generation) {
        return coordinator.classic().heartbeat(new Heartbeat(G, member, null, generation), nowMs);
    }

    List<ErrorCode> leave(Leaver... leavers) {
        long ticket = ++tickets;
        carryOut(G, coordinator.classic().leave(new Leave(G, List.of(leavers)), ticket, nowMs));
        return ((Left) answers.get(ticket))
                .members().stream().map(LeftMember::error).toList();
    }

    void leave(String member) {
        assertThat(leave(new Leaver(member, null))).containsExactly(ErrorCode.NONE);
    }

    boolean isAnswered(long ticket) {
        return answers.containsKey(ticket);
    }

    Joined joined(long ticket) {
        return (Joined) answers.get(ticket);
    }

    Synced synced(long ticket) {
        return (Synced) answers.get(ticket);
    }

    static String text(Synced synced) {
        return new String(synced.assignment(), StandardCharsets.UTF_8);
    }

    GroupState state() {
        return describe().state();
    }

    DescribedGroup describe() {
        return coordinator.describe(G);
    }

    // ---- positions

    /** NONE, or why none of them was taken. */
    ErrorCode commit(Committer who, TopicPartition partition, long offset) {
        return commit(who, false, Map.of(partition, new CommittedOffset(offset)));
    }

    ErrorCode commit(Committer who, boolean inTransaction, Map<TopicPartition, CommittedOffset> offsets) {
        Decision<GroupRecord, GroupReply> decision =
                coordinator.positions().commit(G, who, inTransaction, offsets, nowMs);
        if (decision.reply() instanceof Refused refused) {
            assertThat(decision.records()).isEmpty();
            return refused.error();
        }
        write(decision.records());
        return ((PerPartition) decision.reply())
                .errors().values().stream()
                        .filter(error -> error != ErrorCode.NONE)
                        .findFirst()
                        .orElse(ErrorCode.NONE);
    }

    /** Carries out what was decided; NONE, or why it was refused. */
    ErrorCode carry(Decision<GroupRecord, GroupReply> decision) {
        write(decision.records());
        return decision.reply() instanceof Refused refused ? refused.error() : ErrorCode.NONE;
    }

    // ---- whole groups

    /** Joins so many dynamic members and lets the leader assign {@code a0}, {@code a1}, ...; their ids. */
    List<String> stable(int members) {
        List<Long> joins = new ArrayList<>();
        for (int i = 0; i < members; i++) {
            joins.add(join(""));
        }
        while (!isAnswered(joins.get(0))) {
            pass(limits.initialRebalanceDelayMs());
        }
        List<String> all = joins.stream().map(ticket -> joined(ticket).member()).toList();
        assign(joined(joins.get(0)), all);
        return all;
    }

    /** The leader assigns {@code a0}, {@code a1}, ... in this order, and everybody asks for it. */
    void assign(Joined leader, List<String> members) {
        Map<String, String> assignments = new HashMap<>();
        for (int i = 0; i < members.size(); i++) {
            assignments.put(members.get(i), "a" + i);
        }
        sync(leader.leader(), leader.generation(), assignments);
        for (int i = 0; i < members.size(); i++) {
            long sync = sync(members.get(i), leader.generation(), Map.of());
            assertThat(text(synced(sync))).isEqualTo("a" + i);
        }
    }
}
