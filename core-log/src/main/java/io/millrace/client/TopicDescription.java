package io.millrace.client;

import java.util.Map;
import java.util.UUID;

/**
 * What a topic is.
 *
 * @param name its name
 * @param id unique for ever; a topic created again under the same name has another one
 * @param partitionCount its partitions are 0 to this minus 1
 * @param configs only the keys that were set, in Kafka's names
 * @param internal whether it is one of the log's own, such as {@code __consumer_offsets}
 */
public record TopicDescription(
        String name, UUID id, int partitionCount, Map<String, String> configs, boolean internal) {

    public TopicDescription {
        configs = Map.copyOf(configs);
    }
}
