package io.millrace.broker.config;

import io.millrace.log.LogConfig;
import io.millrace.log.TopicSynonyms;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One configuration key of a node.
 *
 * @param name Kafka's, or one of ours where Kafka has none
 * @param treatment what this node does about it
 * @param type of its value
 * @param defaultValue as a user would write it; null for none
 * @param range {@code from..}, {@code from..to}, or choices with {@code |} between; empty for any value of the type
 * @param update when a change counts
 * @param text what it means; for one that is not honoured, why, and what to do
 */
public record NodeKey(
        String name,
        Treatment treatment,
        ValueType type,
        @Nullable String defaultValue,
        String range,
        Update update,
        String text) {

    /** What this node does about a key. */
    public enum Treatment {
        /** Its value counts. */
        HONOURED,
        /** It does no harm that its value does not count: a warning. */
        IGNORED,
        /** It would promise what the node does not do: the node does not start with another value than the default. */
        REFUSED
    }

    /** When a change of a key counts. */
    public enum Update {
        /** At the next start. */
        READ_ONLY,
        /** At once, for one node. */
        PER_NODE,
        /** At once, for one node or as the default of all. */
        CLUSTER_WIDE
    }

    /** Whether its values are never shown. */
    public boolean isSensitive() {
        return type == ValueType.PASSWORD;
    }

    /** Whether a client may change it while the node runs. */
    public boolean isDynamic() {
        return update != Update.READ_ONLY;
    }

    boolean isDefault(String value) {
        return defaultValue == null ? value.isBlank() : value.strip().equalsIgnoreCase(defaultValue);
    }

    /** What is wrong with a value: one sentence; empty if it is all right. */
    public Optional<String> problem(String value) {
        String text = value.strip();
        if (!type.accepts(text)) {
            return Optional.of(name + " must be of type " + type + ", not '" + value + "'");
        }
        Optional<String> topicKey = TopicSynonyms.topicKeyOf(name);
        if (topicKey.isPresent()) {
            return problemOfDefault(text);
        }
        return isInRange(text)
                ? Optional.empty()
                : Optional.of(name + " must be " + rangeInWords() + ", not '" + value + "'");
    }

    /** What is accepted beside the type; empty if everything of the type is. */
    public String rangeInWords() {
        return range.endsWith("..")
                ? "at least " + range.substring(0, range.length() - 2)
                : range.replace("..", " to ").replace("|", ", ");
    }

    /** The topic key whose default it is says what is accepted. */
    private Optional<String> problemOfDefault(String text) {
        try {
            List<String> problems = LogConfig.problems(TopicSynonyms.topicDefaults(Map.of(name, text)));
            return problems.stream().findFirst().map(problem -> name + ": " + problem);
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private boolean isInRange(String text) {
        if (range.isEmpty()) {
            return true;
        }
        if (!type.isNumber()) {
            return List.of(range.split("\\|")).contains(text);
        }
        String[] bounds = range.split("\\.\\.", -1);
        double number = Double.parseDouble(text);
        return number >= Double.parseDouble(bounds[0])
                && (bounds[1].isEmpty() || number <= Double.parseDouble(bounds[1]));
    }
}
