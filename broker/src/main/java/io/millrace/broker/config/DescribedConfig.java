package io.millrace.broker.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One key of a topic, a node or a group, as it is at the moment.
 *
 * @param name of the key
 * @param value that counts; null for none, or for one that is never shown
 * @param type of the value
 * @param isSensitive whether the value is never shown
 * @param isReadOnly whether no client may change it
 * @param synonyms every place that has a value, the one that counts first
 * @param text what the key means
 */
public record DescribedConfig(
        String name,
        @Nullable String value,
        ValueType type,
        boolean isSensitive,
        boolean isReadOnly,
        List<Synonym> synonyms,
        String text) {

    /**
     * One place that has a value.
     *
     * @param name of the key there
     * @param value there; null for one that is never shown
     * @param source which place
     */
    public record Synonym(String name, @Nullable String value, ConfigSource source) {}

    public DescribedConfig {
        synonyms = List.copyOf(synonyms);
    }

    /** Where the value that counts is from. */
    public ConfigSource source() {
        return synonyms.isEmpty() ? ConfigSource.DEFAULT : synonyms.get(0).source();
    }
}
