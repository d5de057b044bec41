package io.millrace.server.client;

import io.millrace.broker.message.FetchRequest;
import io.millrace.broker.message.FetchRequest.FetchTopic;
import io.millrace.broker.message.FetchRequest.FetchTopic.FetchPartition;
import io.millrace.broker.message.FetchResponse;
import io.millrace.broker.message.FetchResponse.FetchableTopicResponse.PartitionData;
import io.millrace.client.ErrorCode;
import io.millrace.client.IsolationLevel;
import io.millrace.client.TopicPartition;
import io.millrace.record.CorruptBatchException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Reads records of some partitions, each from its position on. On the thread of its {@link ClusterClient}. */
public final class RecordReader {

    /** From version 13 on topics are named by id. */
    private static final int BY_NAME_MAX = 12;

    private static final int RESPONSE_BYTES_MAX = 8 << 20;
    private static final int PARTITION_BYTES_MAX = 1 << 20;

    private final ClusterClient cluster;
    private final IsolationLevel isolation;
    private final Map<TopicPartition, Long> positions = new TreeMap<>();
    private boolean turned;

    /** @param positions where to begin, by partition */
    public RecordReader(ClusterClient cluster, IsolationLevel isolation, Map<TopicPartition, Long> positions) {
        this.cluster = cluster;
        this.isolation = isolation;
        this.positions.putAll(positions);
    }

    /** Where each partition is read next. */
    public Map<TopicPartition, Long> positions() {
        return new TreeMap<>(positions);
    }

    /** A partition is not read any more. */
    public void drop(TopicPartition partition) {
        positions.remove(partition);
    }

    /**
     * Hands over what is there, waiting a little if there is nothing.
     *
     * @param waitMax in all
     * @param taker returns false to stop; the record it was given counts as read
     * @return whether the taker wants more
     */
    public boolean read(Duration waitMax, Predicate<ReadRecord> taker) {
        Map<Integer, List<TopicPartition>> byNode = new TreeMap<>();
        positions.keySet().forEach(partition -> byNode.computeIfAbsent(
                        cluster.leader(partition), node -> new ArrayList<>())
                .add(partition));
        turned = !turned;
        for (var node : byNode.entrySet()) {
            List<TopicPartition> partitions = node.getValue();
            if (turned) {
                java.util.Collections.reverse(partitions); // what comes last in one answer comes first in the next
            }
            int waitMs = (int) (waitMax.toMillis() / byNode.size());
            if (!read(node.getKey(), partitions, waitMs, taker)) {
                return false;
            }
        }
        return true;
    }

    private boolean read(int node, List<TopicPartition> partitions, int waitMs, Predicate<ReadRecord> taker) {
        FetchRequest request = new FetchRequest()
                .maxWaitMs(waitMs)
                .minBytes(1)
                .maxBytes(RESPONSE_BYTES_MAX)
                .isolationLevel((byte) (isolation == IsolationLevel.READ_COMMITTED ? 1 : 0));
        FetchTopic topic = new FetchTopic();
        for (TopicPartition partition : partitions) {
            if (!topic.topic().equals(partition.topic())) {
                topic = new FetchTopic().topic(partition.topic());
                request.topics().add(topic);
            }
            topic.partitions()
                    .add(new FetchPartition()
                            .partition(partition.partition())
                            .fetchOffset(positions.getOrDefault(partition, 0L))
                            .partitionMaxBytes(PARTITION_BYTES_MAX));
        }
        FetchResponse response = cluster.askNode(node, FetchRequest.KIND, BY_NAME_MAX, request, FetchResponse::read);
        ClientException.check("reading", response.errorCode(), null);
        for (var answered : response.responses()) {
            for (PartitionData data : answered.partitions()) {
                if (!take(new TopicPartition(answered.topic(), data.partitionIndex()), data, taker)) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean take(TopicPartition partition, PartitionData data, Predicate<ReadRecord> taker) {
        ErrorCode error = ErrorCode.of(data.errorCode());
        if (error == ErrorCode.NOT_LEADER_OR_FOLLOWER || error == ErrorCode.LEADER_NOT_AVAILABLE) {
            cluster.forget(partition.topic()); // another node leads it by now
            ClusterClient.pause();
            return true;
        }
        if (error == ErrorCode.OFFSET_OUT_OF_RANGE) {
            throw new ClientException("offset " + positions.get(partition) + " is not in " + partition
                    + ": what was there is deleted, or nothing has come so far; --from beginning reads what is there.");
        }
        ClientException.check("reading " + partition, data.errorCode(), null);
        FetchedRecords records = new FetchedRecords(partition, data, positions.getOrDefault(partition, 0L), isolation);
        try {
            boolean wantsMore = records.forEach(taker);
            positions.put(partition, records.position());
            return wantsMore;
        } catch (CorruptBatchException e) {
            throw new ClientException(
                    partition + " cannot be read from offset " + records.position() + " on: " + e.getMessage() + ".",
                    e);
        }
    }
}
