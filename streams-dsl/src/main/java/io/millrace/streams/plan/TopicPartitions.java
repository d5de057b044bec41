package io.millrace.streams.plan;

import io.millrace.streams.Topology;
import io.millrace.streams.topology.DeclaredTopic;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What a planner needs to know of the topics that exist. */
public interface TopicPartitions {

    /** Partition count of a topic, 0 if there is no such topic. */
    int partitionCount(String topic);

    /** The topics whose whole name matches, in order of name. */
    List<String> matching(Pattern pattern);

    /**
     * The topics that a topology reads as its job would create them on an empty node. Of topics that are read by a pattern one
     * is taken to exist.
     */
    static TopicPartitions declaredBy(Topology topology) {
        Map<String, Integer> declared = new HashMap<>();
        int largest = 1;
        for (DeclaredTopic topic : topology.topics()) {
            if (topic.read() && topic.partitions() > 0) {
                declared.put(topic.name(), topic.partitions());
                largest = Math.max(largest, topic.partitions());
            }
        }
        int otherwise = largest;
        return new TopicPartitions() {
            @Override
            public int partitionCount(String topic) {
                return declared.getOrDefault(topic, otherwise);
            }

            @Override
            public List<String> matching(Pattern pattern) {
                return List.of(pattern.pattern());
            }
        };
    }

    /** Topics with their partition counts. */
    static TopicPartitions of(Map<String, Integer> counts) {
        Map<String, Integer> known = Map.copyOf(counts);
        return new TopicPartitions() {
            @Override
            public int partitionCount(String topic) {
                return known.getOrDefault(topic, 0);
            }

            @Override
            public List<String> matching(Pattern pattern) {
                return known.keySet().stream()
                        .filter(topic -> pattern.matcher(topic).matches())
                        .sorted()
                        .toList();
            }
        };
    }
}
