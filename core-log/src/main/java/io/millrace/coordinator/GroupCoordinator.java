package io.millrace.coordinator;

import io.millrace.client.CommittedOffset;
import io.millrace.client.ErrorCode;
import io.millrace.client.GroupDescription;
import io.millrace.client.TopicPartition;
import io.millrace.coordinator.GroupMembership.Claimed;
import io.millrace.coordinator.GroupRecord.Membership;
import io.millrace.coordinator.GroupRecord.Offset;
import io.millrace.coordinator.GroupRecord.StoredOffset;
import io.millrace.coordinator.GroupReply.Done;
import io.millrace.coordinator.GroupReply.Refused;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the groups stored in one partition of {@code __consumer_offsets}: a pure state machine, owned by the agent that owns
 * the partition.
 *
 * <p>A group has positions, committed or of open transactions (visible with the commit marker), and members: a job of this
 * process that has claimed it for itself, or those who joined it with the {@link #classic() classic protocol} or the
 * {@link #consumers() consumer protocol}. Jobs exclude everybody else, and go through the methods here; everybody else goes through
 * {@link #classic}, {@link #consumers} and {@link #positions}.
 */
public final class GroupCoordinator {

    private final GroupLimits limits;
    private final GroupTable groups;
    private final ClassicCoordinator classic;
    private final ConsumerCoordinator consumers;
    private final PositionKeeper positions;

    /**
     * @param ids of members
     * @param settings of single groups
     * @param topics at this moment; another object if one has changed
     */
    public GroupCoordinator(
            GroupLimits limits, Supplier<UUID> ids, GroupSettings settings, Supplier<TopicView> topics) {
        this.limits = limits;
        this.groups = new GroupTable(limits);
        ClassicRequests requests = new ClassicRequests(limits, ids);
        this.consumers =
                new ConsumerCoordinator(new ConsumerRules(limits, settings, topics, new RegexCache()), groups, ids);
        this.classic = new ClassicCoordinator(limits, groups, requests, consumers);
        this.positions = new PositionKeeper(limits, groups, requests, topics);
    }

    /** How members of other processes join and stay. */
    public ClassicCoordinator classic() {
        return classic;
    }

    /** How members of other processes that leave the assigning to the coordinator join and stay. */
    public ConsumerCoordinator consumers() {
        return consumers;
    }

    // ---- time and trouble

    /** When {@link #takeDue} has to be called next, {@link Long#MAX_VALUE} for never. */
    public long nextDeadlineMs() {
        return Math.min(classic.nextDeadlineMs(), consumers.nextDeadlineMs());
    }

    /** Groups in which something is due, in order of name. Each is told once: {@link #due} has to be called for it. */
    public SortedSet<String> takeDue(long nowMs) {
        SortedSet<String> groups = new TreeSet<>(classic.takeDue(nowMs));
        groups.addAll(consumers.takeDue(nowMs));
        return groups;
    }

    /** What happens in a group because time has passed. */
    public Decision<GroupRecord, List<Answer>> due(String group, long nowMs) {
        GroupEffects out = new GroupEffects();
        classic.due(group, nowMs, out);
        consumers.due(group, nowMs, out);
        return out.decision();
    }

    /** After the last record was read at start: sessions begin anew. */
    public void resume(long nowMs) {
        classic.resume(nowMs);
        consumers.resume(nowMs);
    }

    /**
     * The records of a decision could not be written. The group is again as the log has it, and everybody who waits, or was to
     * be answered, is told this error.
     */
    public List<Answer> notWritten(
            String group, Decision<GroupRecord, List<Answer>> decision, ErrorCode error, long nowMs) {
        List<Answer> told = classic.notWritten(group, decision, error, nowMs);
        consumers.notWritten(group, nowMs);
        return told;
    }

    /** Positions as other processes see them. */
    public PositionKeeper positions() {
        return positions;
    }

    // ---- what the log says

    /**
     * Changes the state as a record says that was appended now or is read at start.
     *
     * @param logOffset of the record in the coordinator's partition
     */
    public void replay(GroupRecord record, long logOffset) {
        if (record instanceof Offset offset) {
            replay(offset, logOffset);
            return;
        }
        Group group = groups.findOrNew(record.group());
        if (record instanceof Membership change) {
            group.replay(change.membership());
            classic.watch(group);
        } else if (record instanceof ConsumerRecord change) {
            group.replay(change);
        }
        groups.settle(group);
    }

    /** A group that has lost its last position stays until {@link #forgetExpired}, as with Kafka. */
    private void replay(Offset record, long logOffset) {
        Group group = record.stored() == null ? groups.find(record.group()) : groups.findOrNew(record.group());
        if (group != null) {
            group.positions().put(record.partition(), record.stored(), logOffset);
            group.settle();
        }
    }

    /** As {@link #replay(GroupRecord, long)} for a record of an open transaction. */
    public void replayPending(long producerId, Offset record, long logOffset) {
        StoredOffset stored = record.stored();
        if (stored != null) {
            groups.findOrNew(record.group()).positions().putPending(producerId, record.partition(), stored, logOffset);
        }
    }

    /** A marker is in the coordinator's partition: the producer's pending positions count, or never existed. */
    public void endTransaction(long producerId, boolean commit) {
        endTransaction(producerId, commit, Long.MAX_VALUE);
    }

    /** The same, if the producer may have gone on since: of its positions only those before the marker's offset are meant. */
    public void endTransaction(long producerId, boolean commit, long beforeOffset) {
        for (Group group : groups.all()) {
            group.positions().endTransaction(producerId, commit, beforeOffset);
            groups.settle(group);
        }
    }

    // ---- jobs of this process

    /**
     * Records that store positions, for a plain commit or a transactional one alike. Refused with INVALID_GROUP_ID,
     * UNKNOWN_MEMBER_ID (somebody else has the group) or OFFSET_METADATA_TOO_LARGE.
     *
     * @param member who commits
     */
    public Decision<GroupRecord, GroupReply> commit(
            String group, String member, Map<TopicPartition, CommittedOffset> offsets, long nowMs) {
        Refused refusal = refusal(group, member, ErrorCode.UNKNOWN_MEMBER_ID);
        if (refusal != null) {
            return Decision.nothing(refusal);
        }
        List<GroupRecord> records = new ArrayList<>(offsets.size());
        for (Map.Entry<TopicPartition, CommittedOffset> entry : new TreeMap<>(offsets).entrySet()) {
            CommittedOffset offset = entry.getValue();
            int length = offset.metadata().length();
            if (length > limits.metadataCharsMax()) {
                return Decision.nothing(new Refused(
                        ErrorCode.OFFSET_METADATA_TOO_LARGE,
                        "the note beside the position of " + group + " in " + entry.getKey() + " has " + length
                                + " characters, offset.metadata.max.bytes is " + limits.metadataCharsMax()));
            }
            records.add(new Offset(group, entry.getKey(), new StoredOffset(offset, nowMs)));
        }
        return new Decision<>(records, new Done());
    }

    /** Forgets positions; all of the group's if the list is empty. Refused with GROUP_ID_NOT_FOUND or NON_EMPTY_GROUP. */
    public Decision<GroupRecord, GroupReply> delete(
            String group, String member, Collection<TopicPartition> partitions, long nowMs) {
        Group known = groups.find(group);
        if (known == null) {
            return Decision.nothing(GroupTable.unknown(group));
        }
        Refused refusal = refusal(group, member, ErrorCode.NON_EMPTY_GROUP);
        if (refusal != null) {
            return Decision.nothing(refusal);
        }
        Set<TopicPartition> present = known.positions().partitions();
        List<GroupRecord> records = new ArrayList<>();
        for (TopicPartition partition : partitions.isEmpty() ? present : partitions) {
            if (present.contains(partition)) {
                records.add(new Offset(group, partition, null));
            }
        }
        if (partitions.isEmpty() && !known.hasMembers()) {
            records.addAll(known.tombstonesOfConsumers());
            records.add(new Membership(group, null));
        }
        return new Decision<>(records, new Done());
    }

    /** Makes this the one member of the group. Refused with INVALID_GROUP_ID or NON_EMPTY_GROUP. */
    public Decision<GroupRecord, GroupReply> claim(String group, String member, long nowMs) {
        Refused refusal = refusal(group, member, ErrorCode.NON_EMPTY_GROUP);
        if (refusal != null) {
            return Decision.nothing(refusal);
        }
        Group known = groups.find(group);
        List<GroupRecord> records = new ArrayList<>(known == null ? List.of() : known.tombstonesOfConsumers());
        records.add(new Membership(group, next(known, member, nowMs)));
        return new Decision<>(records, new Done());
    }

    /** The member leaves; nothing happens if it is not in the group. */
    public Decision<GroupRecord, GroupReply> release(String group, String member, long nowMs) {
        Group known = groups.find(group);
        if (known == null || !member.equals(known.claimant())) {
            return Decision.nothing(new Done());
        }
        return Decision.of(new Membership(group, next(known, null, nowMs)), new Done());
    }

    /** Records that let every claimed group go: jobs live in this process, so at its start none is there. */
    public List<GroupRecord> releaseAll(long nowMs) {
        List<GroupRecord> records = new ArrayList<>();
        for (Group group : groups.all()) {
            if (group.claimant() != null) {
                records.add(new Membership(group.name(), next(group, null, nowMs)));
            }
        }
        return records;
    }

    private static Claimed next(@Nullable Group group, @Nullable String member, long nowMs) {
        return new Claimed(group == null ? 1 : group.generation() + 1, member, nowMs);
    }

    private @Nullable Refused refusal(String name, String member, ErrorCode ifTaken) {
        if (name.isEmpty()) {
            return GroupTable.nameless();
        }
        Group group = groups.find(name);
        if (group == null || !group.hasMembers() || member.equals(group.claimant())) {
            return null;
        }
        String claimant = group.claimant();
        return new Refused(
                ifTaken,
                claimant == null
                        ? "group " + name + " has " + group.memberCount() + " members; stop those consumers first"
                        : "group " + name + " is in use by member " + claimant + "; stop that job first");
    }

    // ---- looking

    /** Whether a transaction that is not decided holds positions of the group. */
    public boolean isUnstable(String group) {
        Group known = groups.find(group);
        return known != null && known.positions().hasPending();
    }

    /** Committed positions, sorted; empty for a group that is not known. */
    public Map<TopicPartition, CommittedOffset> committed(String group) {
        Map<TopicPartition, CommittedOffset> offsets = new TreeMap<>();
        Group known = groups.find(group);
        if (known != null) {
            known.positions().committed().forEach((partition, stored) -> offsets.put(partition, stored.committed()));
        }
        return offsets;
    }

    /** Every group that has a member or positions, in order of name. */
    public List<GroupDescription> list() {
        return groups.all().stream()
                .filter(group -> group.hasMembers() || !group.positions().isEmpty())
                .map(group -> new GroupDescription(group.name(), group.state().word(), group.memberCount()))
                .toList();
    }

    /** Every group there is, in order of name. */
    public List<ListedGroup> listAll() {
        return groups.all().stream()
                .map(group -> new ListedGroup(group.name(), group.protocolType(), group.state(), type(group)))
                .toList();
    }

    private static String type(Group group) {
        return group.consumers() != null && group.classic() == null ? ListedGroup.CONSUMER : ListedGroup.CLASSIC;
    }

    /** In the state DEAD if there is no such group, or if it is of the consumer protocol. */
    public DescribedGroup describe(String group) {
        Group known = groups.find(group);
        if (known == null) {
            return DescribedGroup.dead(group, "Group " + group + " not found.");
        }
        return type(known).equals(ListedGroup.CLASSIC)
                ? known.describe()
                : DescribedGroup.dead(group, "Group " + group + " is not a classic group.");
    }

    /** Whether there is a group of the name, whatever its protocol. */
    public boolean isKnown(String group) {
        return groups.find(group) != null;
    }

    // ---- forgetting

    /** Records that forget what has expired: see {@link PositionKeeper}. */
    public List<GroupRecord> forgetExpired(long nowMs) {
        return positions.forgetExpired(nowMs);
    }

    /** Records that forget every position in a topic that is gone. */
    public List<GroupRecord> forgetTopic(String topic) {
        List<GroupRecord> records = new ArrayList<>();
        for (Group group : groups.all()) {
            for (TopicPartition partition : group.positions().partitions()) {
                if (partition.topic().equals(topic)) {
                    records.add(new Offset(group.name(), partition, null));
                }
            }
        }
        return records;
    }
}
