package io.millrace.streams.plan;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What a planner needs to know of the topics that exist. */
public interface TopicPartitions {

    /** Partition count of a topic, 0 if there is no such topic. */
    int partitionCount(String topic);

    /** The topics whose whole name matches, in order of name. */
    List<String> matching(Pattern pattern);

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
