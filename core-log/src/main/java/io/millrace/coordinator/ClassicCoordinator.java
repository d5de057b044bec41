package io.millrace.coordinator;

import io.millrace.client.ErrorCode;
import io.millrace.coordinator.GroupReply.Beat;
import io.millrace.coordinator.GroupReply.Joined;
import io.millrace.coordinator.GroupReply.Left;
import io.millrace.coordinator.GroupReply.LeftMember;
import io.millrace.coordinator.GroupReply.Synced;
import io.millrace.coordinator.GroupRequest.Heartbeat;
import io.millrace.coordinator.GroupRequest.Join;
import io.millrace.coordinator.GroupRequest.Leave;
import io.millrace.coordinator.GroupRequest.Leaver;
import io.millrace.coordinator.GroupRequest.Sync;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The classic group protocol of one coordinator: joining, assigning, staying and leaving.
 *
 * <p>Requests carry a ticket, and are answered by it: at once, or in a later decision, when others have joined, the leader has
 * assigned, or time has passed. A decision changes the group at once; its records must be written before the next request of
 * the group, or else {@link #notWritten} takes everything back.
 *
 * <p>Members that come to a group of the consumer protocol are let in there.
 */
public final class ClassicCoordinator {

    private final GroupLimits limits;
    private final GroupTable groups;
    private final ClassicRequests requests;
    private final ConsumerCoordinator consumers;
    private final GroupAlarms alarms = new GroupAlarms();

    ClassicCoordinator(GroupLimits limits, GroupTable groups, ClassicRequests requests, ConsumerCoordinator consumers) {
        this.limits = limits;
        this.groups = groups;
        this.requests = requests;
        this.consumers = consumers;
    }

    /** Answered with {@link Joined}. */
    public Decision<GroupRecord, List<Answer>> join(Join request, long ticket, long nowMs) {
        Group group = groups.find(request.group());
        Joined refusal = refusal(request, group);
        GroupEffects out = new GroupEffects();
        if (refusal != null) {
            out.answer(ticket, refusal);
            return out.decision();
        }
        if (group != null && group.hasConsumers()) {
            Decision<GroupRecord, List<Answer>> decision = consumers.join(group, request, ticket, nowMs);
            changed(group);
            return decision;
        }
        if (group != null) {
            group.tombstonesOfConsumers().forEach(out::write);
        }
        Group joined = group == null ? groups.findOrNew(request.group()) : group;
        requests.join(joined.classicOrNew(nowMs), request, ticket, nowMs, out);
        changed(joined);
        return out.decision();
    }

    private @Nullable Joined refusal(Join request, @Nullable Group group) {
        if (request.group().isEmpty()) {
            return Joined.refused(ErrorCode.INVALID_GROUP_ID, request.member());
        }
        if (request.sessionTimeoutMs() < limits.sessionTimeoutMsMin()
                || request.sessionTimeoutMs() > limits.sessionTimeoutMsMax()) {
            return Joined.refused(ErrorCode.INVALID_SESSION_TIMEOUT, request.member());
        }
        if (group == null && !request.member().isEmpty()) {
            return Joined.refused(ErrorCode.UNKNOWN_MEMBER_ID, request.member());
        }
        if (group != null && group.claimant() != null) {
            return Joined.refused(ErrorCode.INCONSISTENT_GROUP_PROTOCOL, "");
        }
        return null;
    }

    /** Answered with {@link Synced}. */
    public Decision<GroupRecord, List<Answer>> sync(Sync request, long ticket, long nowMs) {
        Group group = groups.find(request.group());
        ClassicGroup classic = group == null ? null : group.classic();
        GroupEffects out = new GroupEffects();
        if (request.group().isEmpty()) {
            out.answer(ticket, Synced.refused(ErrorCode.INVALID_GROUP_ID));
        } else if (group != null && group.hasConsumers()) {
            out.answer(ticket, consumers.sync(group, request, nowMs));
        } else if (group == null || classic == null) {
            out.answer(ticket, Synced.refused(ErrorCode.UNKNOWN_MEMBER_ID));
        } else {
            requests.sync(classic, request, ticket, nowMs, out);
            changed(group);
        }
        return out.decision();
    }

    /** NONE if the member is in the current generation, REBALANCE_IN_PROGRESS if it has to join again. */
    public ErrorCode heartbeat(Heartbeat request, long nowMs) {
        if (request.group().isEmpty()) {
            return ErrorCode.INVALID_GROUP_ID;
        }
        Group group = groups.find(request.group());
        if (group != null && group.hasConsumers()) {
            return consumers.heartbeat(group, request, nowMs);
        }
        ClassicGroup classic = group == null ? null : group.classic();
        return classic == null ? ErrorCode.UNKNOWN_MEMBER_ID : requests.heartbeat(classic, request, nowMs);
    }

    /** Answered with {@link Left}. */
    public Decision<GroupRecord, List<Answer>> leave(Leave request, long ticket, long nowMs) {
        Group group = groups.find(request.group());
        if (group != null && group.hasConsumers()) {
            Decision<GroupRecord, List<Answer>> decision = consumers.leave(group, request, ticket, nowMs);
            changed(group);
            return decision;
        }
        ClassicGroup classic = group == null ? null : group.classic();
        GroupEffects out = new GroupEffects();
        if (group == null || classic == null) {
            boolean nameless = request.group().isEmpty();
            ErrorCode error = nameless ? ErrorCode.INVALID_GROUP_ID : ErrorCode.UNKNOWN_MEMBER_ID;
            out.answer(ticket, everybody(request.leavers(), error));
        } else {
            out.answer(ticket, new Left(requests.leave(classic, request.leavers(), nowMs, out)));
            changed(group);
        }
        return out.decision();
    }

    private static Left everybody(List<Leaver> leavers, ErrorCode error) {
        return new Left(leavers.stream()
                .map(leaver -> new LeftMember(leaver.member(), leaver.instance(), error))
                .toList());
    }

    /** When something is due next, {@link Long#MAX_VALUE} for never. */
    long nextDeadlineMs() {
        return alarms.nextMs();
    }

    /** Groups in which something is due, without their alarms. */
    List<String> takeDue(long nowMs) {
        return alarms.takeDue(nowMs);
    }

    /** What happens in the group because time has passed. */
    void due(String name, long nowMs, GroupEffects out) {
        Group group = groups.find(name);
        ClassicGroup classic = group == null ? null : group.classic();
        if (group != null && classic != null) {
            classic.due(nowMs, out);
            changed(group);
        }
    }

    /** After the last record was read at start: sessions begin anew. */
    public void resume(long nowMs) {
        for (Group group : groups.all()) {
            ClassicGroup classic = group.classic();
            if (classic != null) {
                classic.resume(nowMs, new GroupEffects()); // nobody waits yet
                changed(group);
            }
        }
    }

    /**
     * The records of a decision could not be written. The group is again as the log has it, and everybody who waits, or was to
     * be answered, is told this error.
     */
    public List<Answer> notWritten(
            String name, Decision<GroupRecord, List<Answer>> decision, ErrorCode error, long nowMs) {
        GroupEffects out = new GroupEffects();
        for (Answer answer : decision.reply()) {
            out.answer(answer.ticket(), refused(answer.reply(), error));
        }
        Group group = groups.find(name);
        ClassicGroup classic = group == null ? null : group.classic();
        if (group != null && classic != null) {
            classic.members().all().forEach(member -> member.refuse(error, member.id(), out));
            group.revert(nowMs);
            changed(group);
        }
        return out.decision().reply();
    }

    private static GroupReply refused(GroupReply reply, ErrorCode error) {
        if (reply instanceof Joined joined) {
            return Joined.refused(error, joined.member());
        }
        if (reply instanceof Left left) {
            return new Left(left.members().stream()
                    .map(each -> new LeftMember(each.member(), each.instance(), error))
                    .toList());
        }
        if (reply instanceof Beat) {
            return Beat.refused(error, error.meaning());
        }
        return Synced.refused(error);
    }

    /** To be called after each change. */
    void watch(Group group) {
        ClassicGroup classic = group.classic();
        if (classic != null) {
            alarms.set(group.name(), classic.nextDeadlineMs());
        }
    }

    private void changed(Group group) {
        watch(group);
        groups.settle(group);
    }
}
