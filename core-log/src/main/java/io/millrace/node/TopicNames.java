package io.millrace.node;

import java.util.Optional;
import java.util.Set;

/** Kafka's rules for topic names, and the names of the log's own topics. */
final class TopicNames {

    static final String CONSUMER_OFFSETS = "__consumer_offsets";
    static final String TRANSACTION_STATE = "__transaction_state";

    private static final Set<String> INTERNAL = Set.of(CONSUMER_OFFSETS, TRANSACTION_STATE);

    /** A directory is named topic, dash, partition, and a deleted one has 38 characters more; file systems stop at 255. */
    private static final int LENGTH_MAX = 249;

    private TopicNames() {}

    static boolean isInternal(String topic) {
        return INTERNAL.contains(topic);
    }

    /** Why this is no name for a topic; empty if it is one. */
    static Optional<String> problem(String topic) {
        if (topic.isEmpty()) {
            return Optional.of("a topic name must not be empty");
        }
        if (topic.equals(".") || topic.equals("..")) {
            return Optional.of("a topic cannot be called '" + topic + "'");
        }
        if (topic.length() > LENGTH_MAX) {
            return Optional.of(
                    "a topic name has at most " + LENGTH_MAX + " characters, '" + topic + "' has " + topic.length());
        }
        for (int i = 0; i < topic.length(); i++) {
            char c = topic.charAt(i);
            boolean legal = c >= 'a' && c <= 'z'
                    || c >= 'A' && c <= 'Z'
                    || c >= '0' && c <= '9'
                    || c == '.'
                    || c == '_'
                    || c == '-';
            if (!legal) {
                return Optional.of("topic name '" + topic + "' has '" + c + "' at position " + i
                        + "; only letters, digits, '.', '_' and '-' are allowed");
            }
        }
        return Optional.empty();
    }

    /** Kafka's metrics cannot tell '.' from '_', so it refuses names that differ only there: those of which this is the same. */
    static String inMetrics(String name) {
        return name.replace('.', '_');
    }
}
