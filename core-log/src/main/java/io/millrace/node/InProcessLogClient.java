package io.millrace.node;

import io.millrace.client.CommittedOffset;
import io.millrace.client.ErrorCode;
import io.millrace.client.FoundOffset;
import io.millrace.client.GroupClaim;
import io.millrace.client.GroupDescription;
import io.millrace.client.IsolationLevel;
import io.millrace.client.LogClient;
import io.millrace.client.NewTopic;
import io.millrace.client.OffsetQuery;
import io.millrace.client.Pending;
import io.millrace.client.Producer;
import io.millrace.client.ProducerOptions;
import io.millrace.client.Subscription;
import io.millrace.client.TopicDescription;
import io.millrace.client.TopicPartition;
import io.millrace.client.TransactionDescription;
import io.millrace.log.EpochHistory;
import io.millrace.log.LogView;
import io.millrace.log.StorageException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The door to a log node of this process. Requests go through the log agent's ring; reading goes straight to what the
 * partitions have published, on the client's own thread.
 */
final class InProcessLogClient implements LogClient {

    private static final FoundOffset NOT_FOUND = new FoundOffset(-1, -1, -1);

    private final Door door;
    private final PartitionTable partitions;
    private final String member;

    /** What is open; whatever is closed takes itself out. */
    private final Set<Producer> producers = new LinkedHashSet<>();

    private final Set<Subscription> subscriptions = new LinkedHashSet<>();
    private final Set<String> claimed = new TreeSet<>();

    /** @param member unique name of this client as a member of groups */
    InProcessLogClient(Door door, PartitionTable partitions, String member) {
        this.door = door;
        this.partitions = partitions;
        this.member = member;
    }

    @Override
    public Pending<TopicDescription> createTopic(NewTopic topic) {
        return door.ask((log, request) -> log.topics().create(topic));
    }

    @Override
    public Pending<TopicDescription> alterTopic(String topic, Map<String, Optional<String>> configs) {
        Map<String, Optional<String>> changes = Map.copyOf(configs);
        return door.ask((log, request) -> log.topics().alter(topic, changes));
    }

    @Override
    public Pending<TopicDescription> addPartitions(String topic, int partitionCount) {
        return door.ask((log, request) -> log.topics().addPartitions(topic, partitionCount, false));
    }

    @Override
    public Pending<Void> deleteTopic(String topic) {
        Pending<Void> pending = new Pending<>(door.signal());
        door.send(new DeleteTopicWork(topic, pending));
        return pending;
    }

    @Override
    public Pending<TopicDescription> describeTopic(String topic) {
        PartitionTable.Route route = partitions.routes().get(topic);
        return route == null
                ? Pending.failed(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "there is no topic " + topic)
                : Pending.succeeded(route.topic());
    }

    @Override
    public Pending<List<TopicDescription>> listTopics() {
        return Pending.succeeded(List.copyOf(partitions.image().all()));
    }

    @Override
    public Pending<Long> deleteRecords(TopicPartition partition, long beforeOffset) {
        return door.ask((log, request) -> log.deleteRecords(partition, beforeOffset));
    }

    @Override
    public Pending<FoundOffset> findOffset(TopicPartition partition, OffsetQuery query, IsolationLevel isolation) {
        PartitionHandle handle = partitions.handle(partition);
        if (handle == null || handle.isDeleted()) {
            return Pending.failed(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "there is no " + partition);
        }
        try {
            return Pending.succeeded(
                    handle.view().map(view -> find(view, query, isolation)).orElseGet(() -> emptyLog(query)));
        } catch (StorageException e) {
            return Pending.failed(ErrorCode.KAFKA_STORAGE_ERROR, partition + ": " + e.getMessage());
        }
    }

    private static FoundOffset find(LogView view, OffsetQuery query, IsolationLevel isolation) {
        long upTo = isolation == IsolationLevel.READ_COMMITTED ? view.lastStableOffset() : view.highWatermark();
        if (query instanceof OffsetQuery.AtOrAfter at) {
            return view.firstAtOrAfter(at.timestampMs(), upTo);
        }
        if (query instanceof OffsetQuery.MaxTimestamp) {
            return view.withMaxTimestamp(upTo);
        }
        if (query instanceof OffsetQuery.EndOfEpoch asked) {
            EpochHistory.End end = view.epochs().endOf(asked.leaderEpoch(), view.logEndOffset());
            return new FoundOffset(end.endOffset(), -1, end.epoch());
        }
        long offset = query instanceof OffsetQuery.Earliest ? view.logStartOffset() : upTo;
        return new FoundOffset(offset, -1, view.epochs().epochAt(offset));
    }

    private static FoundOffset emptyLog(OffsetQuery query) {
        boolean end = query instanceof OffsetQuery.Earliest || query instanceof OffsetQuery.Latest;
        return end ? new FoundOffset(0, -1, -1) : NOT_FOUND;
    }

    @Override
    public Subscription openSubscription(IsolationLevel isolation, int fetchBytesMax) {
        if (fetchBytesMax < 1) {
            throw new IllegalArgumentException("fetch bytes must be 1 or more, were " + fetchBytesMax);
        }
        InProcessSubscription subscription =
                new InProcessSubscription(partitions, door.signal(), isolation, fetchBytesMax, subscriptions::remove);
        subscriptions.add(subscription);
        return subscription;
    }

    @Override
    public Producer openProducer(ProducerOptions options) {
        String transactionalId = options.transactionalId();
        Producer producer = transactionalId == null
                ? new InProcessProducer(door, producers::remove)
                : new TransactionalProducer(
                        door, transactionalId, options.transactionTimeoutMs(), member, producers::remove);
        producers.add(producer);
        return producer;
    }

    @Override
    public Pending<Map<TopicPartition, CommittedOffset>> committedOffsets(String group) {
        return door.ask((log, request) -> log.groups().committed(group));
    }

    @Override
    public Pending<Void> commitOffsets(String group, Map<TopicPartition, CommittedOffset> offsets) {
        Map<TopicPartition, CommittedOffset> positions = Map.copyOf(offsets);
        return door.ask((log, request) -> {
            log.groups().commit(log, request, group, member, positions);
            return null;
        });
    }

    @Override
    public Pending<Void> deleteOffsets(String group, List<TopicPartition> forgotten) {
        List<TopicPartition> which = List.copyOf(forgotten);
        return door.ask((log, request) -> {
            log.groups().delete(log, request, group, member, which);
            return null;
        });
    }

    @Override
    public Pending<GroupClaim> claimGroup(String group) {
        claimed.add(group);
        return door.ask((log, request) -> {
            log.groups().claim(log, request, group, member);
            return new InProcessGroupClaim(door, group, member);
        });
    }

    @Override
    public Pending<List<GroupDescription>> listGroups() {
        return door.ask((log, request) -> log.groups().list());
    }

    @Override
    public Pending<List<TransactionDescription>> listTransactions() {
        return door.ask((log, request) -> log.transactions().list());
    }

    @Override
    public Pending<Void> holdTombstones(TopicPartition partition, long fromOffset) {
        return door.ask((log, request) -> {
            log.compactions().floors().hold(partition, member, fromOffset);
            return null;
        });
    }

    @Override
    public Pending<Void> sync() {
        Pending<Void> pending = new Pending<>(door.signal());
        door.send(new SyncAllWork(pending));
        return pending;
    }

    /** How many producers and subscriptions are open. */
    int openCount() {
        return producers.size() + subscriptions.size();
    }

    @Override
    public boolean isCongested() {
        return door.isCongested();
    }

    @Override
    public int poll(long nowMs) {
        return door.flush();
    }

    @Override
    public void close() {
        List.copyOf(producers).forEach(Producer::close);
        List.copyOf(subscriptions).forEach(Subscription::close);
        claimed.forEach(group -> InProcessGroupClaim.release(door, group, member));
        door.<Void>ask((log, request) -> {
            log.compactions().floors().release(member);
            return null;
        });
        claimed.clear();
        door.close();
    }
}
