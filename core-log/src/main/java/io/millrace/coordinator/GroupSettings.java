package io.millrace.coordinator;

import org.jspecify.annotations.Nullable;

/** What operators have set for single groups, under Kafka's names of group configurations. Asked on the coordinator's thread. */
public interface GroupSettings {

    String CONSUMER_SESSION_TIMEOUT_MS = "consumer.session.timeout.ms";
    String CONSUMER_HEARTBEAT_INTERVAL_MS = "consumer.heartbeat.interval.ms";
    String CONSUMER_ASSIGNMENT_INTERVAL_MS = "consumer.assignment.interval.ms";

    /** Nothing is set for any group. */
    GroupSettings NONE = (group, key) -> null;

    /** Null if it is not set; a number was checked when it was set. */
    @Nullable
    String find(String group, String key);

    /** The number that is set, within these bounds, or else the node's. */
    default int number(String group, String key, int ofNode, int min, int max) {
        String set = find(group, key);
        return set == null ? ofNode : Math.min(Math.max(Integer.parseInt(set.trim()), min), max);
    }
}
