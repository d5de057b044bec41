package io.millrace.coordinator;

import io.millrace.client.ErrorCode;
import io.millrace.coordinator.GroupRequest.Protocol;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who is in a classic group, who leads it, and who was told an id and has not come back yet. Owned by its group. */
final class ClassicMembers {

    /** In the order in which they joined, which is also the order of succession. */
    private final Map<String, ClassicMember> byId = new LinkedHashMap<>();

    private final Map<String, String> idByInstance = new HashMap<>();

    /** Ids that were handed out with MEMBER_ID_REQUIRED, and the wall-clock time (ms) until which each is good. */
    private final Map<String, Long> promised = new LinkedHashMap<>();

    private @Nullable String leader;

    boolean isEmpty() {
        return byId.isEmpty();
    }

    int size() {
        return byId.size();
    }

    /** Safe against changes while it is gone through. */
    List<ClassicMember> all() {
        return new ArrayList<>(byId.values());
    }

    @Nullable
    ClassicMember find(String id) {
        return byId.get(id);
    }

    /** The static member with this instance id; null if there is none. */
    @Nullable
    ClassicMember findStatic(@Nullable String instance) {
        String id = instance == null ? null : idByInstance.get(instance);
        return id == null ? null : byId.get(id);
    }

    @Nullable
    String leader() {
        return leader;
    }

    boolean isLeader(String id) {
        return id.equals(leader);
    }

    void add(ClassicMember member) {
        byId.put(member.id(), member);
        String instance = member.instance();
        if (instance != null) {
            idByInstance.put(instance, member.id());
        }
        if (leader == null) {
            leader = member.id();
        }
        promised.remove(member.id());
    }

    void remove(String id) {
        ClassicMember removed = byId.remove(id);
        if (removed != null && removed.instance() != null) {
            idByInstance.remove(removed.instance());
        }
        if (id.equals(leader)) {
            leader = byId.isEmpty() ? null : byId.keySet().iterator().next();
        }
        promised.remove(id);
    }

    /** A static member's process was started anew: it has another id, and is the leader if it was. */
    ClassicMember replace(ClassicMember old, String newId) {
        boolean led = isLeader(old.id());
        ClassicMember successor = old.successor(newId);
        byId.remove(old.id());
        add(successor);
        if (led) {
            leader = newId;
        }
        return successor;
    }

    void restoreLeader(@Nullable String written) {
        if (written != null && byId.containsKey(written)) {
            leader = written;
        }
    }

    /** FENCED_INSTANCE_ID, UNKNOWN_MEMBER_ID, or NONE if this is a member. */
    ErrorCode check(String id, @Nullable String instance) {
        if (instance != null) {
            ClassicMember known = findStatic(instance);
            if (known == null) {
                return ErrorCode.UNKNOWN_MEMBER_ID;
            }
            if (!known.id().equals(id)) {
                return ErrorCode.FENCED_INSTANCE_ID;
            }
        }
        return byId.containsKey(id) ? ErrorCode.NONE : ErrorCode.UNKNOWN_MEMBER_ID;
    }

    // ---- promised ids

    void promise(String id, long untilMs) {
        promised.put(id, untilMs);
    }

    boolean isPromised(String id) {
        return promised.containsKey(id);
    }

    boolean hasPromised() {
        return !promised.isEmpty();
    }

    /** Takes promises back that nobody has come for; whether there were any. */
    boolean breakPromises(long nowMs) {
        return promised.values().removeIf(untilMs -> untilMs <= nowMs);
    }

    // ---- joining

    int awaitingJoin() {
        return (int)
                byId.values().stream().filter(ClassicMember::isAwaitingJoin).count();
    }

    boolean haveAllJoined() {
        return promised.isEmpty() && byId.values().stream().allMatch(ClassicMember::isAwaitingJoin);
    }

    /** Members without an instance id that have not joined again. */
    List<ClassicMember> lateDynamic() {
        return byId.values().stream()
                .filter(member -> !member.isStatic() && !member.isAwaitingJoin())
                .toList();
    }

    /** Makes one that has joined the leader, the present one if it has; false if nobody has joined. */
    boolean electJoined() {
        ClassicMember present = leader == null ? null : byId.get(leader);
        if (present != null && present.isAwaitingJoin()) {
            return true;
        }
        for (ClassicMember member : byId.values()) {
            if (member.isAwaitingJoin()) {
                leader = member.id();
                return true;
            }
        }
        return false;
    }

    /** The longest that any of them asks for. */
    int rebalanceTimeoutMs() {
        return byId.values().stream()
                .mapToInt(ClassicMember::rebalanceTimeoutMs)
                .max()
                .orElse(0);
    }

    // ---- protocols

    /** Whether there is one among these that every member supports. */
    boolean supportAny(Collection<Protocol> protocols) {
        return protocols.stream()
                .anyMatch(protocol -> byId.values().stream().allMatch(member -> member.supports(protocol.name())));
    }

    /** Each votes for what it likes best of what all support; most votes win, of equals the earliest voted for. */
    String vote() {
        Set<String> candidates = new LinkedHashSet<>();
        for (Protocol protocol : byId.values().iterator().next().protocols()) {
            if (supportAny(List.of(protocol))) {
                candidates.add(protocol.name());
            }
        }
        Map<String, Integer> votes = new LinkedHashMap<>();
        byId.values().forEach(member -> votes.merge(member.vote(candidates), 1, Integer::sum));
        String winner = null;
        for (Map.Entry<String, Integer> entry : votes.entrySet()) {
            if (winner == null || entry.getValue() > votes.getOrDefault(winner, 0)) {
                winner = entry.getKey();
            }
        }
        return Objects.requireNonNull(winner, "a group that votes has members");
    }

    /** When the first session or promise ends, {@link ClassicGroup#NEVER} for never. */
    long nextEndMs() {
        long earliest = ClassicGroup.NEVER;
        for (ClassicMember member : byId.values()) {
            earliest = Math.min(earliest, member.sessionEndMs());
        }
        for (long untilMs : promised.values()) {
            earliest = Math.min(earliest, untilMs);
        }
        return earliest;
    }
}
