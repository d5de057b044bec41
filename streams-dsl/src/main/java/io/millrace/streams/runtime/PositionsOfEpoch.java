package io.millrace.streams.runtime;

import io.millrace.client.CommittedOffset;
import io.millrace.client.TopicPartition;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;

/** The input positions that moved in an epoch, by shard. Filled by the I/O agent when the epoch ends. */
final class PositionsOfEpoch {

    private final Map<String, UUID> topicIds;
    private final Map<Integer, Map<TopicPartition, TopicPosition>> topics = new TreeMap<>();
    private final Map<Integer, Map<String, Map<String, String>>> foreign = new TreeMap<>();

    /** @param topicIds of the topics that are read, by name */
    PositionsOfEpoch(Map<String, UUID> topicIds) {
        this.topicIds = topicIds;
    }

    static PositionsOfEpoch none() {
        return new PositionsOfEpoch(Map.of());
    }

    void topic(int shard, TopicPartition partition, long offset) {
        UUID topicId = Objects.requireNonNull(topicIds.get(partition.topic()), partition::toString);
        topics.computeIfAbsent(shard, index -> new TreeMap<>()).put(partition, new TopicPosition(topicId, offset));
    }

    void foreign(int shard, String split, Map<String, String> position) {
        foreign.computeIfAbsent(shard, index -> new TreeMap<>()).put(split, position);
    }

    /** The topics' offsets, of all shards. */
    Map<TopicPartition, Long> topics() {
        Map<TopicPartition, Long> all = new TreeMap<>();
        topics.values().forEach(moved -> moved.forEach((partition, position) -> all.put(partition, position.offset())));
        return all;
    }

    boolean isEmpty() {
        return topics.isEmpty() && foreign.isEmpty();
    }

    /** What goes into the shards' meta records. */
    Map<Integer, InputPositions> byShard() {
        Map<Integer, InputPositions> all = new HashMap<>();
        topics.forEach(
                (shard, moved) -> all.put(shard, new InputPositions(moved, foreign.getOrDefault(shard, Map.of()))));
        foreign.forEach((shard, moved) -> all.putIfAbsent(shard, new InputPositions(Map.of(), moved)));
        return all;
    }

    /** What goes into the group of the job. */
    Map<TopicPartition, CommittedOffset> groupOffsets() {
        Map<TopicPartition, CommittedOffset> all = new TreeMap<>();
        topics().forEach((partition, offset) -> {
            UUID topicId = Objects.requireNonNull(topicIds.get(partition.topic()));
            all.put(partition, new CommittedOffset(offset, -1, TopicPosition.note(topicId)));
        });
        return all;
    }
}
