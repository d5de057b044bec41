package io.millrace.server.client;

import io.millrace.broker.message.ListOffsetsRequest;
import io.millrace.broker.message.ListOffsetsRequest.ListOffsetsTopic;
import io.millrace.broker.message.ListOffsetsRequest.ListOffsetsTopic.ListOffsetsPartition;
import io.millrace.broker.message.ListOffsetsResponse;
import io.millrace.broker.message.ListOffsetsResponse.ListOffsetsTopicResponse.ListOffsetsPartitionResponse;
import io.millrace.client.ErrorCode;
import io.millrace.client.IsolationLevel;
import io.millrace.client.TopicPartition;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Finds offsets by time, and the ends of partitions. On the thread of its {@link ClusterClient}. */
public final class PartitionOffsets {

    /** Asks for the offset behind the last record: of all, or of those that are committed. */
    public static final long LATEST = -1;

    /** Asks for the first offset that is kept. */
    public static final long EARLIEST = -2;

    /** What is answered if no record is as late as the time asked for. */
    public static final long NONE = -1;

    private final ClusterClient cluster;

    public PartitionOffsets(ClusterClient cluster) {
        this.cluster = cluster;
    }

    /** The same time for several partitions. */
    public Map<TopicPartition, Long> find(Collection<TopicPartition> partitions, long time, IsolationLevel isolation) {
        Map<TopicPartition, Long> times = new TreeMap<>();
        partitions.forEach(partition -> times.put(partition, time));
        return find(times, isolation);
    }

    /**
     * The first offsets whose records are at or after these times.
     *
     * @param times in ms since 1970, {@link #LATEST} or {@link #EARLIEST}
     * @return {@link #NONE} where there is none
     * @throws ClientException if a node refuses one of them
     */
    public Map<TopicPartition, Long> find(Map<TopicPartition, Long> times, IsolationLevel isolation) {
        Map<Integer, Map<String, ListOffsetsTopic>> byNode = new TreeMap<>();
        times.forEach((partition, time) -> byNode.computeIfAbsent(cluster.leader(partition), node -> new TreeMap<>())
                .computeIfAbsent(partition.topic(), topic -> new ListOffsetsTopic().name(topic))
                .partitions()
                .add(new ListOffsetsPartition()
                        .partitionIndex(partition.partition())
                        .timestamp(time)));
        Map<TopicPartition, Long> found = new HashMap<>();
        byNode.forEach((node, topics) -> {
            ListOffsetsRequest request = new ListOffsetsRequest().replicaId(-1).isolationLevel((byte)
                    (isolation == IsolationLevel.READ_COMMITTED ? 1 : 0));
            topics.values().forEach(request.topics()::add);
            ListOffsetsResponse response = cluster.askNode(
                    node,
                    ListOffsetsRequest.KIND,
                    ListOffsetsRequest.HIGHEST_VERSION,
                    request,
                    ListOffsetsResponse::read);
            response.topics().forEach(topic -> topic.partitions().forEach(one -> take(topic.name(), one, found)));
        });
        return new TreeMap<>(found);
    }

    private void take(String topic, ListOffsetsPartitionResponse one, Map<TopicPartition, Long> found) {
        if (ErrorCode.of(one.errorCode()).isRetriable()) {
            cluster.forget(topic);
        }
        TopicPartition partition = new TopicPartition(topic, one.partitionIndex());
        ClientException.check("offsets of " + partition, one.errorCode(), null);
        found.put(partition, one.offset());
    }
}
