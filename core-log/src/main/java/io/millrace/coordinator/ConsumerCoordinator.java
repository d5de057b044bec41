package io.millrace.coordinator;

import io.millrace.client.ErrorCode;
import io.millrace.client.LogException;
import io.millrace.coordinator.ConsumerRecord.Progress;
import io.millrace.coordinator.ConsumerSessions.Overdue;
import io.millrace.coordinator.GroupRecord.Membership;
import io.millrace.coordinator.GroupReply.Beat;
import io.millrace.coordinator.GroupReply.Joined;
import io.millrace.coordinator.GroupReply.Left;
import io.millrace.coordinator.GroupReply.LeftMember;
import io.millrace.coordinator.GroupReply.Synced;
import io.millrace.coordinator.GroupRequest.ConsumerHeartbeat;
import io.millrace.coordinator.GroupRequest.Heartbeat;
import io.millrace.coordinator.GroupRequest.Join;
import io.millrace.coordinator.GroupRequest.Leave;
import io.millrace.coordinator.GroupRequest.Leaver;
import io.millrace.coordinator.GroupRequest.Sync;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The consumer protocol (KIP-848) of one coordinator: members say what they read and what they have, and are told what they may
 * take and must let go. Every answer is given at once.
 *
 * <p>Nothing changes but by the records of a decision when they are replayed; only sessions do not wait for that.
 */
public final class ConsumerCoordinator {

    /** When what was due and could not be written is tried again. */
    private static final int RETRY_MS = 1_000;

    private final ConsumerRules rules;
    private final GroupTable groups;
    private final Supplier<UUID> ids;
    private final ConsumerBeats beats;
    private final ProtocolMigration migration;
    private final ClassicGuests guests;
    private final GroupAlarms alarms = new GroupAlarms();

    ConsumerCoordinator(ConsumerRules rules, GroupTable groups, Supplier<UUID> ids) {
        this.rules = rules;
        this.groups = groups;
        this.ids = ids;
        this.beats = new ConsumerBeats(rules);
        this.migration = new ProtocolMigration(rules);
        this.guests = new ClassicGuests(rules, beats, migration, ids);
    }

    /** Answered with {@link Beat}. */
    public Decision<GroupRecord, List<Answer>> heartbeat(ConsumerHeartbeat request, long ticket, long nowMs) {
        GroupEffects out = new GroupEffects();
        try {
            beats.requireValid(request);
            boolean leaves = request.epoch() < 0;
            Beat beat = leaves ? leave(request, nowMs, out) : beat(request, nowMs, out);
            out.answer(ticket, beat);
            return out.decision();
        } catch (LogException refused) {
            GroupEffects refusal = new GroupEffects();
            refusal.answer(ticket, Beat.refused(refused.error(), refused.reason()));
            return refusal.decision();
        }
    }

    private Beat beat(ConsumerHeartbeat request, long nowMs, GroupEffects out) {
        ConsumerDraft draft = draft(request);
        Group group = groups.findOrNew(request.group());
        try {
            String id = request.member().isEmpty() ? ids.get().toString() : request.member();
            Beat beat = beats.beat(draft, group.sessions(), request, id, group.seen(), nowMs);
            group.saw(rules.topicsNow());
            wakeClassicMembers(group, draft, nowMs, out);
            draft.records().forEach(out::write);
            watch(group);
            return beat;
        } finally {
            groups.settle(group);
        }
    }

    /** The group as it is, or as it would become if this member joined. */
    private ConsumerDraft draft(ConsumerHeartbeat request) {
        String name = request.group();
        Group group = groups.find(name);
        ConsumerGroup members = group == null ? null : group.consumers();
        if (members != null) {
            return new ConsumerDraft(members);
        }
        ClassicGroup classic = group == null ? null : group.classic();
        boolean isTaken = group != null && group.hasMembers();
        if (request.epoch() != 0 || (isTaken && classic == null)) {
            throw new LogException(
                    ErrorCode.GROUP_ID_NOT_FOUND,
                    group == null
                            ? "Consumer group " + name + " not found."
                            : "Group " + name + " is not a consumer group.");
        }
        if (isTaken && classic != null) {
            return migration.upgrade(name, classic);
        }
        ConsumerDraft draft = new ConsumerDraft(new ConsumerGroup(name));
        if (group != null && (group.written() != null || classic != null)) {
            draft.also(new Membership(name, null));
        }
        return draft;
    }

    /** Members of a classic group that becomes one of this protocol join again; their sessions go on. */
    private static void wakeClassicMembers(Group group, ConsumerDraft draft, long nowMs, GroupEffects out) {
        ClassicGroup classic = group.classic();
        if (classic == null) {
            return;
        }
        classic.members().all().forEach(member -> member.refuse(ErrorCode.REBALANCE_IN_PROGRESS, member.id(), out));
        draft.group().classicMembers().forEach(member -> group.sessions()
                .renew(member.id(), nowMs + classicSessionMs(member)));
    }

    private static int classicSessionMs(ConsumerMember member) {
        return Objects.requireNonNull(member.profile().classic(), "a classic member")
                .sessionTimeoutMs();
    }

    // ---- leaving

    private Beat leave(ConsumerHeartbeat request, long nowMs, GroupEffects out) {
        Group group = groups.find(request.group());
        ConsumerGroup members = group == null ? null : group.consumers();
        if (group == null || members == null) {
            throw new LogException(ErrorCode.GROUP_ID_NOT_FOUND, "Consumer group " + request.group() + " not found.");
        }
        String instance = request.instance();
        String id = request.member();
        ConsumerMember member = instance == null
                ? ConsumerBeats.require(members.find(id), id, members)
                : ConsumerBeats.requireStatic(members.findStatic(instance), id, instance);
        if (request.epoch() == MemberProgress.STATIC_AWAY) {
            out.write(new Progress(group.name(), id, member.progress().away()));
        } else {
            remove(group, members, List.of(member), nowMs, out);
        }
        return new Beat(ErrorCode.NONE, null, id, request.epoch(), 0, null);
    }

    /** The group goes on without them; as a classic one if only such members are left. */
    private void remove(Group group, ConsumerGroup members, List<ConsumerMember> gone, long nowMs, GroupEffects out) {
        ConsumerDraft draft = new ConsumerDraft(members);
        gone.forEach(member -> draft.remove(member.id()));
        List<ConsumerMember> left = List.copyOf(draft.group().members());
        if (migration.mayDowngrade(left)) {
            ClassicGroup classic = migration.downgrade(draft, true, nowMs);
            classic.prepare(nowMs, out);
            group.expect(classic);
        } else {
            new ConsumerSteps(rules, group.sessions(), draft, rules.topicsNow(), nowMs).removed(gone);
        }
        draft.records().forEach(out::write);
        watch(group);
    }

    // ---- members that speak the classic protocol

    Decision<GroupRecord, List<Answer>> join(Group group, Join request, long ticket, long nowMs) {
        GroupEffects out = new GroupEffects();
        try {
            ConsumerDraft draft = new ConsumerDraft(Objects.requireNonNull(group.consumers()));
            Joined joined = guests.join(group, draft, request, nowMs);
            if (joined.error() == ErrorCode.NONE) {
                draft.records().forEach(out::write);
                watch(group);
            }
            out.answer(ticket, joined);
        } catch (LogException refused) {
            out.answer(ticket, Joined.refused(refused.error(), request.member()));
        }
        return out.decision();
    }

    Synced sync(Group group, Sync request, long nowMs) {
        try {
            return guests.sync(group, Objects.requireNonNull(group.consumers()), request, nowMs);
        } catch (LogException refused) {
            return Synced.refused(refused.error());
        } finally {
            watch(group);
        }
    }

    ErrorCode heartbeat(Group group, Heartbeat request, long nowMs) {
        try {
            return guests.heartbeat(group, Objects.requireNonNull(group.consumers()), request, nowMs);
        } catch (LogException refused) {
            return refused.error();
        } finally {
            watch(group);
        }
    }

    /** Also of members that speak the consumer protocol: an operator sends them away. */
    Decision<GroupRecord, List<Answer>> leave(Group group, Leave request, long ticket, long nowMs) {
        ConsumerGroup members = Objects.requireNonNull(group.consumers());
        GroupEffects out = new GroupEffects();
        Map<String, ConsumerMember> gone = new LinkedHashMap<>();
        List<LeftMember> left = new ArrayList<>();
        for (Leaver leaver : request.leavers()) {
            ErrorCode error = ErrorCode.NONE;
            try {
                ConsumerMember member = ClassicGuests.leaver(members, leaver);
                gone.put(member.id(), member);
            } catch (LogException refused) {
                error = refused.error();
            }
            left.add(new LeftMember(leaver.member(), leaver.instance(), error));
        }
        if (!gone.isEmpty()) {
            remove(group, members, List.copyOf(gone.values()), nowMs, out);
        }
        out.answer(ticket, new Left(left));
        return out.decision();
    }

    // ---- time

    /** When something is due next, {@link Long#MAX_VALUE} for never. */
    long nextDeadlineMs() {
        return alarms.nextMs();
    }

    /** Groups in which something is due, without their alarms. */
    List<String> takeDue(long nowMs) {
        return alarms.takeDue(nowMs);
    }

    /** Members of the group that are too late go. */
    void due(String name, long nowMs, GroupEffects out) {
        Group group = groups.find(name);
        ConsumerGroup members = group == null ? null : group.consumers();
        if (group == null || members == null) {
            return;
        }
        List<Overdue> late = group.sessions().overdue(members, nowMs);
        if (!late.isEmpty()) {
            List<ConsumerMember> gone = late.stream()
                    .map(overdue -> ConsumerBeats.require(members.find(overdue.member()), "", members))
                    .toList();
            remove(group, members, gone, nowMs, out);
        }
        watch(group);
    }

    /** After the last record was read at start: sessions begin anew, and so do the times in which members must let go. */
    void resume(long nowMs) {
        for (Group group : groups.all()) {
            ConsumerGroup members = group.consumers();
            if (members != null) {
                group.sessions().forgetAll();
                members.members().forEach(member -> resume(group, member, nowMs));
                watch(group);
            }
        }
    }

    private void resume(Group group, ConsumerMember member, long nowMs) {
        group.sessions().renew(member.id(), nowMs + rules.sessionTimeoutMs(group.name()));
        MemberProgress progress = member.progress();
        if (progress.state() == MemberState.UNREVOKED_PARTITIONS
                && !member.profile().isClassic()) {
            group.sessions().revokes(member.id(), nowMs + member.profile().rebalanceTimeoutMs(), progress.epoch());
        }
    }

    /** A decision was not written: nothing of it counts, and who was to go is looked for again soon. */
    void notWritten(String name, long nowMs) {
        Group group = groups.find(name);
        ConsumerGroup members = group == null ? null : group.consumers();
        if (group == null) {
            return;
        }
        group.expect(null);
        group.saw(null);
        if (members == null) {
            group.sessions().forgetAll();
            groups.settle(group);
        } else {
            group.sessions().putOff(nowMs + RETRY_MS);
            watch(group);
        }
    }

    private void watch(Group group) {
        alarms.set(group.name(), group.sessions().nextMs());
    }

    // ---- looking

    /** Null if there is no such group, or if it is of another protocol. */
    public @Nullable DescribedConsumerGroup describe(String name) {
        Group group = groups.find(name);
        ConsumerGroup members = group == null ? null : group.consumers();
        return members == null ? null : DescribedConsumerGroup.of(members, rules.assignorName(members));
    }
}
