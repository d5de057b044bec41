package io.millrace.testkit;

import io.millrace.client.NewTopic;
import io.millrace.client.TopicDescription;
import io.millrace.client.TopicPartition;
import io.millrace.record.Compression;
import io.millrace.record.Header;
import io.millrace.record.RecordBatchBuilder;
import io.millrace.record.TimestampType;
import io.millrace.streams.Topic;
import io.millrace.streams.codec.KeyPartitioner;
import io.millrace.streams.topology.DeclaredTopic;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The topics as the test sees them: where its records go, and how far it has read. Outlives the node. */
final class TesterTopics {

    private static final int BATCH_BYTES_MAX = 1 << 20;

    private final Map<String, Integer> partitionCounts = new HashMap<>();
    private final Map<String, TopicTail> tails = new HashMap<>();
    private final Map<String, Long> keyless = new HashMap<>();

    /** Makes what the job reads. */
    void createInputs(TesterNode node, List<DeclaredTopic> topics, int defaultPartitions) {
        for (DeclaredTopic topic : topics) {
            if (topic.read()) {
                int partitions = topic.partitions() > 0 ? topic.partitions() : defaultPartitions;
                node.await(node.client.createTopic(new NewTopic(topic.name(), partitions, topic.configs())));
            }
        }
    }

    /** The partition of a key; records without a key take the partitions in turn. */
    int partitionOf(TesterNode node, Topic<?, ?> topic, byte @Nullable [] key) {
        long count = key == null ? keyless.merge(topic.name(), 1L, Long::sum) - 1 : 0;
        return KeyPartitioner.partition(topic.keys(), key, count, partitionCount(node, topic.name()));
    }

    void append(
            TesterNode node,
            TopicPartition partition,
            byte @Nullable [] key,
            byte @Nullable [] value,
            long timestampMs,
            Header... headers) {
        RecordBatchBuilder batch = new RecordBatchBuilder(Compression.NONE, TimestampType.CREATE_TIME, BATCH_BYTES_MAX);
        if (!batch.append(timestampMs, key, value, headers)) {
            throw new IllegalArgumentException("a record of more than " + BATCH_BYTES_MAX + " bytes");
        }
        node.append(partition, batch);
    }

    /** What was committed since the last call; nothing if there is no such topic yet. */
    <K, V> List<OutputRecord<K, V>> read(TesterNode node, Topic<K, V> topic) {
        if (!tails.containsKey(topic.name()) && !exists(node, topic.name())) {
            return List.of();
        }
        TopicTail tail = tails.computeIfAbsent(topic.name(), name -> new TopicTail(name, partitionCount(node, name)));
        return tail.read(node.client, topic);
    }

    int partitionCount(TesterNode node, String topic) {
        return partitionCounts.computeIfAbsent(
                topic, name -> node.await(node.client.describeTopic(name)).partitionCount());
    }

    private static boolean exists(TesterNode node, String topic) {
        return node.await(node.client.listTopics()).stream()
                .map(TopicDescription::name)
                .anyMatch(topic::equals);
    }
}
