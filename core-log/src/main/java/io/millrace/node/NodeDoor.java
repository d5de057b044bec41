package io.millrace.node;

import io.millrace.client.Appended;
import io.millrace.client.CommittedOffset;
import io.millrace.client.ErrorCode;
import io.millrace.client.LogClient;
import io.millrace.client.Pending;
import io.millrace.client.TopicPartition;
import io.millrace.coordinator.Committer;
import io.millrace.coordinator.DescribedConsumerGroup;
import io.millrace.coordinator.DescribedGroup;
import io.millrace.coordinator.GroupReply;
import io.millrace.coordinator.GroupReply.Beat;
import io.millrace.coordinator.GroupReply.Joined;
import io.millrace.coordinator.GroupReply.Left;
import io.millrace.coordinator.GroupReply.Synced;
import io.millrace.coordinator.GroupRequest;
import io.millrace.coordinator.ListedGroup;
import io.millrace.coordinator.PositionKeeper.Fetched;
import io.millrace.kernel.Signal;
import io.millrace.record.RecordBatch;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a listener may ask of a node on behalf of clients elsewhere: batches as they came over the wire, published views of
 * partitions, coordinators. One thread owns it and everything it hands out; no call blocks.
 *
 * <p>For what needs no wire's detail, such as creating topics, {@link #client} is the same door as any other.
 */
public final class NodeDoor {

    private final Door door;
    private final TransactionDoor transactions;
    private final PartitionTable partitions;
    private final NodeAdmin admin;
    private final LogClient client;
    private final int leaderEpoch;

    /** All of them use the one door, so that requests of every kind reach the node in the order in which they are made. */
    NodeDoor(Door door, PartitionTable partitions, NodeAdmin admin, LogClient client, int leaderEpoch) {
        this.door = door;
        this.transactions = new TransactionDoor(door);
        this.partitions = partitions;
        this.admin = admin;
        this.client = client;
        this.leaderEpoch = leaderEpoch;
    }

    /** A client of the same owner. */
    public LogClient client() {
        return client;
    }

    /** What administrators may ask for, of the same owner. */
    public NodeAdmin admin() {
        return admin;
    }

    /** Raised when an answer has come. */
    public Signal signal() {
        return door.signal();
    }

    /** The topics as they are at this moment. */
    public TopicsImage topics() {
        return partitions.image();
    }

    /** Where a partition is read; null if there is none. */
    public @Nullable PartitionHandle partition(TopicPartition id) {
        return partitions.handle(id);
    }

    /** Of every partition that this node leads, in this life. */
    public int leaderEpoch() {
        return leaderEpoch;
    }

    /** Producers and their transactions. */
    public TransactionDoor transactions() {
        return transactions;
    }

    /**
     * Appends a producer's batch as it came, with the identity and the sequence in it. Offset, leader epoch and, as the topic
     * says, timestamps are set in the batch's own array. Answered when it is durable as the topic asks.
     *
     * @param topicId that the topic must have: else UNKNOWN_TOPIC_ID; null for whatever topic has the name
     * @param in the open transaction that the batch belongs to; null outside of any
     */
    public Pending<Appended> append(
            TopicPartition partition, @Nullable UUID topicId, RecordBatch batch, @Nullable InTransaction in) {
        return append(partition, topicId, batch, in, new RefusedBatch());
    }

    /**
     * The same.
     *
     * @param told what else is known if the batch is refused
     */
    public Pending<Appended> append(
            TopicPartition partition,
            @Nullable UUID topicId,
            RecordBatch batch,
            @Nullable InTransaction in,
            RefusedBatch told) {
        Pending<Appended> pending = new Pending<>(door.signal());
        door.send(new AppendWork(partition, topicId, batch, in, pending, told));
        return pending;
    }

    // ---- members of groups

    /**
     * A member joins its group; answered when everybody has, or at once with an error in the answer. Fails with
     * BROKER_NOT_AVAILABLE or KAFKA_STORAGE_ERROR alone.
     */
    public Pending<Joined> join(GroupRequest.Join request) {
        return ask(request, Joined.class);
    }

    /** A member asks for its assignment, a leader brings it: answered when it is written, or at once with an error in the answer. */
    public Pending<Synced> sync(GroupRequest.Sync request) {
        return ask(request, Synced.class);
    }

    /** Members leave; each has its own error in the answer. */
    public Pending<Left> leave(GroupRequest.Leave request) {
        return ask(request, Left.class);
    }

    /**
     * A member of the consumer protocol joins, stays or leaves; any error is in the answer. Fails with BROKER_NOT_AVAILABLE or
     * KAFKA_STORAGE_ERROR alone.
     */
    public Pending<Beat> consumerHeartbeat(GroupRequest.ConsumerHeartbeat request) {
        return ask(request, Beat.class);
    }

    private <T extends GroupReply> Pending<T> ask(GroupRequest request, Class<T> kind) {
        Pending<T> pending = new Pending<>(door.signal());
        door.send(new MemberRequest<>(request, kind, pending));
        return pending;
    }

    /**
     * A sign of life. NONE; REBALANCE_IN_PROGRESS if the member has to join again, which is a sign of life too; or
     * UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID, ILLEGAL_GENERATION, INVALID_GROUP_ID.
     */
    public Pending<ErrorCode> heartbeat(GroupRequest.Heartbeat request) {
        return door.ask((log, work) -> log.groups().members().heartbeat(log, request));
    }

    // ---- positions of groups

    /**
     * Commits positions outside of a transaction; what became of each: NONE or OFFSET_METADATA_TOO_LARGE. Fails for all with
     * UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID, ILLEGAL_GENERATION, REBALANCE_IN_PROGRESS, STALE_MEMBER_EPOCH,
     * UNSUPPORTED_VERSION, INVALID_GROUP_ID, or GROUP_ID_NOT_FOUND, which before version 9 of OffsetCommit is to be ILLEGAL_GENERATION.
     */
    public Pending<Map<TopicPartition, ErrorCode>> commitOffsets(
            String group, Committer who, Map<TopicPartition, CommittedOffset> offsets) {
        Map<TopicPartition, CommittedOffset> positions = Map.copyOf(offsets);
        return door.ask((log, request) -> log.groups().commit(log, request, group, who, positions));
    }

    /**
     * Committed positions that no power cut takes back; in the order asked for, or all there are if null, sorted. A partition
     * without one, and every one of an unknown group, has none.
     *
     * @param stableOnly whether those that an open transaction may change are UNSTABLE_OFFSET_COMMIT
     */
    public Pending<Map<TopicPartition, Fetched>> committedOffsets(
            String group, @Nullable List<TopicPartition> partitions, boolean stableOnly) {
        return committedOffsets(group, null, -1, partitions, stableOnly);
    }

    /**
     * The same for somebody who may say that it is a member. Fails with UNKNOWN_MEMBER_ID, STALE_MEMBER_EPOCH or
     * ILLEGAL_GENERATION if it is not, or not at this epoch, in a group of the consumer protocol.
     *
     * @param member null if it does not say
     * @param epoch -1 if it does not say
     */
    public Pending<Map<TopicPartition, Fetched>> committedOffsets(
            String group,
            @Nullable String member,
            int epoch,
            @Nullable List<TopicPartition> partitions,
            boolean stableOnly) {
        List<TopicPartition> wanted = partitions == null ? null : List.copyOf(partitions);
        return door.ask((log, request) -> log.groups().fetch(request, group, member, epoch, wanted, stableOnly));
    }

    /**
     * Forgets positions; what became of each: NONE, also if there was none, or GROUP_SUBSCRIBED_TO_TOPIC. Fails for all with
     * GROUP_ID_NOT_FOUND, NON_EMPTY_GROUP, INVALID_GROUP_ID.
     */
    public Pending<Map<TopicPartition, ErrorCode>> deleteOffsets(String group, List<TopicPartition> partitions) {
        List<TopicPartition> which = List.copyOf(partitions);
        return door.ask((log, request) -> log.groups().delete(log, request, group, which));
    }

    // ---- groups

    /** Forgets a group and its positions. Fails with GROUP_ID_NOT_FOUND, NON_EMPTY_GROUP, INVALID_GROUP_ID. */
    public Pending<Void> deleteGroup(String group) {
        return door.ask((log, request) -> {
            log.groups().deleteGroup(log, request, group);
            return null;
        });
    }

    /** The groups in this order; in the state DEAD what is not known or of the consumer protocol, which from version 6 on is GROUP_ID_NOT_FOUND. */
    public Pending<List<DescribedGroup>> describeGroups(List<String> groups) {
        List<String> names = List.copyOf(groups);
        return door.ask(
                (log, request) -> names.stream().map(log.groups()::describe).toList());
    }

    /** The groups in this order. */
    public Pending<List<DescribedConsumerGroup.Looked>> describeConsumerGroups(List<String> groups) {
        List<String> names = List.copyOf(groups);
        return door.ask((log, request) -> log.groups().describeConsumers(names));
    }

    /**
     * Groups in order of name.
     *
     * @param states Kafka's words, in any case; all if empty
     * @param types Kafka's words, in any case; all if empty
     */
    public Pending<List<ListedGroup>> listGroups(Set<String> states, Set<String> types) {
        Set<String> wantedStates = lowerCase(states);
        Set<String> wantedTypes = lowerCase(types);
        return door.ask((log, request) -> log.groups().listAll().stream()
                .filter(group -> isWanted(wantedStates, group.state().word()) && isWanted(wantedTypes, group.type()))
                .toList());
    }

    private static boolean isWanted(Set<String> words, String word) {
        return words.isEmpty() || words.contains(word.toLowerCase(Locale.ROOT));
    }

    private static Set<String> lowerCase(Set<String> words) {
        return words.stream().map(word -> word.trim().toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
    }

    // ---- life

    /**
     * Whether the node is behind: begin no further request of anybody until the signal. What the request that is being begun
     * asks for is taken nevertheless, and waits here.
     */
    public boolean isCongested() {
        return door.isCongested();
    }

    /** Sends on what the node could not take before. */
    public int flush() {
        return door.flush();
    }

    public void close() {
        client.close();
        door.close();
    }
}
