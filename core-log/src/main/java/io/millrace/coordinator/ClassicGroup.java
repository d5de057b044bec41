package io.millrace.coordinator;

import io.millrace.client.ErrorCode;
import io.millrace.coordinator.GroupReply.Joined;
import io.millrace.coordinator.GroupReply.JoinedMember;
import io.millrace.coordinator.GroupReply.Synced;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One group under Kafka's classic protocol: who is in it, and the rebalance that is under way. Pure; owned by its coordinator.
 *
 * <pre>
 * Empty ──join──▶ PreparingRebalance ──all have joined, or time is up──▶ CompletingRebalance ──leader's assignment──▶ Stable
 *   ▲                 │      ▲                                                 │                                    │
 *   └──nobody is left─┘      └────────────── somebody joins, leaves, is late or is not heard of ────────────────────┘
 * </pre>
 *
 * <p>What is written down is the outcome alone: members with their assignments when the leader has assigned, a static member
 * that came back under another id, and that nobody is left. A rebalance under way is nowhere but here. After a restart the group
 * is where it was when it was last stable, and members that went further join again; no assignment was ever given out that
 * was not written.
 *
 * <p>Source: behaviour of {@code GroupMetadataManager} and {@code ClassicGroup} of Apache Kafka 4.3.1; KIP-62, KIP-134,
 * KIP-345, KIP-394, KIP-814.
 */
final class ClassicGroup {

    static final long NEVER = Long.MAX_VALUE;
    private static final byte[] NOTHING = {};

    private final String name;
    private final GroupLimits limits;
    private final ClassicMembers members = new ClassicMembers();

    /** Members of this generation that have not asked for their assignments. */
    private final Set<String> unsynced = new TreeSet<>();

    private GroupState state = GroupState.EMPTY;
    private int generation;
    private @Nullable String protocolType;
    private @Nullable String protocol;
    private long sinceMs;
    private long joinEndMs = NEVER;
    private long syncEndMs = NEVER;
    private @Nullable InitialDelay initial;

    /** What was last asked to be written. */
    private GroupMembership.@Nullable Classic proposed;

    /** How a group that was empty waits for more members: a little, and again as long as they come. */
    private record InitialDelay(int delayMs, int remainingMs, boolean extended) {}

    ClassicGroup(String name, GroupLimits limits, int generation, long nowMs) {
        this.name = name;
        this.limits = limits;
        this.generation = generation;
        this.sinceMs = nowMs;
    }

    /** The group as it was written. Sessions stand still until {@link #resume}. */
    static ClassicGroup restored(String name, GroupLimits limits, GroupMembership.Classic written) {
        ClassicGroup group = new ClassicGroup(name, limits, written.generation(), written.sinceMs());
        group.protocolType = written.protocolType().isEmpty() ? null : written.protocolType();
        group.protocol = written.protocol();
        for (GroupMembership.Member member : written.members()) {
            group.members.add(ClassicMember.restored(member, Objects.requireNonNullElse(written.protocol(), "")));
        }
        group.members.restoreLeader(written.leader());
        group.state = group.members.isEmpty() ? GroupState.EMPTY : GroupState.STABLE;
        group.proposed = written;
        return group;
    }

    /** Sessions begin anew: nobody could be heard of meanwhile. */
    void resume(long nowMs, GroupEffects out) {
        members.all().forEach(member -> member.renew(nowMs));
        if (members.size() > limits.membersMax()) {
            prepare(nowMs, out);
        }
    }

    /** How much of the group's assignment is a member's. */
    interface Share {
        byte[] of(ClassicMember member, String protocol);
    }

    /** The members that another protocol has left, with what it gave them: nobody has to join again for that. */
    void become(List<ClassicMember> consumers, Share share, long nowMs, GroupEffects out) {
        begin(SubscribedTopics.PROTOCOL_TYPE);
        consumers.forEach(members::add);
        String agreed = members.vote();
        protocol = agreed;
        consumers.forEach(member -> member.assign(share.of(member, agreed)));
        enter(GroupState.STABLE, nowMs);
        write(out);
    }

    // ---- what it is

    GroupState state() {
        return state;
    }

    int generation() {
        return generation;
    }

    ClassicMembers members() {
        return members;
    }

    /** Empty as long as nobody has ever joined. */
    String protocolType() {
        return protocolType == null ? "" : protocolType;
    }

    @Nullable
    String protocol() {
        return protocol;
    }

    long sinceMs() {
        return sinceMs;
    }

    boolean isConsumers() {
        return SubscribedTopics.PROTOCOL_TYPE.equals(protocolType);
    }

    /** Nobody is in it, and nobody is expected. */
    boolean isIdle() {
        return state == GroupState.EMPTY && !members.hasPromised();
    }

    /** Whether this is what the group asked to be written last. */
    boolean proposed(GroupMembership membership) {
        return membership == proposed;
    }

    /** What the members said for the protocol; empty before they agreed upon one. */
    List<byte[]> subscriptions() {
        String agreed = protocol;
        return agreed == null
                ? List.of()
                : members.all().stream()
                        .filter(member -> member.supports(agreed))
                        .map(member -> member.metadata(agreed))
                        .toList();
    }

    DescribedGroup describe() {
        String shown = state == GroupState.STABLE ? protocol : null;
        return new DescribedGroup(
                name,
                state,
                protocolType(),
                shown == null ? "" : shown,
                members.all().stream().map(member -> member.described(shown)).toList());
    }

    // ---- rebalances

    /** The first member of a kind decides what the group is for. */
    void begin(String newProtocolType) {
        protocolType = newProtocolType;
    }

    /** Somebody new is there: begin a rebalance, or bring the one under way to its end if this was the last. */
    void prepareOrComplete(long nowMs, GroupEffects out) {
        if (state != GroupState.PREPARING_REBALANCE) {
            prepare(nowMs, out);
        } else if (initial == null) {
            completeIfAllJoined(nowMs, out);
        }
    }

    /** One more member came while the group waits for the first ones. */
    void extendInitialDelay() {
        if (initial != null) {
            initial = new InitialDelay(initial.delayMs(), initial.remainingMs(), true);
        }
    }

    /** Everybody has to join again. */
    void prepare(long nowMs, GroupEffects out) {
        if (state == GroupState.COMPLETING_REBALANCE) {
            for (ClassicMember member : members.all()) {
                member.assignNothing();
                if (member.isAwaitingSync()) {
                    member.answerSync(Synced.refused(ErrorCode.REBALANCE_IN_PROGRESS), out);
                    member.renew(nowMs);
                }
            }
        }
        unsynced.clear();
        syncEndMs = NEVER;
        boolean isFirst = state == GroupState.EMPTY;
        enter(GroupState.PREPARING_REBALANCE, nowMs);
        if (isFirst) {
            int delayMs = limits.initialRebalanceDelayMs();
            initial = new InitialDelay(delayMs, Math.max(members.rebalanceTimeoutMs() - delayMs, 0), false);
            joinEndMs = nowMs + delayMs;
        } else {
            initial = null;
            joinEndMs = nowMs + members.rebalanceTimeoutMs();
            completeIfAllJoined(nowMs, out);
        }
    }

    private void completeIfAllJoined(long nowMs, GroupEffects out) {
        if (members.haveAllJoined()) {
            complete(nowMs, out);
        }
    }

    private void joinIsDue(long nowMs, GroupEffects out) {
        InitialDelay waited = initial;
        if (waited == null || !waited.extended() || waited.remainingMs() == 0) {
            complete(nowMs, out);
            return;
        }
        int delayMs = Math.min(limits.initialRebalanceDelayMs(), waited.remainingMs());
        initial = new InitialDelay(delayMs, Math.max(waited.remainingMs() - waited.delayMs(), 0), false);
        joinEndMs = nowMs + delayMs;
    }

    /** No longer waits for anybody: the next generation are those who have joined, and static members. */
    private void complete(long nowMs, GroupEffects out) {
        members.lateDynamic().forEach(late -> members.remove(late.id()));
        initial = null;
        joinEndMs = NEVER;
        if (members.isEmpty()) {
            generation++;
            protocol = null;
            enter(GroupState.EMPTY, nowMs);
            write(out);
        } else if (members.electJoined()) {
            generation++;
            protocol = members.vote();
            enter(GroupState.COMPLETING_REBALANCE, nowMs);
            for (ClassicMember member : members.all()) {
                member.answerJoin(joined(member), out);
                member.renew(nowMs);
                member.settled();
                unsynced.add(member.id());
            }
            syncEndMs = nowMs + members.rebalanceTimeoutMs();
        } else {
            // static members alone, and none has come: until their sessions end, or one comes
            joinEndMs = nowMs + members.rebalanceTimeoutMs();
        }
    }

    private void enter(GroupState next, long nowMs) {
        state = next;
        sinceMs = nowMs;
    }

    /** What a member of the current generation is told. */
    Joined joined(ClassicMember member) {
        boolean leads = members.isLeader(member.id());
        return new Joined(
                ErrorCode.NONE,
                member.id(),
                generation,
                protocolType,
                protocol,
                Objects.requireNonNullElse(members.leader(), ""),
                false,
                leads ? everybody() : List.of());
    }

    List<JoinedMember> everybody() {
        String agreed = Objects.requireNonNull(protocol, "a generation has a protocol");
        return members.all().stream()
                .map(member -> new JoinedMember(member.id(), member.instance(), member.metadata(agreed)))
                .toList();
    }

    /** Asks for the group to be written as it is now. */
    void write(GroupEffects out) {
        String agreed = protocol;
        List<GroupMembership.Member> written = agreed == null
                ? List.of()
                : members.all().stream().map(member -> member.written(agreed)).toList();
        proposed = new GroupMembership.Classic(generation, protocolType(), agreed, members.leader(), written, sinceMs);
        out.write(new GroupRecord.Membership(name, proposed));
    }

    // ---- members

    /** A member asked for its assignment; whether it must wait for it. */
    boolean syncs(ClassicMember member) {
        unsynced.remove(member.id());
        stopWaitingIfSynced();
        return state == GroupState.COMPLETING_REBALANCE;
    }

    private void stopWaitingIfSynced() {
        if (unsynced.isEmpty()) {
            syncEndMs = NEVER;
        }
    }

    /** The leader has assigned: the group is stable once that is written. */
    void assign(Map<String, byte[]> assignments, long nowMs, GroupEffects out) {
        for (ClassicMember member : members.all()) {
            member.assign(assignments.getOrDefault(member.id(), NOTHING));
        }
        enter(GroupState.STABLE, nowMs);
        write(out);
        for (ClassicMember member : members.all()) {
            if (member.isAwaitingSync()) {
                member.answerSync(synced(member), out);
                member.renew(nowMs);
            }
        }
    }

    Synced synced(ClassicMember member) {
        return new Synced(ErrorCode.NONE, protocolType, protocol, member.assignment());
    }

    /** A sign of life. */
    void heard(String id, long nowMs) {
        ClassicMember member = members.find(id);
        if (member != null) {
            member.renew(nowMs);
        }
    }

    /** It left, or was not heard of. */
    void remove(ClassicMember member, GroupEffects out) {
        member.refuse(ErrorCode.UNKNOWN_MEMBER_ID, "", out);
        members.remove(member.id());
        unsynced.remove(member.id());
        stopWaitingIfSynced();
    }

    /** A static member came back under another id; whoever has the old one is fenced. */
    ClassicMember replace(ClassicMember old, String newId, GroupEffects out) {
        old.refuse(ErrorCode.FENCED_INSTANCE_ID, old.id(), out);
        unsynced.remove(old.id());
        stopWaitingIfSynced();
        return members.replace(old, newId);
    }

    // ---- time

    /** When something is due next, {@link #NEVER} for never. */
    long nextDeadlineMs() {
        return Math.min(Math.min(joinEndMs, syncEndMs), members.nextEndMs());
    }

    /** Does what is due. */
    void due(long nowMs, GroupEffects out) {
        if (joinEndMs <= nowMs) {
            joinIsDue(nowMs, out);
        }
        if (syncEndMs <= nowMs) {
            unsynced.stream().toList().forEach(members::remove);
            prepare(nowMs, out);
        }
        if (members.breakPromises(nowMs) && state == GroupState.PREPARING_REBALANCE) {
            completeIfAllJoined(nowMs, out);
        }
        for (ClassicMember member : members.all()) {
            if (member.sessionEndMs() <= nowMs && members.find(member.id()) == member) {
                endSession(member, nowMs, out);
            }
        }
    }

    private void endSession(ClassicMember member, long nowMs, GroupEffects out) {
        if (member.isExcused()) {
            member.excuse();
            return;
        }
        remove(member, out);
        if (state == GroupState.PREPARING_REBALANCE) {
            completeIfAllJoined(nowMs, out);
        } else {
            prepare(nowMs, out);
        }
    }
}
