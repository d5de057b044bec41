package io.millrace.streams.runtime;

import io.millrace.streams.topology.Node;
import org.jspecify.annotations.Nullable;

/**
 * One thing a task reads: a partition of a topic, or a split of a foreign source.
 *
 * @param fragment of the task
 * @param shard of the task
 * @param index among the inputs of the task, in order of partition, then of the node
 * @param source the node that reads it
 * @param topic its topic, null for a foreign source
 * @param partition its partition, -1 for a foreign source
 * @param split its split, null for a topic
 */
record TaskInput(
        int fragment,
        int shard,
        int index,
        Node source,
        @Nullable String topic,
        int partition,
        @Nullable String split) {

    /** As error messages and metrics name it. */
    String label() {
        return topic != null ? topic + "-" + partition : source.id() + "/" + split;
    }
}
