package io.millrace.broker.config;

import io.millrace.coordinator.ConsumerGroupLimits;
import io.millrace.coordinator.MigrationPolicy;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The keys of groups of the consumer protocol, {@code group.consumer.*}. */
final class ConsumerGroupKeys {

    private static final String PREFIX = "group.consumer.";

    private ConsumerGroupKeys() {}

    /** Why these keys cannot go together; empty if they can. */
    static Optional<String> problem(GivenKeys keys) {
        try {
            limits(keys);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** @throws IllegalArgumentException if they contradict each other */
    static ConsumerGroupLimits limits(GivenKeys keys) {
        return new ConsumerGroupLimits(
                number(keys, "session.timeout.ms"),
                number(keys, "min.session.timeout.ms"),
                number(keys, "max.session.timeout.ms"),
                number(keys, "heartbeat.interval.ms"),
                number(keys, "min.heartbeat.interval.ms"),
                number(keys, "max.heartbeat.interval.ms"),
                number(keys, "max.size"),
                number(keys, "assignment.interval.ms"),
                number(keys, "min.assignment.interval.ms"),
                number(keys, "max.assignment.interval.ms"),
                number(keys, "regex.refresh.interval.ms"),
                keys.list(PREFIX + "assignors"),
                migration(keys.text(PREFIX + "migration.policy")));
    }

    /** The values of the keys, in text. */
    static Map<String, String> values(ConsumerGroupLimits limits) {
        Map<String, Object> values = new HashMap<>();
        values.put("session.timeout.ms", limits.sessionTimeoutMs());
        values.put("min.session.timeout.ms", limits.sessionTimeoutMsMin());
        values.put("max.session.timeout.ms", limits.sessionTimeoutMsMax());
        values.put("heartbeat.interval.ms", limits.heartbeatIntervalMs());
        values.put("min.heartbeat.interval.ms", limits.heartbeatIntervalMsMin());
        values.put("max.heartbeat.interval.ms", limits.heartbeatIntervalMsMax());
        values.put("max.size", limits.membersMax());
        values.put("assignment.interval.ms", limits.assignmentIntervalMs());
        values.put("min.assignment.interval.ms", limits.assignmentIntervalMsMin());
        values.put("max.assignment.interval.ms", limits.assignmentIntervalMsMax());
        values.put("regex.refresh.interval.ms", limits.regexRefreshIntervalMs());
        values.put("assignors", String.join(",", limits.assignors()));
        values.put("migration.policy", limits.migration().name().toLowerCase(Locale.ROOT));
        Map<String, String> named = new TreeMap<>();
        values.forEach((name, value) -> named.put(PREFIX + name, value.toString()));
        return named;
    }

    private static int number(GivenKeys keys, String name) {
        return keys.integer(PREFIX + name);
    }

    private static MigrationPolicy migration(String policy) {
        try {
            return MigrationPolicy.of(policy);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    PREFIX + "migration.policy=" + policy + ": it is bidirectional, upgrade, downgrade or disabled", e);
        }
    }
}
