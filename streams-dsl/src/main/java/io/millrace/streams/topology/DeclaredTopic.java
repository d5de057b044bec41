package io.millrace.streams.topology;

import java.util.Map;

/**
 * A topic that a job names, to be created if it is missing.
 *
 * @param partitions to create it with, 0 for the shard count
 * @param configs to create it with
 * @param read whether the job reads it; such a topic must exist before the plan is made, as its partition count is needed
 */
public record DeclaredTopic(String name, int partitions, Map<String, String> configs, boolean read) {

    public DeclaredTopic {
        configs = Map.copyOf(configs);
    }
}
