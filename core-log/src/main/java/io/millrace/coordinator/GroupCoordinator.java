package io.millrace.coordinator;

import io.millrace.client.CommittedOffset;
import io.millrace.client.ErrorCode;
import io.millrace.client.GroupDescription;
import io.millrace.client.TopicPartition;
import io.millrace.coordinator.GroupRecord.GroupMembership;
import io.millrace.coordinator.GroupRecord.Membership;
import io.millrace.coordinator.GroupRecord.Offset;
import io.millrace.coordinator.GroupRecord.StoredOffset;
import io.millrace.coordinator.GroupReply.Done;
import io.millrace.coordinator.GroupReply.Refused;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the groups stored in one partition of {@code __consumer_offsets}: a pure state machine, owned by the agent that owns
 * the partition.
 *
 * <p>It knows committed positions, those of open transactions (visible with the commit marker), and at most one member per
 * group: a job of this process that has claimed it. The protocols by which members of other processes join would be further
 * requests beside {@link #claim}; positions would stay as they are.
 */
public final class GroupCoordinator {

    private final GroupLimits limits;
    private final Map<String, Group> groups = new TreeMap<>();

    public GroupCoordinator(GroupLimits limits) {
        this.limits = limits;
    }

    /**
     * Changes the state as a record says that was appended now or is read at start.
     *
     * @param logOffset of the record in the coordinator's partition
     */
    public void replay(GroupRecord record, long logOffset) {
        Group group = groups.computeIfAbsent(record.group(), name -> new Group());
        if (record instanceof Offset offset) {
            group.put(offset.partition(), offset.stored(), logOffset);
        } else if (record instanceof Membership change) {
            group.membership(change.membership());
        }
        forgetIfEmpty(record.group(), group);
    }

    /** As {@link #replay(GroupRecord, long)} for a record of an open transaction. */
    public void replayPending(long producerId, Offset record, long logOffset) {
        StoredOffset stored = record.stored();
        if (stored != null) {
            groups.computeIfAbsent(record.group(), name -> new Group())
                    .putPending(producerId, record.partition(), stored, logOffset);
        }
    }

    /** A marker is in the coordinator's partition: the producer's pending positions count, or never existed. */
    public void endTransaction(long producerId, boolean commit) {
        for (Map.Entry<String, Group> entry : List.copyOf(groups.entrySet())) {
            entry.getValue().endTransaction(producerId, commit);
            forgetIfEmpty(entry.getKey(), entry.getValue());
        }
    }

    private void forgetIfEmpty(String name, Group group) {
        if (group.isForgotten()) {
            groups.remove(name);
        }
    }

    /**
     * Records that store positions, for a plain commit or a transactional one alike. Refused with INVALID_GROUP_ID,
     * UNKNOWN_MEMBER_ID (somebody else has claimed the group) or OFFSET_METADATA_TOO_LARGE.
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
            int size = offset.metadata().getBytes(StandardCharsets.UTF_8).length;
            if (size > limits.metadataBytesMax()) {
                return Decision.nothing(new Refused(
                        ErrorCode.OFFSET_METADATA_TOO_LARGE,
                        "the note beside the position of " + group + " in " + entry.getKey() + " has " + size
                                + " bytes, offset.metadata.max.bytes is " + limits.metadataBytesMax()));
            }
            records.add(new Offset(group, entry.getKey(), new StoredOffset(offset, nowMs)));
        }
        return new Decision<>(records, new Done());
    }

    /** Forgets positions; all of the group's if the list is empty. Refused with GROUP_ID_NOT_FOUND or NON_EMPTY_GROUP. */
    public Decision<GroupRecord, GroupReply> delete(
            String group, String member, Collection<TopicPartition> partitions, long nowMs) {
        Group known = groups.get(group);
        if (known == null) {
            return Decision.nothing(new Refused(ErrorCode.GROUP_ID_NOT_FOUND, "there is no group " + group));
        }
        Refused refusal = refusal(group, member, ErrorCode.NON_EMPTY_GROUP);
        if (refusal != null) {
            return Decision.nothing(refusal);
        }
        Map<TopicPartition, StoredOffset> offsets = known.offsets();
        List<GroupRecord> records = new ArrayList<>();
        for (TopicPartition partition : partitions.isEmpty() ? offsets.keySet() : partitions) {
            if (offsets.containsKey(partition)) {
                records.add(new Offset(group, partition, null));
            }
        }
        if (partitions.isEmpty() && known.membership() != null && !known.hasMember()) {
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
        return Decision.of(new Membership(group, next(groups.get(group), member, nowMs)), new Done());
    }

    /** The member leaves; nothing happens if it is not in the group. */
    public Decision<GroupRecord, GroupReply> release(String group, String member, long nowMs) {
        Group known = groups.get(group);
        if (known == null || !member.equals(known.member())) {
            return Decision.nothing(new Done());
        }
        return Decision.of(new Membership(group, next(known, null, nowMs)), new Done());
    }

    /** Records that take every member out: members live in this process, so at its start none is there. */
    public List<GroupRecord> releaseAll(long nowMs) {
        List<GroupRecord> records = new ArrayList<>();
        groups.forEach((name, group) -> {
            if (group.hasMember()) {
                records.add(new Membership(name, next(group, null, nowMs)));
            }
        });
        return records;
    }

    private static GroupMembership next(@Nullable Group group, @Nullable String member, long nowMs) {
        GroupMembership last = group == null ? null : group.membership();
        return new GroupMembership(last == null ? 1 : last.generation() + 1, member, nowMs);
    }

    /** Whether a transaction that is not decided holds positions of the group. */
    public boolean isUnstable(String group) {
        Group known = groups.get(group);
        return known != null && known.hasPending();
    }

    /** Committed positions, sorted; empty for a group that is not known. */
    public Map<TopicPartition, CommittedOffset> committed(String group) {
        Map<TopicPartition, CommittedOffset> offsets = new TreeMap<>();
        Group known = groups.get(group);
        if (known != null) {
            known.offsets().forEach((partition, stored) -> offsets.put(partition, stored.committed()));
        }
        return offsets;
    }

    /** Every group that has a member or positions, in order of name. */
    public List<GroupDescription> list() {
        return groups.entrySet().stream()
                .filter(entry ->
                        entry.getValue().hasMember() || entry.getValue().hasOffsets())
                .map(entry -> {
                    boolean stable = entry.getValue().hasMember();
                    return new GroupDescription(entry.getKey(), stable ? "Stable" : "Empty", stable ? 1 : 0);
                })
                .toList();
    }

    /**
     * Records that forget positions that were committed {@code offsets.retention.minutes} ago by nobody who ever claimed the
     * group. Positions of a group that a job has claimed stay, however long it rests: what it has made of its input stays too,
     * and without them it would read the input again. They go with {@link #delete} or with the topic; then the group goes.
     */
    public List<GroupRecord> forgetExpired(long nowMs) {
        List<GroupRecord> records = new ArrayList<>();
        groups.forEach((name, group) -> {
            GroupMembership last = group.membership();
            if (last == null) {
                forgetExpired(name, group, nowMs, records);
            } else if (last.member() == null && !group.hasOffsets() && isExpired(last.sinceMs(), nowMs)) {
                records.add(new Membership(name, null));
            }
        });
        return records;
    }

    private void forgetExpired(String name, Group group, long nowMs, List<GroupRecord> into) {
        group.offsets().forEach((partition, stored) -> {
            if (isExpired(stored.commitMs(), nowMs) && !group.isPending(partition)) {
                into.add(new Offset(name, partition, null));
            }
        });
    }

    private boolean isExpired(long sinceMs, long nowMs) {
        return sinceMs + limits.offsetsRetentionMs() <= nowMs;
    }

    /** Records that forget every position in a topic that is gone. */
    public List<GroupRecord> forgetTopic(String topic) {
        List<GroupRecord> records = new ArrayList<>();
        groups.forEach((name, group) -> group.offsets().keySet().stream()
                .filter(partition -> partition.topic().equals(topic))
                .forEach(partition -> records.add(new Offset(name, partition, null))));
        return records;
    }

    private @Nullable Refused refusal(String group, String member, ErrorCode ifClaimed) {
        if (group.isEmpty()) {
            return new Refused(ErrorCode.INVALID_GROUP_ID, "a group id must not be empty");
        }
        Group known = groups.get(group);
        if (known != null && known.hasMember() && !member.equals(known.member())) {
            return new Refused(
                    ifClaimed, "group " + group + " is in use by member " + known.member() + "; stop that job first");
        }
        return null;
    }
}
