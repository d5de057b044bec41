package io.millrace.replica;

import io.millrace.kernel.Invariant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Role, in-sync replicas and high watermark of one replica: pure, owned by the agent that owns its log.
 *
 * <p>A leader's high watermark is the smallest durable end of its in-sync replicas, itself included, and never decreases
 * within an epoch (R16). With one replica it is simply how far this log is durable as its topic asks. A follower's is the
 * smaller of the leader's and its own end, and may go back (R17).
 */
public final class Replica {

    private final int nodeId;
    private final Set<Integer> inSync = new TreeSet<>();
    private final Map<Integer, Long> durableEnds = new TreeMap<>();
    private Role role = new Role.Offline("not started");
    private long highWatermark;

    public Replica(int nodeId) {
        this.nodeId = nodeId;
    }

    /**
     * Becomes the leader.
     *
     * @param epoch larger than every epoch this replica had
     * @param members the in-sync replicas; contains this node
     * @param logEndOffset of the own log
     * @param recoveredTo how far the own log is known to count from an earlier life
     */
    public void lead(int epoch, Set<Integer> members, long logEndOffset, long recoveredTo) {
        Invariant.check(members.contains(nodeId), "a leader is in sync with itself: " + members);
        Invariant.check(epoch > epoch(), "leader epochs grow", epoch, epoch() + 1L);
        role = new Role.Leader(epoch, logEndOffset);
        inSync.clear();
        inSync.addAll(members);
        durableEnds.clear();
        highWatermark = Math.max(highWatermark, recoveredTo);
    }

    /** Becomes a follower of another node. */
    public void follow(int epoch, int leaderId) {
        Invariant.check(epoch > epoch(), "leader epochs grow", epoch, epoch() + 1L);
        role = new Role.Follower(epoch, leaderId);
        inSync.clear();
        durableEnds.clear();
    }

    /** Stops for good. */
    public void stop(String reason) {
        role = new Role.Offline(reason);
    }

    /**
     * A replica's log is durable up to this offset, as its topic asks. Only for a leader.
     *
     * @return whether the high watermark has moved
     */
    public boolean durable(int ofNode, long endOffset) {
        if (!(role instanceof Role.Leader)) {
            return false;
        }
        durableEnds.merge(ofNode, endOffset, Math::max);
        long smallest = Long.MAX_VALUE;
        for (int member : inSync) {
            smallest = Math.min(smallest, durableEnds.getOrDefault(member, highWatermark));
        }
        if (smallest <= highWatermark) {
            return false;
        }
        highWatermark = smallest;
        return true;
    }

    /** What a follower learns from its leader; returns whether its high watermark has changed. */
    public boolean leaderSays(long leaderHighWatermark, long ownEndOffset) {
        long next = Math.min(leaderHighWatermark, ownEndOffset);
        if (!(role instanceof Role.Follower) || next == highWatermark) {
            return false;
        }
        highWatermark = next;
        return true;
    }

    public Role role() {
        return role;
    }

    public boolean isLeader() {
        return role instanceof Role.Leader;
    }

    /** Of the current leader; -1 before the first. */
    public int epoch() {
        if (role instanceof Role.Leader leader) {
            return leader.epoch();
        }
        return role instanceof Role.Follower follower ? follower.epoch() : -1;
    }

    /** Everything below counts: it survives the loss that its topic's durability speaks of. */
    public long highWatermark() {
        return highWatermark;
    }
}
