package io.millrace.client;

import java.util.Objects;

/**
 * One partition of one topic, by name. {@code partition} counts from 0; one below 0, which a client elsewhere may ask for, is
 * a partition that nobody has.
 */
public record TopicPartition(String topic, int partition) implements Comparable<TopicPartition> {

    public TopicPartition {
        Objects.requireNonNull(topic);
    }

    @Override
    public int compareTo(TopicPartition other) {
        int byTopic = topic.compareTo(other.topic);
        return byTopic != 0 ? byTopic : Integer.compare(partition, other.partition);
    }

    /** As Kafka names the partition's directory: {@code topic-partition}. */
    @Override
    public String toString() {
        return topic + "-" + partition;
    }
}
