package io.millrace.broker.config;

import io.millrace.broker.BrokerConfig;
import io.millrace.broker.config.DescribedConfig.Synonym;
import io.millrace.broker.config.NodeKey.Treatment;
import io.millrace.client.TopicDescription;
import io.millrace.log.ConfigKey;
import io.millrace.log.LogConfig;
import io.millrace.log.TopicSynonyms;
import io.millrace.node.NodeConfig;
import io.millrace.node.SettingsImage;
import io.millrace.node.SettingsScope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Every value of a topic, a node or a group, and where it is from. What was set for this node goes before what was set for all,
 * that before what the node was started with, and that before the default. Pure.
 */
public final class ConfigCatalog {

    /** For tests of the log alone; Kafka keeps it to itself too. */
    private static final String INTERNAL = "internal.";

    private record Layer(ConfigSource source, Map<String, String> values) {}

    private final NodeConfig node;
    private final SettingsImage settings;
    private final List<Layer> layers;

    /** @param more what the node was started with beside its configurations, such as its directory, under Kafka's names */
    public ConfigCatalog(NodeConfig node, BrokerConfig broker, SettingsImage settings, Map<String, String> more) {
        this.node = node;
        this.settings = settings;
        Map<String, String> started = new HashMap<>(more);
        started.putAll(StaticValues.of(node, broker));
        this.layers = List.of(
                new Layer(ConfigSource.NODE, settings.of(SettingsScope.node(node.nodeId()))),
                new Layer(ConfigSource.ALL_NODES, settings.of(SettingsScope.ALL_NODES)),
                new Layer(ConfigSource.STATIC, started));
    }

    /** Every key of a topic. */
    public List<DescribedConfig> topic(TopicDescription topic) {
        return topic(topic.configs());
    }

    /** Every key of a topic with these overrides. */
    public List<DescribedConfig> topic(Map<String, String> overrides) {
        Map<String, String> values = new HashMap<>(node.topicDefaults());
        values.putAll(TopicSynonyms.topicDefaults(settings.of(SettingsScope.ALL_NODES)));
        values.putAll(TopicSynonyms.topicDefaults(settings.of(SettingsScope.node(node.nodeId()))));
        values.putAll(overrides);
        return LogConfig.KEYS.stream()
                .filter(key -> !key.name().startsWith(INTERNAL))
                .map(key -> topicKey(key, overrides.get(key.name()), values))
                .toList();
    }

    private DescribedConfig topicKey(ConfigKey key, @Nullable String override, Map<String, String> values) {
        List<Synonym> synonyms = new ArrayList<>();
        if (override != null) {
            synonyms.add(new Synonym(key.name(), override, ConfigSource.TOPIC));
        }
        List<String> names = TopicSynonyms.of(key.name()).stream()
                .map(TopicSynonyms.Synonym::nodeKey)
                .toList();
        List<Synonym> ofNode = synonyms(names);
        boolean isSet = ofNode.stream().anyMatch(one -> one.source() != ConfigSource.DEFAULT);
        synonyms.addAll(isSet || names.isEmpty() ? ofNode : from(names.get(0), ofNode));
        String value = values.getOrDefault(key.name(), key.defaultValue());
        ValueType type = ValueType.named(key.type());
        return new DescribedConfig(key.name(), value, type, false, false, synonyms, key.meaning());
    }

    /** Every key of this node that counts, and those that were given although they do not. */
    public List<DescribedConfig> node() {
        return NodeKeys.all().stream()
                .filter(key -> key.treatment() == Treatment.HONOURED
                        || layers.stream().anyMatch(layer -> layer.values().containsKey(key.name())))
                .map(key -> nodeKey(key, from(key.name(), synonyms(namesFor(key.name())))))
                .toList();
    }

    /** The keys that were set for all nodes while they ran. */
    public List<DescribedConfig> allNodes() {
        return settings.of(SettingsScope.ALL_NODES).keySet().stream()
                .sorted()
                .flatMap(name -> NodeKeys.named(name).stream())
                .map(key -> nodeKey(
                        key,
                        synonyms(List.of(key.name())).stream()
                                .filter(synonym -> synonym.source() == ConfigSource.ALL_NODES)
                                .toList()))
                .toList();
    }

    /** Every key of a group. */
    public List<DescribedConfig> group(String group) {
        Map<String, String> set = settings.of(SettingsScope.group(group));
        return GroupKeys.ALL.stream()
                .map(key -> {
                    List<Synonym> synonyms = new ArrayList<>();
                    String override = set.get(key.name());
                    if (override != null) {
                        synonyms.add(new Synonym(key.name(), override, ConfigSource.GROUP));
                    }
                    synonyms.addAll(synonyms(List.of(key.nodeKey())));
                    String value = synonyms.get(0).value();
                    return new DescribedConfig(key.name(), value, ValueType.INT, false, false, synonyms, key.meaning());
                })
                .toList();
    }

    /** What counts for a key of this node; empty if nothing does. */
    Optional<String> nodeValue(String name) {
        return synonyms(List.of(name)).stream().findFirst().map(Synonym::value);
    }

    private static DescribedConfig nodeKey(NodeKey key, List<Synonym> synonyms) {
        String value = synonyms.stream()
                .filter(synonym -> synonym.name().equals(key.name()))
                .findFirst()
                .map(Synonym::value)
                .orElse(null);
        return new DescribedConfig(
                key.name(), value, key.type(), key.isSensitive(), !key.isDynamic(), synonyms, key.text());
    }

    /** As Kafka tells them: what stands under other names counts for a key only from its own name on. */
    private static List<Synonym> from(String name, List<Synonym> synonyms) {
        return synonyms.stream().dropWhile(one -> !one.name().equals(name)).toList();
    }

    /** The names of the same thing in other units. */
    private static List<String> namesFor(String name) {
        return TopicSynonyms.topicKeyOf(name)
                .map(topicKey -> TopicSynonyms.of(topicKey).stream()
                        .map(TopicSynonyms.Synonym::nodeKey)
                        .toList())
                .orElse(List.of(name));
    }

    private List<Synonym> synonyms(List<String> names) {
        List<Synonym> found = new ArrayList<>();
        for (Layer layer : layers) {
            for (String name : names) {
                String value = layer.values().get(name);
                if (value != null) {
                    found.add(new Synonym(name, shown(name, value), layer.source()));
                }
            }
        }
        for (String name : names) {
            NodeKeys.named(name)
                    .map(NodeKey::defaultValue)
                    .ifPresent(value -> found.add(new Synonym(name, value, ConfigSource.DEFAULT)));
        }
        return found;
    }

    private static @Nullable String shown(String name, String value) {
        return NodeKeys.named(name).map(NodeKey::isSensitive).orElse(true) ? null : value;
    }
}
