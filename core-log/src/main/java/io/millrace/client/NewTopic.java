package io.millrace.client;

import java.util.Map;

/**
 * A topic to create.
 *
 * @param name Kafka's rules: 1 to 249 of {@code [a-zA-Z0-9._-]}, not {@code .} or {@code ..}
 * @param partitionCount 1 or more
 * @param configs Kafka's topic keys; what is not given has Kafka's default
 */
public record NewTopic(String name, int partitionCount, Map<String, String> configs) {

    public NewTopic {
        configs = Map.copyOf(configs);
    }

    public NewTopic(String name, int partitionCount) {
        this(name, partitionCount, Map.of());
    }
}
