package io.millrace.node;

import io.millrace.client.ErrorCode;
import io.millrace.client.LogException;
import io.millrace.log.LogConfig;
import io.millrace.log.TopicSynonyms;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a topic has that does not say otherwise, and the checks of what it says. What clients have set for this node goes before
 * what all nodes share, and that before the configuration that the node was started with. Immutable.
 */
final class TopicDefaults {

    private final NodeConfig config;
    private final Map<String, String> values;

    private TopicDefaults(NodeConfig config, Map<String, String> values) {
        this.config = config;
        this.values = Map.copyOf(values);
    }

    static TopicDefaults of(NodeConfig config, SettingsImage settings) {
        Map<String, String> values = new HashMap<>(config.topicDefaults());
        values.putAll(TopicSynonyms.topicDefaults(settings.of(SettingsScope.ALL_NODES)));
        values.putAll(TopicSynonyms.topicDefaults(settings.of(SettingsScope.node(config.nodeId()))));
        return new TopicDefaults(config, values);
    }

    /**
     * The defaults with these settings.
     *
     * @throws LogException INVALID_CONFIG if they do not fit together
     */
    TopicDefaults with(SettingsImage settings) {
        try {
            TopicDefaults next = of(config, settings);
            requireHarmony(next.configOf(Map.of()));
            return next;
        } catch (IllegalArgumentException e) {
            throw new LogException(ErrorCode.INVALID_CONFIG, String.valueOf(e.getMessage()));
        }
    }

    /** The configuration of a topic with these overrides. */
    LogConfig configOf(Map<String, String> overrides) {
        Map<String, String> all = new HashMap<>(values);
        all.putAll(overrides);
        return LogConfig.of(all);
    }

    /** @throws LogException INVALID_CONFIG if a topic cannot have these overrides */
    void check(Map<String, String> overrides) {
        List<String> problems = LogConfig.problems(overrides);
        if (!problems.isEmpty()) {
            throw new LogException(ErrorCode.INVALID_CONFIG, String.join("; ", problems));
        }
        requireHarmony(configOf(overrides));
    }

    /**
     * A key that goes back to its default needs no value, but must exist.
     *
     * @throws LogException INVALID_CONFIG
     */
    static void requireKnown(String key) {
        if (LogConfig.key(key).isEmpty()) {
            throw new LogException(
                    ErrorCode.INVALID_CONFIG,
                    LogConfig.problems(Map.of(key, "")).get(0));
        }
    }

    private static void requireHarmony(LogConfig logConfig) {
        logConfig.conflicts().forEach(conflict -> {
            throw new LogException(ErrorCode.INVALID_CONFIG, conflict);
        });
    }

    boolean isSameAs(TopicDefaults other) {
        return values.equals(other.values);
    }
}
