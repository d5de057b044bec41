package io.millrace.coordinator;

import io.millrace.client.CommittedOffset;
import io.millrace.client.ErrorCode;
import io.millrace.client.TopicPartition;
import io.millrace.coordinator.GroupRecord.Membership;
import io.millrace.coordinator.GroupRecord.Offset;
import io.millrace.coordinator.GroupRecord.StoredOffset;
import io.millrace.coordinator.GroupReply.Done;
import io.millrace.coordinator.GroupReply.PerPartition;
import io.millrace.coordinator.GroupReply.Refused;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Positions as consumers and tools of other processes commit, read and delete them: who may, and what Kafka answers. Jobs of
 * this process do it through {@link GroupCoordinator}.
 */
public final class PositionKeeper {

    /**
     * What is known of one position.
     *
     * @param error NONE, or UNSTABLE_OFFSET_COMMIT while a transaction may change it
     * @param committed null if there is none
     */
    public record Fetched(ErrorCode error, @Nullable CommittedOffset committed) {}

    private final GroupLimits limits;
    private final GroupTable groups;
    private final ClassicRequests requests;
    private final Supplier<TopicView> topics;

    PositionKeeper(GroupLimits limits, GroupTable groups, ClassicRequests requests, Supplier<TopicView> topics) {
        this.limits = limits;
        this.groups = groups;
        this.requests = requests;
        this.topics = topics;
    }

    /**
     * Records that store positions, for a plain commit or a transactional one alike. The reply is {@link PerPartition}
     * (OFFSET_METADATA_TOO_LARGE), or refused for all: UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID,
     * ILLEGAL_GENERATION, REBALANCE_IN_PROGRESS, STALE_MEMBER_EPOCH, UNSUPPORTED_VERSION, and GROUP_ID_NOT_FOUND if a
     * generation of an unknown group is named, for which Kafka says ILLEGAL_GENERATION before version 9, and before version 6
     * in a transaction. The empty name is that of a group too, outside of transactions: consumers before 2.2 have it by default.
     */
    public Decision<GroupRecord, GroupReply> commit(
            String group,
            Committer who,
            boolean inTransaction,
            Map<TopicPartition, CommittedOffset> offsets,
            long nowMs) {
        ErrorCode error = check(group, who, inTransaction, offsets.keySet(), nowMs);
        if (error != ErrorCode.NONE) {
            return Decision.nothing(new Refused(
                    error, "positions of group " + group + " cannot be committed by " + who + ": " + error.meaning()));
        }
        List<GroupRecord> records = new ArrayList<>(offsets.size());
        Map<TopicPartition, ErrorCode> errors = new LinkedHashMap<>();
        new TreeMap<>(offsets).forEach((partition, offset) -> {
            boolean fits = offset.metadata().length() <= limits.metadataCharsMax();
            errors.put(partition, fits ? ErrorCode.NONE : ErrorCode.OFFSET_METADATA_TOO_LARGE);
            if (fits) {
                records.add(new Offset(group, partition, new StoredOffset(offset, nowMs)));
            }
        });
        return new Decision<>(records, new PerPartition(errors));
    }

    private ErrorCode check(
            String name, Committer who, boolean inTransaction, Collection<TopicPartition> partitions, long nowMs) {
        Group group = groups.find(name);
        if (group == null) {
            return who.generation() < 0 ? ErrorCode.NONE : ErrorCode.GROUP_ID_NOT_FOUND;
        }
        if (group.claimant() != null) {
            return ErrorCode.UNKNOWN_MEMBER_ID;
        }
        ClassicGroup classic = group.classic();
        if (classic != null) {
            return requests.commit(classic, who, inTransaction, nowMs);
        }
        ConsumerGroup consumers = group.consumers();
        if (consumers != null) {
            return ConsumerPositions.commit(consumers, who, inTransaction, partitions, topics.get());
        }
        return who.generation() < 0 ? ErrorCode.NONE : ErrorCode.UNKNOWN_MEMBER_ID; // it is empty
    }

    /**
     * Whether a member may read positions; NONE for whoever does not claim to be one. UNKNOWN_MEMBER_ID, STALE_MEMBER_EPOCH or
     * ILLEGAL_GENERATION.
     *
     * @param member null if it does not say
     * @param epoch -1 if it does not say
     */
    public ErrorCode mayFetch(String name, @Nullable String member, int epoch) {
        Group group = groups.find(name);
        ConsumerGroup consumers = group == null ? null : group.consumers();
        return consumers == null ? ErrorCode.NONE : ConsumerPositions.fetch(consumers, member, epoch);
    }

    /**
     * What is known of these positions, in their order; of every one that there is, sorted, if null.
     *
     * @param stableOnly whether those that an open transaction may change are UNSTABLE_OFFSET_COMMIT
     */
    public Map<TopicPartition, Fetched> fetch(
            String name, @Nullable Collection<TopicPartition> partitions, boolean stableOnly) {
        Map<TopicPartition, Fetched> fetched = new LinkedHashMap<>();
        Group group = groups.find(name);
        Collection<TopicPartition> wanted = partitions;
        if (wanted == null) {
            wanted = group == null ? List.of() : group.positions().committed().keySet();
        }
        for (TopicPartition partition : wanted) {
            fetched.put(partition, fetch(group, partition, stableOnly));
        }
        return fetched;
    }

    private static Fetched fetch(@Nullable Group group, TopicPartition partition, boolean stableOnly) {
        if (group == null) {
            return new Fetched(ErrorCode.NONE, null);
        }
        if (stableOnly && group.positions().isPending(partition)) {
            return new Fetched(ErrorCode.UNSTABLE_OFFSET_COMMIT, null);
        }
        StoredOffset stored = group.positions().find(partition);
        return new Fetched(ErrorCode.NONE, stored == null ? null : stored.committed());
    }

    /**
     * Records that forget these positions. The reply is {@link PerPartition} (GROUP_SUBSCRIBED_TO_TOPIC for what consumers of
     * the group are reading), or refused for all: INVALID_GROUP_ID, GROUP_ID_NOT_FOUND, NON_EMPTY_GROUP.
     */
    public Decision<GroupRecord, GroupReply> delete(String name, Collection<TopicPartition> partitions) {
        if (name.isEmpty()) {
            return Decision.nothing(GroupTable.nameless());
        }
        Group group = groups.find(name);
        if (group == null) {
            return Decision.nothing(GroupTable.unknown(name));
        }
        ClassicGroup classic = group.classic();
        ConsumerGroup modern = group.consumers();
        boolean consumers = modern != null || (classic != null && classic.isConsumers());
        if (group.claimant() != null || (group.hasMembers() && !consumers)) {
            return Decision.nothing(nonEmpty(name));
        }
        List<GroupRecord> records = new ArrayList<>();
        Map<TopicPartition, ErrorCode> errors = new LinkedHashMap<>();
        Set<String> read = modern == null ? Set.of() : modern.topics();
        for (TopicPartition partition : partitions) {
            boolean subscribed = read.contains(partition.topic())
                    || (classic != null && SubscribedTopics.contain(classic, partition.topic()));
            errors.put(partition, subscribed ? ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC : ErrorCode.NONE);
            if (!subscribed && group.positions().partitions().contains(partition)) {
                records.add(new Offset(name, partition, null));
            }
        }
        return new Decision<>(records, new PerPartition(errors));
    }

    /** Records that forget the group and its positions. Refused with GROUP_ID_NOT_FOUND or NON_EMPTY_GROUP. */
    public Decision<GroupRecord, GroupReply> deleteGroup(String name) {
        Group group = groups.find(name);
        if (group == null) {
            return Decision.nothing(GroupTable.unknown(name));
        }
        if (group.hasMembers()) {
            return Decision.nothing(nonEmpty(name));
        }
        List<GroupRecord> records = new ArrayList<>();
        group.positions().partitions().forEach(partition -> records.add(new Offset(name, partition, null)));
        records.addAll(group.tombstonesOfConsumers());
        if (group.consumers() == null || group.written() != null || group.classic() != null) {
            records.add(new Membership(name, null));
        }
        return new Decision<>(records, new Done());
    }

    private static Refused nonEmpty(String group) {
        return new Refused(
                ErrorCode.NON_EMPTY_GROUP, "group " + group + " has members; stop them, or wait until they are gone");
    }

    /**
     * Records that forget what has expired (KIP-211): every position of a classic group that has been empty for
     * {@code offsets.retention.minutes}; those that were committed so long ago in a group without members, or in topics that
     * the consumers of a group do not read any more; and the group, when it has neither members nor positions. One of which
     * nothing is in the log but the positions that it had goes now, too: until then operators see it.
     *
     * <p>Positions of a group that a job has claimed stay, however long it rests: what it has made of its input stays too, and
     * without them it would read the input again. They go when they are deleted, or with the topic; then the group goes.
     */
    List<GroupRecord> forgetExpired(long nowMs) {
        List<GroupRecord> records = new ArrayList<>();
        for (Group group : groups.all()) {
            List<GroupRecord> ofGroup = new ArrayList<>();
            ConsumerGroup consumers = group.consumers();
            Set<String> read = consumers == null ? Set.of() : consumers.topics();
            if (!group.wasClaimed()) {
                group.positions().committed().forEach((partition, stored) -> {
                    if (isExpired(sinceMs(group, partition, stored), nowMs)
                            && !read.contains(partition.topic())
                            && !group.positions().isPending(partition)) {
                        ofGroup.add(new Offset(group.name(), partition, null));
                    }
                });
            }
            if (isOver(group, ofGroup.size(), nowMs)) {
                ofGroup.addAll(group.tombstonesOfConsumers());
                if (group.consumers() == null || group.written() != null) {
                    ofGroup.add(new Membership(group.name(), null));
                }
            }
            records.addAll(ofGroup);
            groups.forgetIfNothingIsLeft(group);
        }
        return records;
    }

    /** Since when (ms) a position may be forgotten; {@link ClassicGroup#NEVER} if it may not. */
    private static long sinceMs(Group group, TopicPartition partition, StoredOffset stored) {
        ClassicGroup classic = group.classic();
        if (classic == null || classic.protocolType().isEmpty()) {
            return stored.commitMs();
        }
        if (classic.state() == GroupState.EMPTY) {
            return classic.sinceMs() < 0 ? stored.commitMs() : classic.sinceMs();
        }
        boolean unread = classic.state() == GroupState.STABLE
                && classic.isConsumers()
                && !SubscribedTopics.contain(classic, partition.topic());
        return unread ? stored.commitMs() : ClassicGroup.NEVER;
    }

    private boolean isOver(Group group, int forgotten, long nowMs) {
        GroupMembership last = group.written();
        ClassicGroup classic = group.classic();
        boolean isKept = last != null || group.consumers() != null || forgotten > 0;
        if (!isKept || group.hasMembers() || (classic != null && !classic.isIdle())) {
            return false;
        }
        boolean rested = last == null || !group.wasClaimed() || isExpired(last.sinceMs(), nowMs);
        return rested && group.positions().partitions().size() == forgotten;
    }

    private boolean isExpired(long sinceMs, long nowMs) {
        return sinceMs != ClassicGroup.NEVER && sinceMs + limits.offsetsRetentionMs() <= nowMs;
    }
}
