package io.millrace.coordinator;

import io.millrace.coordinator.GroupMembership.Claimed;
import io.millrace.coordinator.GroupMembership.Classic;
import org.jspecify.annotations.Nullable;

/**
 * One group: its positions, and its members, who are either a job that has claimed it or those of a classic group. Owned by
 * its coordinator.
 */
final class Group {

    private final String name;
    private final GroupLimits limits;
    private final GroupPositions positions = new GroupPositions();

    /** As the log has it. */
    private @Nullable GroupMembership written;

    /** With what is not written: there once somebody has joined, or did in an earlier life. */
    private @Nullable ClassicGroup classic;

    Group(String name, GroupLimits limits) {
        this.name = name;
        this.limits = limits;
    }

    String name() {
        return name;
    }

    GroupPositions positions() {
        return positions;
    }

    /** The log says so. What the classic group itself asked to be written does not change it. */
    void replay(@Nullable GroupMembership membership) {
        written = membership;
        ClassicGroup live = classic;
        if (membership instanceof Classic stable) {
            if (live == null || !live.proposed(stable)) {
                classic = ClassicGroup.restored(name, limits, stable);
            }
        } else {
            classic = null;
        }
    }

    /** Back to what the log says; what was not written did not happen. */
    void revert(long nowMs) {
        classic = null;
        if (written instanceof Classic stable) {
            ClassicGroup restored = ClassicGroup.restored(name, limits, stable);
            GroupEffects nobodyWaits = new GroupEffects();
            restored.resume(nowMs, nobodyWaits);
            classic = restored;
        }
    }

    @Nullable
    GroupMembership written() {
        return written;
    }

    /** The job that has the group for itself; null if none has. */
    @Nullable
    String claimant() {
        return written instanceof Claimed claim ? claim.member() : null;
    }

    /** Whether the last to use it as a group was a job. */
    boolean wasClaimed() {
        return written instanceof Claimed;
    }

    @Nullable
    ClassicGroup classic() {
        return classic;
    }

    /** For somebody who joins. */
    ClassicGroup classicOrNew(long nowMs) {
        ClassicGroup live = classic;
        if (live == null) {
            live = new ClassicGroup(name, limits, generation(), nowMs);
            classic = live;
        }
        return live;
    }

    /** Of the last change of members that was written; 0 if there was none. */
    int generation() {
        GroupMembership last = written;
        return last == null ? 0 : last.generation();
    }

    boolean hasMembers() {
        return claimant() != null || state() != GroupState.EMPTY;
    }

    GroupState state() {
        ClassicGroup live = classic;
        if (live != null) {
            return live.state();
        }
        return claimant() == null ? GroupState.EMPTY : GroupState.STABLE;
    }

    int memberCount() {
        ClassicGroup live = classic;
        return live != null ? live.members().size() : claimant() == null ? 0 : 1;
    }

    /** Empty for a group that only stores positions. */
    String protocolType() {
        ClassicGroup live = classic;
        return live != null ? live.protocolType() : wasClaimed() ? SubscribedTopics.PROTOCOL_TYPE : "";
    }

    DescribedGroup describe() {
        ClassicGroup live = classic;
        return live != null ? live.describe() : ClaimRecords.describe(this);
    }

    /** Lets go of a classic group of which nothing was written and that nobody waits for. */
    void settle() {
        ClassicGroup live = classic;
        if (live != null && live.isIdle() && !(written instanceof Classic)) {
            classic = null;
        }
    }

    /** Nothing is left that would have to be kept. */
    boolean isForgotten() {
        return written == null && classic == null && positions.isEmpty();
    }
}
