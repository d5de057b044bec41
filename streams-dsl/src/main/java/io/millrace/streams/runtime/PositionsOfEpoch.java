package io.millrace.streams.runtime;

import io.millrace.client.CommittedOffset;
import io.millrace.client.TopicPartition;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** The input positions that moved in an epoch, by shard. Filled by the I/O agent when the epoch ends. */
final class PositionsOfEpoch {

    private final Map<Integer, Map<TopicPartition, Long>> topics = new TreeMap<>();
    private final Map<Integer, Map<String, Map<String, String>>> foreign = new TreeMap<>();

    void topic(int shard, TopicPartition partition, long offset) {
        topics.computeIfAbsent(shard, index -> new TreeMap<>()).put(partition, offset);
    }

    void foreign(int shard, String split, Map<String, String> position) {
        foreign.computeIfAbsent(shard, index -> new TreeMap<>()).put(split, position);
    }

    /** The topics' offsets, of all shards. */
    Map<TopicPartition, Long> topics() {
        Map<TopicPartition, Long> all = new TreeMap<>();
        topics.values().forEach(all::putAll);
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
        topics().forEach((partition, offset) -> all.put(partition, new CommittedOffset(offset)));
        return all;
    }
}
