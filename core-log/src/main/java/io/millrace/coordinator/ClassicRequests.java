package io.millrace.coordinator;

import io.millrace.client.ErrorCode;
import io.millrace.coordinator.GroupReply.Joined;
import io.millrace.coordinator.GroupReply.LeftMember;
import io.millrace.coordinator.GroupReply.Synced;
import io.millrace.coordinator.GroupRequest.Heartbeat;
import io.millrace.coordinator.GroupRequest.Join;
import io.millrace.coordinator.GroupRequest.Leaver;
import io.millrace.coordinator.GroupRequest.Sync;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what in a {@link ClassicGroup}, and what it leads to: the rules of the classic protocol's requests. Stateless but
 * for the source of ids.
 */
final class ClassicRequests {

    /** How long a new member may wait for its first generation; it has no heartbeats to send yet. Kafka's number. */
    static final int NEW_MEMBER_JOIN_TIMEOUT_MS = 5 * 60 * 1000;

    /** How much of a client's name goes into the id of a member: so that the id fits into a record, whatever it is. */
    private static final int NAME_CHARS_MAX = 10_000;

    private final GroupLimits limits;
    private final Supplier<UUID> ids;

    ClassicRequests(GroupLimits limits, Supplier<UUID> ids) {
        this.limits = limits;
        this.ids = ids;
    }

    // ---- join

    void join(ClassicGroup group, Join request, long ticket, long nowMs, GroupEffects out) {
        if (!hasRoom(group, request.member())) {
            evict(group, request.member(), nowMs, out);
            out.answer(ticket, Joined.refused(ErrorCode.GROUP_MAX_SIZE_REACHED, ""));
        } else if (!fits(group, request)) {
            out.answer(ticket, Joined.refused(ErrorCode.INCONSISTENT_GROUP_PROTOCOL, request.member()));
        } else if (request.member().isEmpty()) {
            joinAnew(group, request, ticket, nowMs, out);
        } else if (group.members().isPromised(request.member()) && request.instance() == null) {
            add(group, request.member(), request, ticket, nowMs, out);
        } else {
            joinAgain(group, request, ticket, nowMs, out);
        }
    }

    /** While members join, those count who have: so the last ones to come again are those who find no room. */
    private boolean hasRoom(ClassicGroup group, String id) {
        ClassicMember member = group.members().find(id);
        return switch (group.state()) {
            case EMPTY, DEAD -> true;
            case PREPARING_REBALANCE ->
                (member != null && member.isAwaitingJoin()) || group.members().awaitingJoin() < limits.membersMax();
            case COMPLETING_REBALANCE, STABLE, ASSIGNING, RECONCILING ->
                member != null || group.members().size() < limits.membersMax();
        };
    }

    /** Those who wait for it to join again need not. */
    private static void evict(ClassicGroup group, String id, long nowMs, GroupEffects out) {
        ClassicMember member = group.members().find(id);
        if (member != null) {
            group.remove(member, out);
            group.prepareOrComplete(nowMs, out);
        } else {
            group.members().remove(id); // a promised id
        }
    }

    private static boolean fits(ClassicGroup group, Join request) {
        if (request.protocolType().isEmpty() || request.protocols().isEmpty()) {
            return false;
        }
        return group.state() == GroupState.EMPTY
                || (group.protocolType().equals(request.protocolType())
                        && group.members().supportAny(request.protocols()));
    }

    private void joinAnew(ClassicGroup group, Join request, long ticket, long nowMs, GroupEffects out) {
        ClassicMember before = group.members().findStatic(request.instance());
        String id = newId(request);
        if (before != null) {
            succeed(group, before, id, request, ticket, nowMs, out);
        } else if (request.instance() == null && request.idRequired()) {
            group.members().promise(id, nowMs + request.sessionTimeoutMs());
            out.answer(ticket, Joined.refused(ErrorCode.MEMBER_ID_REQUIRED, id));
        } else {
            add(group, id, request, ticket, nowMs, out);
        }
    }

    private String newId(Join request) {
        String name = request.instance() == null ? request.clientId() : request.instance();
        return name.substring(0, Math.min(name.length(), NAME_CHARS_MAX)) + "-" + ids.get();
    }

    private static void add(ClassicGroup group, String id, Join request, long ticket, long nowMs, GroupEffects out) {
        if (group.members().isEmpty()) {
            group.begin(request.protocolType());
        }
        group.extendInitialDelay();
        ClassicMember member = ClassicMember.joining(id, request);
        member.awaitJoin(ticket, out);
        group.members().add(member);
        member.renew(nowMs, NEW_MEMBER_JOIN_TIMEOUT_MS);
        group.prepareOrComplete(nowMs, out);
    }

    /** A member that has an id. One whose last answer was lost is told it again; whoever has something new causes a rebalance. */
    private static void joinAgain(ClassicGroup group, Join request, long ticket, long nowMs, GroupEffects out) {
        ErrorCode error = group.members().check(request.member(), request.instance());
        ClassicMember member = group.members().find(request.member());
        if (error != ErrorCode.NONE || member == null) {
            out.answer(ticket, Joined.refused(error, request.member()));
            return;
        }
        boolean says = !member.protocols().equals(request.protocols());
        boolean leads = group.state() == GroupState.STABLE && group.members().isLeader(member.id());
        if (group.state() == GroupState.PREPARING_REBALANCE || says || leads) {
            member.update(request);
            member.awaitJoin(ticket, out);
            group.prepareOrComplete(nowMs, out);
        } else {
            out.answer(ticket, group.joined(member));
        }
    }

    /**
     * A static member's process was started anew. In a stable group it goes on with the assignment of the one before, unless
     * the members would now agree upon another protocol.
     */
    private static void succeed(
            ClassicGroup group,
            ClassicMember before,
            String id,
            Join request,
            long ticket,
            long nowMs,
            GroupEffects out) {
        String leaderBefore = group.members().leader();
        ClassicMember member = group.replace(before, id, out);
        member.update(request);
        member.awaitJoin(ticket, out);
        member.renew(nowMs);
        if (group.state() == GroupState.STABLE && group.members().vote().equals(group.protocol())) {
            group.write(out);
            member.answerJoin(takenOver(group, member, leaderBefore, request.assignmentSkippable()), out);
        } else {
            group.prepareOrComplete(nowMs, out);
        }
    }

    /** Clients of before version 9 would assign anew if they were told that they lead: the leader's old id keeps them from it. */
    private static Joined takenOver(
            ClassicGroup group, ClassicMember member, @Nullable String leaderBefore, boolean assignmentSkippable) {
        Joined joined = group.joined(member);
        boolean leads = group.members().isLeader(member.id());
        return new Joined(
                ErrorCode.NONE,
                joined.member(),
                joined.generation(),
                joined.protocolType(),
                joined.protocol(),
                assignmentSkippable || leaderBefore == null ? joined.leader() : leaderBefore,
                assignmentSkippable && leads,
                assignmentSkippable ? joined.members() : List.of());
    }

    // ---- sync, heartbeat

    void sync(ClassicGroup group, Sync request, long ticket, long nowMs, GroupEffects out) {
        ErrorCode error = check(group, request);
        ClassicMember member = group.members().find(request.member());
        if (error != ErrorCode.NONE || member == null) {
            out.answer(ticket, Synced.refused(error));
        } else if (!group.syncs(member)) {
            out.answer(ticket, group.synced(member));
        } else {
            member.awaitSync(ticket, out);
            if (group.members().isLeader(member.id())) {
                group.assign(request.assignments(), nowMs, out);
            }
        }
    }

    private static ErrorCode check(ClassicGroup group, Sync request) {
        if (group.state() == GroupState.EMPTY) {
            return ErrorCode.UNKNOWN_MEMBER_ID;
        }
        ErrorCode error = check(group, request.member(), request.instance(), request.generation());
        if (error != ErrorCode.NONE) {
            return error;
        }
        if (contradicts(request.protocolType(), group.protocolType())
                || contradicts(request.protocol(), group.protocol())) {
            return ErrorCode.INCONSISTENT_GROUP_PROTOCOL;
        }
        return group.state() == GroupState.PREPARING_REBALANCE ? ErrorCode.REBALANCE_IN_PROGRESS : ErrorCode.NONE;
    }

    private static boolean contradicts(@Nullable String believed, @Nullable String known) {
        return believed != null && known != null && !believed.equals(known);
    }

    private static ErrorCode check(ClassicGroup group, String id, @Nullable String instance, int generation) {
        ErrorCode error = group.members().check(id, instance);
        if (error != ErrorCode.NONE) {
            return error;
        }
        return generation == group.generation() ? ErrorCode.NONE : ErrorCode.ILLEGAL_GENERATION;
    }

    ErrorCode heartbeat(ClassicGroup group, Heartbeat request, long nowMs) {
        ErrorCode error = check(group, request.member(), request.instance(), request.generation());
        if (error != ErrorCode.NONE) {
            return error;
        }
        group.heard(request.member(), nowMs);
        return group.state() == GroupState.PREPARING_REBALANCE ? ErrorCode.REBALANCE_IN_PROGRESS : ErrorCode.NONE;
    }

    // ---- leave

    List<LeftMember> leave(ClassicGroup group, List<Leaver> leavers, long nowMs, GroupEffects out) {
        List<LeftMember> left = new ArrayList<>();
        for (Leaver leaver : leavers) {
            left.add(new LeftMember(leaver.member(), leaver.instance(), leave(group, leaver, out)));
        }
        boolean anybody = left.stream().anyMatch(each -> each.error() == ErrorCode.NONE);
        if (anybody && group.state() != GroupState.EMPTY) {
            group.prepareOrComplete(nowMs, out);
        }
        return left;
    }

    private static ErrorCode leave(ClassicGroup group, Leaver leaver, GroupEffects out) {
        if (group.members().isPromised(leaver.member())) {
            group.members().remove(leaver.member());
            return ErrorCode.NONE;
        }
        boolean byInstance = leaver.member().isEmpty();
        ClassicMember member = byInstance
                ? group.members().findStatic(leaver.instance())
                : group.members().find(leaver.member());
        ErrorCode error = byInstance ? ErrorCode.NONE : group.members().check(leaver.member(), leaver.instance());
        if (error == ErrorCode.NONE && member != null) {
            group.remove(member, out);
            return ErrorCode.NONE;
        }
        return error == ErrorCode.NONE ? ErrorCode.UNKNOWN_MEMBER_ID : error;
    }

    // ---- commit

    /** Whether positions may be committed by this; a member that does is heard of. */
    ErrorCode commit(ClassicGroup group, Committer who, boolean inTransaction, long nowMs) {
        if (who.generation() < 0 && group.state() == GroupState.EMPTY) {
            return ErrorCode.NONE;
        }
        if (!who.isOutsider()) {
            ErrorCode error = check(group, who.member(), who.instance(), who.generation());
            if (error != ErrorCode.NONE) {
                return error;
            }
        } else if (!inTransaction) {
            return ErrorCode.UNKNOWN_MEMBER_ID; // transactions of old clients do not say who commits
        }
        if (inTransaction) {
            return ErrorCode.NONE;
        }
        if (group.state() == GroupState.COMPLETING_REBALANCE) {
            return ErrorCode.REBALANCE_IN_PROGRESS;
        }
        group.heard(who.member(), nowMs);
        return ErrorCode.NONE;
    }
}
