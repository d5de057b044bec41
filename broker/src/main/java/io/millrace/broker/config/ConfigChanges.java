package io.millrace.broker.config;

import io.millrace.broker.config.NodeKey.Treatment;
import io.millrace.broker.config.NodeKey.Update;
import io.millrace.client.ErrorCode;
import io.millrace.client.LogException;
import io.millrace.log.LogConfig;
import io.millrace.node.SettingsChange;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Changes of configurations that clients ask for, with Kafka's checks. What comes out is run by the log agent, between all
 * other changes. Pure.
 */
public final class ConfigChanges {

    private static final Map<String, String> CLIENT_METRICS_LISTS = Map.of("metrics", "", "match", "");
    private static final int PUSH_INTERVAL_MS_MIN = 100;
    private static final int PUSH_INTERVAL_MS_MAX = 3_600_000;

    private ConfigChanges() {}

    /** Of a topic, which checks the values itself. */
    public static SettingsChange ofTopic(List<ConfigEdit> edits) {
        return before -> ConfigEdit.apply(edits, before, ConfigChanges::topicList);
    }

    /** Of a topic, to these values and no others. */
    public static SettingsChange toTopic(Map<String, String> values) {
        return before -> values;
    }

    private static Optional<String> topicList(String key) {
        return LogConfig.key(key).filter(known -> known.type().equals("list")).map(known -> known.defaultValue());
    }

    /** Of a group. */
    public static SettingsChange ofGroup(List<ConfigEdit> edits, ConfigCatalog node) {
        return toGroup(before -> ConfigEdit.apply(edits, before, key -> Optional.empty()), node);
    }

    /** Of a group, to these values and no others. */
    public static SettingsChange toGroup(Map<String, String> values, ConfigCatalog node) {
        return toGroup(before -> values, node);
    }

    private static SettingsChange toGroup(UnaryOperator<Map<String, String>> change, ConfigCatalog node) {
        return before -> {
            Map<String, String> after = change.apply(before);
            GroupKeys.check(after, node);
            return after;
        };
    }

    /** @param ofOne whether it is of one node, not of all */
    public static SettingsChange ofNode(List<ConfigEdit> edits, boolean ofOne) {
        return before -> {
            edits.forEach(edit -> requireDynamic(edit.name(), ofOne));
            Map<String, String> after = ConfigEdit.apply(edits, before, ConfigChanges::nodeList);
            return checkedNode(after, ofOne);
        };
    }

    /** To these values and no others. */
    public static SettingsChange toNode(Map<String, String> values, boolean ofOne) {
        return before -> checkedNode(values, ofOne);
    }

    private static Optional<String> nodeList(String key) {
        return NodeKeys.named(key)
                .filter(known -> known.type() == ValueType.LIST)
                .map(known -> known.defaultValue() == null ? "" : known.defaultValue());
    }

    private static Map<String, String> checkedNode(Map<String, String> after, boolean ofOne) {
        new TreeMap<>(after).forEach((name, value) -> requireDynamic(name, ofOne)
                .problem(value)
                .ifPresent(problem -> {
                    throw refused(problem);
                }));
        return after;
    }

    private static NodeKey requireDynamic(String name, boolean ofOne) {
        NodeKey key = NodeKeys.named(name).orElseThrow(() -> refused(NodeKeys.unknown(name)));
        if (!key.isDynamic()) {
            throw refused("Cannot update these configs dynamically: [" + name
                    + "]; set it where the node is configured, and start it again");
        }
        if (key.treatment() == Treatment.REFUSED) {
            throw refused(name + ": " + key.text());
        }
        if (!ofOne && key.update() == Update.PER_NODE) {
            throw refused("Cannot update these configs at default cluster level, broker id must be specified: [" + name
                    + "]");
        }
        return key;
    }

    /** Of what clients are asked to tell of themselves: kept for the day on which somebody collects it. */
    public static SettingsChange ofClientMetrics(List<ConfigEdit> edits) {
        return before -> checkedClientMetrics(
                ConfigEdit.apply(edits, before, key -> Optional.ofNullable(CLIENT_METRICS_LISTS.get(key))));
    }

    /** The same, to these values and no others. */
    public static SettingsChange toClientMetrics(Map<String, String> values) {
        return before -> checkedClientMetrics(values);
    }

    private static Map<String, String> checkedClientMetrics(Map<String, String> after) {
        after.forEach((name, value) -> {
            if (name.equals("interval.ms")) {
                int interval = ValueType.INT.accepts(value) ? Integer.parseInt(value) : -1;
                if (interval < PUSH_INTERVAL_MS_MIN || interval > PUSH_INTERVAL_MS_MAX) {
                    throw new LogException(
                            ErrorCode.INVALID_CONFIG,
                            "interval.ms must be " + PUSH_INTERVAL_MS_MIN + " to " + PUSH_INTERVAL_MS_MAX + ", not '"
                                    + value + "'");
                }
            } else if (!CLIENT_METRICS_LISTS.containsKey(name)) {
                throw new LogException(
                        ErrorCode.INVALID_CONFIG,
                        "unknown client metrics configuration '" + name + "'; there are interval.ms, match, metrics");
            }
        });
        return after;
    }

    /** Kafka's code for a node's values is not the one for those of topics (KAFKA-13609). */
    private static LogException refused(String message) {
        return new LogException(ErrorCode.INVALID_REQUEST, message);
    }
}
