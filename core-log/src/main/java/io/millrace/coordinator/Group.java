package io.millrace.coordinator;

import io.millrace.coordinator.GroupMembership.Claimed;
import io.millrace.coordinator.GroupMembership.Classic;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One group: its positions, and its members, who are a job that has claimed it, or those of a classic group, or those of a group
 * of the consumer protocol. Owned by its coordinator.
 */
final class Group {

    private final String name;
    private final GroupLimits limits;
    private final GroupPositions positions = new GroupPositions();

    /** As the log has it. */
    private @Nullable GroupMembership written;

    /** With what is not written: there once somebody has joined, or did in an earlier life. */
    private @Nullable ClassicGroup classic;

    /** What a group of the consumer protocol turns into, once that is written. */
    private @Nullable ClassicGroup expected;

    /** As the log has it; null unless it is of the consumer protocol. */
    private @Nullable ConsumerGroup consumers;

    private final ConsumerSessions sessions = new ConsumerSessions();

    /** The topics when a consumer group was last looked at; null if it was not in this life. */
    private @Nullable TopicView seen;

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
        ClassicGroup coming = expected;
        if (membership instanceof Classic stable) {
            if (coming != null && coming.proposed(stable)) {
                classic = coming;
                expected = null;
            } else if (live == null || !live.proposed(stable)) {
                classic = ClassicGroup.restored(name, limits, stable);
            }
        } else {
            classic = null;
        }
    }

    /** The log says so. */
    void replay(ConsumerRecord record) {
        ConsumerGroup present = consumers;
        ConsumerGroup changed = present == null ? new ConsumerGroup(name) : present;
        changed.replay(record);
        if (changed.isForgotten()) {
            consumers = null;
            if (present != null) {
                sessions.forgetAll();
                seen = null;
            }
        } else {
            consumers = changed;
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

    /** To be told apart from one that the log brings: it comes with what its members have said. Null for none. */
    void expect(@Nullable ClassicGroup coming) {
        expected = coming;
    }

    @Nullable
    ConsumerGroup consumers() {
        return consumers;
    }

    /** Whether there are members in a group of the consumer protocol. */
    boolean hasConsumers() {
        ConsumerGroup present = consumers;
        return present != null && !present.isEmpty();
    }

    /** Of the members of a consumer group. */
    ConsumerSessions sessions() {
        return sessions;
    }

    @Nullable
    TopicView seen() {
        return seen;
    }

    void saw(@Nullable TopicView topics) {
        seen = topics;
    }

    /** What a group of the consumer protocol leaves in the log, for whoever has its name next. */
    List<? extends GroupRecord> tombstonesOfConsumers() {
        ConsumerGroup present = consumers;
        return present == null ? List.of() : present.tombstones();
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
        ConsumerGroup present = consumers;
        if (present != null) {
            return present.state();
        }
        return claimant() == null ? GroupState.EMPTY : GroupState.STABLE;
    }

    int memberCount() {
        ClassicGroup live = classic;
        ConsumerGroup present = consumers;
        if (live != null) {
            return live.members().size();
        }
        return present != null ? present.size() : claimant() == null ? 0 : 1;
    }

    /** Empty for a group that only stores positions. */
    String protocolType() {
        ClassicGroup live = classic;
        if (live != null) {
            return live.protocolType();
        }
        return consumers != null || wasClaimed() ? SubscribedTopics.PROTOCOL_TYPE : "";
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
        return written == null
                && classic == null
                && expected == null
                && consumers == null
                && sessions.isEmpty()
                && positions.isEmpty();
    }
}
