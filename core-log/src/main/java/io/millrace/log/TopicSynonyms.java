package io.millrace.log;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The keys of a node from which its topics take their defaults, as Kafka calls them: {@code log.retention.hours} for
 * {@code retention.ms}, and so on. Of several names for one thing the finest unit wins. Pure.
 */
public final class TopicSynonyms {

    private static final long MINUTE_MS = 60_000;
    private static final long HOUR_MS = 3_600_000;

    /**
     * A node's name for the default of a topic key.
     *
     * @param nodeKey its name
     * @param factor what its value is multiplied with to be one of the topic key; 1 takes it as it stands
     */
    public record Synonym(String nodeKey, long factor) {

        String convert(String value) {
            if (factor == 1) {
                return value;
            }
            long number = Long.parseLong(value.strip());
            return number < 0 ? "-1" : Long.toString(Math.multiplyExact(number, factor));
        }
    }

    private static final Map<String, List<Synonym>> BY_TOPIC_KEY = table();
    private static final Map<String, String> BY_NODE_KEY = inverse();

    private TopicSynonyms() {}

    private static Map<String, List<Synonym>> table() {
        Map<String, List<Synonym>> table = new TreeMap<>();
        for (String same : List.of(
                "compression.gzip.level",
                "compression.lz4.level",
                "compression.type",
                "compression.zstd.level",
                "durability",
                "min.insync.replicas",
                "unclean.leader.election.enable")) {
            table.put(same, List.of(new Synonym(same, 1)));
        }
        for (String prefixed : List.of(
                "cleanup.policy",
                "index.interval.bytes",
                "local.retention.bytes",
                "local.retention.ms",
                "message.timestamp.after.max.ms",
                "message.timestamp.before.max.ms",
                "message.timestamp.type",
                "preallocate",
                "retention.bytes",
                "segment.bytes")) {
            table.put(prefixed, List.of(new Synonym("log." + prefixed, 1)));
        }
        for (String cleaner : List.of("delete.retention.ms", "max.compaction.lag.ms", "min.compaction.lag.ms")) {
            table.put(cleaner, List.of(new Synonym("log.cleaner." + cleaner, 1)));
        }
        table.put("file.delete.delay.ms", List.of(new Synonym("log.segment.delete.delay.ms", 1)));
        table.put("flush.messages", List.of(new Synonym("log.flush.interval.messages", 1)));
        table.put(
                "flush.ms",
                List.of(new Synonym("log.flush.interval.ms", 1), new Synonym("log.flush.scheduler.interval.ms", 1)));
        table.put("max.message.bytes", List.of(new Synonym("message.max.bytes", 1)));
        table.put("min.cleanable.dirty.ratio", List.of(new Synonym("log.cleaner.min.cleanable.ratio", 1)));
        table.put(
                "retention.ms",
                List.of(
                        new Synonym("log.retention.ms", 1),
                        new Synonym("log.retention.minutes", MINUTE_MS),
                        new Synonym("log.retention.hours", HOUR_MS)));
        table.put("segment.index.bytes", List.of(new Synonym("log.index.size.max.bytes", 1)));
        table.put(
                "segment.jitter.ms",
                List.of(new Synonym("log.roll.jitter.ms", 1), new Synonym("log.roll.jitter.hours", HOUR_MS)));
        table.put("segment.ms", List.of(new Synonym("log.roll.ms", 1), new Synonym("log.roll.hours", HOUR_MS)));
        return Collections.unmodifiableMap(table);
    }

    private static Map<String, String> inverse() {
        Map<String, String> inverse = new HashMap<>();
        BY_TOPIC_KEY.forEach(
                (topicKey, synonyms) -> synonyms.forEach(synonym -> inverse.put(synonym.nodeKey(), topicKey)));
        return Map.copyOf(inverse);
    }

    /** The names of a topic key's default, the one that wins first; none if a node has no name for it. */
    public static List<Synonym> of(String topicKey) {
        return BY_TOPIC_KEY.getOrDefault(topicKey, List.of());
    }

    /** The topic key whose default a node's key is. */
    public static Optional<String> topicKeyOf(String nodeKey) {
        return Optional.ofNullable(BY_NODE_KEY.get(nodeKey));
    }

    /**
     * The topic keys for which these keys of a node say a default; its other keys are passed over.
     *
     * @throws IllegalArgumentException naming a key whose value is no number although it must be one
     */
    public static Map<String, String> topicDefaults(Map<String, String> nodeKeys) {
        Map<String, String> defaults = new LinkedHashMap<>();
        BY_TOPIC_KEY.forEach((topicKey, synonyms) -> synonyms.stream()
                .filter(synonym -> nodeKeys.containsKey(synonym.nodeKey()))
                .findFirst()
                .ifPresent(synonym -> defaults.put(topicKey, converted(synonym, nodeKeys))));
        return defaults;
    }

    private static String converted(Synonym synonym, Map<String, String> nodeKeys) {
        String value = nodeKeys.getOrDefault(synonym.nodeKey(), "");
        try {
            return synonym.convert(value);
        } catch (NumberFormatException | ArithmeticException e) {
            throw new IllegalArgumentException(synonym.nodeKey() + " must be a number, not '" + value + "'", e);
        }
    }
}
