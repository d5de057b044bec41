package io.millrace.coordinator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Until when the members of one consumer group must have been heard of, or must have done something. Not in the log: at the
 * start of a node it begins anew. Of members that are gone it may know for a while longer. Owned by its {@link Group}.
 */
final class ConsumerSessions {

    static final long NEVER = ClassicGroup.NEVER;

    /** Why a member has to go. */
    record Overdue(String member, String why) {}

    /** Wall-clock times (ms); {@link #NEVER} for what is not asked. */
    private static final class Deadlines {
        private long sessionMs = NEVER;
        private long revokeMs = NEVER;
        private int revokeEpoch;
        private long joinMs = NEVER;
        private long syncMs = NEVER;

        private long nextMs() {
            return Math.min(Math.min(sessionMs, revokeMs), Math.min(joinMs, syncMs));
        }

        private void putOff(long untilMs) {
            sessionMs = Math.max(sessionMs, untilMs);
            revokeMs = Math.max(revokeMs, untilMs);
            joinMs = Math.max(joinMs, untilMs);
            syncMs = Math.max(syncMs, untilMs);
        }
    }

    private final Map<String, Deadlines> byMember = new HashMap<>();

    /** Nothing is due before it. */
    private long earliestMs = NEVER;

    private void watch(long untilMs) {
        earliestMs = Math.min(earliestMs, untilMs);
    }

    private Deadlines of(String member) {
        return byMember.computeIfAbsent(member, id -> new Deadlines());
    }

    /** It was heard of. */
    void renew(String member, long untilMs) {
        of(member).sessionMs = untilMs;
        watch(untilMs);
    }

    /** It must let partitions go until then, as long as it is at this epoch; {@link #NEVER} if it has. */
    void revokes(String member, long untilMs, int epoch) {
        of(member).revokeMs = untilMs;
        of(member).revokeEpoch = epoch;
        watch(untilMs);
    }

    /** A classic member was told to join again; if it was before, the first time counts. */
    void awaitsJoin(String member, long untilMs) {
        of(member).joinMs = Math.min(of(member).joinMs, untilMs);
        watch(untilMs);
    }

    /** A classic member has joined, and is to ask for its assignment until then. */
    void joined(String member, long syncUntilMs) {
        of(member).joinMs = NEVER;
        of(member).syncMs = syncUntilMs;
        watch(syncUntilMs);
    }

    /** A classic member has got its assignment. */
    void synced(String member) {
        of(member).syncMs = NEVER;
    }

    void forgetAll() {
        byMember.clear();
        earliestMs = NEVER;
    }

    boolean isEmpty() {
        return byMember.isEmpty();
    }

    /** When {@link #overdue} has to be called; too early is harmless. {@link #NEVER} for never. */
    long nextMs() {
        return earliestMs;
    }

    private void lookAgain() {
        earliestMs =
                byMember.values().stream().mapToLong(Deadlines::nextMs).min().orElse(NEVER);
    }

    /** Members of the group that are too late; forgets those that are not in it. */
    List<Overdue> overdue(ConsumerGroup group, long nowMs) {
        byMember.keySet().removeIf(id -> group.find(id) == null);
        List<Overdue> late = new ArrayList<>();
        for (ConsumerMember member : group.members()) {
            Deadlines deadlines = byMember.get(member.id());
            if (deadlines == null || deadlines.nextMs() > nowMs) {
                continue;
            }
            if (deadlines.sessionMs <= nowMs) {
                late.add(new Overdue(member.id(), "it was not heard of"));
            } else if (deadlines.joinMs <= nowMs || deadlines.syncMs <= nowMs) {
                late.add(new Overdue(member.id(), "it did not join again or ask for its assignment in time"));
            } else if (deadlines.revokeEpoch == member.progress().epoch()) {
                late.add(new Overdue(member.id(), "it did not let partitions go in time"));
            } else {
                deadlines.revokeMs = NEVER;
            }
        }
        lookAgain();
        return late;
    }

    /** Nothing is due before this time: what was could not be written. */
    void putOff(long untilMs) {
        byMember.values().forEach(deadlines -> deadlines.putOff(untilMs));
        lookAgain();
    }
}
