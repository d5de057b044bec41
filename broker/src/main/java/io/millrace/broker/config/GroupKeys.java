package io.millrace.broker.config;

import io.millrace.client.ErrorCode;
import io.millrace.client.LogException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The configuration keys of a single group, of the newer consumer protocol (KIP-848), and their bounds. Pure. */
final class GroupKeys {

    /**
     * One key.
     *
     * @param name Kafka's
     * @param nodeKey whose value counts where the group has none
     * @param minKey the node's key for the least value
     * @param maxKey the node's key for the largest value
     * @param meaning one sentence
     */
    record Key(String name, String nodeKey, String minKey, String maxKey, String meaning) {}

    static final List<Key> ALL = List.of(
            key("assignment.interval.ms", "The least time from one assignment of the group to the next."),
            key("heartbeat.interval.ms", "How often members are told to send a sign of life."),
            key("session.timeout.ms", "A member that is not heard of for so long is gone."));

    private GroupKeys() {}

    private static Key key(String name, String meaning) {
        return new Key(
                "consumer." + name,
                "group.consumer." + name,
                "group.consumer.min." + name,
                "group.consumer.max." + name,
                meaning);
    }

    static Optional<Key> named(String name) {
        return ALL.stream().filter(key -> key.name().equals(name)).findFirst();
    }

    /** @throws LogException INVALID_CONFIG if a group cannot have these values */
    static void check(Map<String, String> values, ConfigCatalog node) {
        values.forEach((name, value) -> {
            Key key = named(name)
                    .orElseThrow(() -> invalid("unknown group configuration '" + name + "'; there are "
                            + String.join(", ", ALL.stream().map(Key::name).toList())));
            if (!ValueType.INT.accepts(value.strip())) {
                throw invalid(name + " must be a number of milliseconds, not '" + value + "'");
            }
            int given = Integer.parseInt(value.strip());
            int min = node.nodeValue(key.minKey()).map(Integer::parseInt).orElse(0);
            int max = node.nodeValue(key.maxKey()).map(Integer::parseInt).orElse(Integer.MAX_VALUE);
            if (given < min || given > max) {
                throw invalid(name + " must be " + min + " (" + key.minKey() + ") to " + max + " (" + key.maxKey()
                        + "), not " + given);
            }
        });
        int session = value("consumer.session.timeout.ms", values, node);
        int heartbeat = value("consumer.heartbeat.interval.ms", values, node);
        if (session <= heartbeat) {
            throw invalid("consumer.session.timeout.ms=" + session
                    + " must be more than consumer.heartbeat.interval.ms=" + heartbeat);
        }
    }

    private static int value(String name, Map<String, String> values, ConfigCatalog node) {
        String own = values.get(name);
        return Integer.parseInt(own == null ? node.nodeValue("group." + name).orElse("0") : own.strip());
    }

    private static LogException invalid(String message) {
        return new LogException(ErrorCode.INVALID_CONFIG, message);
    }
}
