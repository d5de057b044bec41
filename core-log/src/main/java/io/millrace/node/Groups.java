package io.millrace.node;

import io.millrace.client.CommittedOffset;
import io.millrace.client.ErrorCode;
import io.millrace.client.GroupDescription;
import io.millrace.client.LogException;
import io.millrace.client.ProducerIdentity;
import io.millrace.client.TopicPartition;
import io.millrace.coordinator.Committer;
import io.millrace.coordinator.Decision;
import io.millrace.coordinator.DescribedConsumerGroup;
import io.millrace.coordinator.DescribedConsumerGroup.Looked;
import io.millrace.coordinator.DescribedGroup;
import io.millrace.coordinator.GroupCodec;
import io.millrace.coordinator.GroupCoordinator;
import io.millrace.coordinator.GroupLimits;
import io.millrace.coordinator.GroupRecord;
import io.millrace.coordinator.GroupReply;
import io.millrace.coordinator.GroupReply.PerPartition;
import io.millrace.coordinator.GroupSettings;
import io.millrace.coordinator.ListedGroup;
import io.millrace.coordinator.PositionKeeper.Fetched;
import io.millrace.node.RecordBatches.KeyValue;
import io.millrace.record.RecordBatch;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The group coordinators of this node and what their decisions ask for. Owned by the log agent. */
final class Groups {

    private final GroupLimits limits;
    private final Supplier<UUID> ids;
    private final PartitionTable partitions;
    private final GroupSettings settings;
    private final RecordBatches batches = new RecordBatches();
    private final Map<TopicPartition, GroupCoordinator> coordinators = new TreeMap<>();
    private final Members members = new Members(this);

    Groups(GroupLimits limits, Supplier<UUID> ids, PartitionTable partitions, GroupSettings settings) {
        this.ids = ids;
        this.limits = limits;
        this.partitions = partitions;
        this.settings = settings;
    }

    /** The coordinator stored in a partition of {@code __consumer_offsets}. */
    GroupCoordinator of(TopicPartition partition) {
        return coordinators.computeIfAbsent(
                partition, id -> new GroupCoordinator(limits, ids, settings, partitions::image));
    }

    GroupCoordinator of(String group) {
        return of(InternalTopics.ofGroup(group));
    }

    /** Every coordinator that has been asked for something. */
    Collection<GroupCoordinator> all() {
        return coordinators.values();
    }

    /** Members of other processes. */
    Members members() {
        return members;
    }

    /** The partition that keeps this group. */
    Partition partitionOf(String group) {
        return partition(InternalTopics.ofGroup(group));
    }

    // ---- jobs of this process

    void commit(LogOwner log, Work request, String group, String member, Map<TopicPartition, CommittedOffset> offsets) {
        carryOut(log, request, group, of(group).commit(group, member, offsets, log.nowMs()));
    }

    /** Positions of a job that count if and when the transaction is committed. */
    void commitInTransaction(
            LogOwner log,
            InTransaction in,
            ProducerIdentity producer,
            String group,
            String member,
            Map<TopicPartition, CommittedOffset> offsets) {
        Decision<GroupRecord, GroupReply> decision = of(group).commit(group, member, offsets, log.nowMs());
        appendToTransaction(log, in, producer, group, decision);
    }

    void delete(LogOwner log, Work request, String group, String member, Collection<TopicPartition> offsets) {
        carryOut(log, request, group, of(group).delete(group, member, offsets, log.nowMs()));
    }

    void claim(LogOwner log, Work request, String group, String member) {
        carryOut(log, request, group, of(group).claim(group, member, log.nowMs()));
    }

    void release(LogOwner log, Work request, String group, String member) {
        carryOut(log, request, group, of(group).release(group, member, log.nowMs()));
    }

    // ---- consumers and tools of other processes

    /** Positions of a member, or of somebody outside of the group. */
    Map<TopicPartition, ErrorCode> commit(
            LogOwner log, Work request, String group, Committer who, Map<TopicPartition, CommittedOffset> offsets) {
        Decision<GroupRecord, GroupReply> decision =
                of(group).positions().commit(group, who, false, offsets, log.nowMs());
        try {
            carryOut(log, request, group, decision);
        } catch (LogException refused) {
            throw ofCommit(refused);
        }
        return perPartition(decision);
    }

    /**
     * The same, to count if and when the transaction is committed. A producer that is fenced hears of that, whatever there is
     * to say of the member.
     */
    Map<TopicPartition, ErrorCode> commitInTransaction(
            LogOwner log,
            Work request,
            InTransaction in,
            ProducerIdentity producer,
            String group,
            Committer who,
            Map<TopicPartition, CommittedOffset> offsets) {
        if (group.isEmpty()) {
            throw new LogException(ErrorCode.INVALID_GROUP_ID, "a group has a name");
        }
        log.transactions().enlistments().require(log, in, producer, InternalTopics.ofGroup(group));
        Decision<GroupRecord, GroupReply> decision =
                of(group).positions().commit(group, who, true, offsets, log.nowMs());
        try {
            appendToTransaction(log, in, producer, group, decision);
        } catch (LogException refused) {
            throw ofCommit(refused);
        }
        request.touch(partitionOf(group));
        request.touch(log.transactions().partitionOf(in.transactionalId()));
        return perPartition(decision);
    }

    /** What Kafka says of a commit instead. */
    private static LogException ofCommit(LogException refused) {
        return refused.error() == ErrorCode.MESSAGE_TOO_LARGE
                ? new LogException(ErrorCode.INVALID_COMMIT_OFFSET_SIZE, refused.reason())
                : refused;
    }

    /** Positions that are durable when the request is answered. */
    Map<TopicPartition, Fetched> fetch(
            Work request,
            String group,
            @Nullable String member,
            int epoch,
            @Nullable Collection<TopicPartition> wanted,
            boolean stableOnly) {
        request.touch(partitionOf(group));
        ErrorCode error = of(group).positions().mayFetch(group, member, epoch);
        if (error != ErrorCode.NONE) {
            throw new LogException(
                    error, "member " + member + " may not read positions of group " + group + " at epoch " + epoch);
        }
        return of(group).positions().fetch(group, wanted, stableOnly);
    }

    Map<TopicPartition, ErrorCode> delete(
            LogOwner log, Work request, String group, Collection<TopicPartition> offsets) {
        Decision<GroupRecord, GroupReply> decision = of(group).positions().delete(group, offsets);
        carryOut(log, request, group, decision);
        return perPartition(decision);
    }

    void deleteGroup(LogOwner log, Work request, String group) {
        carryOut(log, request, group, of(group).positions().deleteGroup(group));
    }

    private static Map<TopicPartition, ErrorCode> perPartition(Decision<GroupRecord, GroupReply> decision) {
        return ((PerPartition) decision.reply()).errors();
    }

    // ---- looking

    /** @throws LogException UNSTABLE_OFFSET_COMMIT while a transaction that is not complete holds some of them */
    Map<TopicPartition, CommittedOffset> committed(String group) {
        if (of(group).isUnstable(group)) {
            throw new LogException(
                    ErrorCode.UNSTABLE_OFFSET_COMMIT,
                    "a transaction that is not complete yet holds positions of group " + group);
        }
        return of(group).committed(group);
    }

    List<GroupDescription> list() {
        return coordinators.values().stream()
                .flatMap(coordinator -> coordinator.list().stream())
                .sorted(Comparator.comparing(GroupDescription::group))
                .toList();
    }

    /** Every group there is, in order of name. */
    List<ListedGroup> listAll() {
        return coordinators.values().stream()
                .flatMap(coordinator -> coordinator.listAll().stream())
                .sorted(Comparator.comparing(ListedGroup::group))
                .toList();
    }

    /** In the state DEAD if there is no such group. */
    DescribedGroup describe(String group) {
        return of(group).describe(group);
    }

    /** In the order of the names. */
    List<Looked> describeConsumers(List<String> groups) {
        return groups.stream().map(this::look).toList();
    }

    private Looked look(String group) {
        DescribedConsumerGroup found = of(group).consumers().describe(group);
        return new Looked(found, found == null && of(group).isKnown(group));
    }

    // ---- what is written

    /** A marker in this partition is durable: the producer's positions count, or never existed. */
    void endTransaction(TopicPartition id, long producerId, boolean commit) {
        endTransaction(id, producerId, commit, Long.MAX_VALUE);
    }

    /** The same, if the producer may have gone on since: only positions before the marker's offset are meant. */
    void endTransaction(TopicPartition id, long producerId, boolean commit, long beforeOffset) {
        if (id.topic().equals(TopicNames.CONSUMER_OFFSETS)) {
            of(id).endTransaction(producerId, commit, beforeOffset);
        }
    }

    /** Writes what every coordinator forgets because time has passed. */
    void forgetExpired(LogOwner log) {
        coordinators.forEach((id, coordinator) -> write(log, id, coordinator.forgetExpired(log.nowMs())));
    }

    /** Writes that nobody has a position in a topic any more. */
    void forgetTopic(LogOwner log, String topic) {
        coordinators.forEach((id, coordinator) -> write(log, id, coordinator.forgetTopic(topic)));
    }

    /** At the start of a node there is no job that could have a group for itself, and sessions of members begin anew. */
    void resume(LogOwner log) {
        coordinators.forEach((id, coordinator) -> {
            write(log, id, coordinator.releaseAll(log.nowMs()));
            coordinator.resume(log.nowMs());
        });
    }

    /** Writes and replays what was decided for a group. */
    void write(LogOwner log, String group, List<GroupRecord> records) {
        write(log, InternalTopics.ofGroup(group), records);
    }

    private void carryOut(LogOwner log, Work request, String group, Decision<GroupRecord, GroupReply> decision) {
        requireAccepted(decision.reply());
        TopicPartition id = InternalTopics.ofGroup(group);
        write(log, id, decision.records());
        if (!decision.records().isEmpty()) {
            request.touch(partition(id));
        }
    }

    private void appendToTransaction(
            LogOwner log,
            InTransaction in,
            ProducerIdentity producer,
            String group,
            Decision<GroupRecord, GroupReply> decision) {
        requireAccepted(decision.reply());
        TopicPartition id = InternalTopics.ofGroup(group);
        log.transactions().enlistments().require(log, in, producer, id);
        if (decision.records().isEmpty()) {
            return;
        }
        long base = log.appendNow(partition(id), batches.of(log.nowMs(), encode(decision.records()), producer));
        for (int i = 0; i < decision.records().size(); i++) {
            if (decision.records().get(i) instanceof GroupRecord.Offset offset) {
                of(id).replayPending(producer.producerId(), offset, base + i);
            }
        }
    }

    private void write(LogOwner log, TopicPartition id, List<GroupRecord> records) {
        if (records.isEmpty()) {
            return;
        }
        RecordBatch batch = batches.of(log.nowMs(), encode(records));
        long base = log.appendNow(partition(id), batch);
        for (int i = 0; i < records.size(); i++) {
            of(id).replay(records.get(i), base + i);
        }
    }

    /** What comes over a wire may have names that are longer than Kafka's records have room for. */
    private static List<KeyValue> encode(List<GroupRecord> records) {
        try {
            return records.stream()
                    .map(record -> new KeyValue(GroupCodec.key(record), GroupCodec.value(record)))
                    .toList();
        } catch (IllegalArgumentException e) {
            throw new LogException(
                    ErrorCode.MESSAGE_TOO_LARGE, "a name in a record of a group is too long: " + e.getMessage());
        }
    }

    private static void requireAccepted(GroupReply reply) {
        if (reply instanceof GroupReply.Refused refused) {
            throw new LogException(refused.error(), refused.message());
        }
    }

    private Partition partition(TopicPartition id) {
        return Objects.requireNonNull(partitions.find(id));
    }
}
