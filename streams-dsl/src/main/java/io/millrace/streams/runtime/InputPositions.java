package io.millrace.streams.runtime;

import io.millrace.client.TopicPartition;
import java.util.Map;

/**
 * How far the inputs of one shard have been read when an epoch ends.
 *
 * @param topics by partition
 * @param foreign position behind the last record read, by {@code source id/split}
 */
record InputPositions(Map<TopicPartition, TopicPosition> topics, Map<String, Map<String, String>> foreign) {

    static final InputPositions NONE = new InputPositions(Map.of(), Map.of());

    InputPositions {
        topics = Map.copyOf(topics);
        foreign = Map.copyOf(foreign);
    }
}
