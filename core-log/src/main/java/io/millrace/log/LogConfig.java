package io.millrace.log;

import io.millrace.record.Compression;
import io.millrace.record.TimestampType;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How one topic's partitions are stored: Kafka's topic keys with Kafka's defaults, and {@code durability} and
 * {@code tombstones.held}, which are ours.
 *
 * <p>Build one with {@link #of}; the schema of all keys is {@link #KEYS}. Immutable.
 *
 * @param cleanupPolicies what happens to old records; empty keeps them for ever
 * @param compression the codec to store with; empty keeps the producer's
 * @param compressionLevel the level for {@code compression}
 * @param tombstonesHeld whether tombstones stay, whatever their age, until somebody has said that he has them: for a topic
 *     from whose middle a local store goes on, also when its job does not run
 */
public record LogConfig(
        Set<CleanupPolicy> cleanupPolicies,
        Optional<Compression> compression,
        int compressionLevel,
        long deleteRetentionMs,
        Durability durability,
        long fileDeleteDelayMs,
        long flushMessages,
        long flushMs,
        int indexIntervalBytes,
        long maxCompactionLagMs,
        int maxMessageBytes,
        long messageTimestampAfterMaxMs,
        long messageTimestampBeforeMaxMs,
        TimestampType messageTimestampType,
        double minCleanableDirtyRatio,
        long minCompactionLagMs,
        int minInsyncReplicas,
        long retentionBytes,
        long retentionMs,
        int segmentBytes,
        int segmentIndexBytes,
        long segmentJitterMs,
        long segmentMs,
        boolean tombstonesHeld,
        boolean uncleanLeaderElection) {

    /** What happens to old records. */
    public enum CleanupPolicy {
        /** Old segments go when they exceed {@code retention.ms} or {@code retention.bytes}. */
        DELETE,
        /** Of each key, the last record stays. */
        COMPACT
    }

    /** When an append counts as done. */
    public enum Durability {
        /** When it is synced to the disk. */
        DISK,
        /** When the operating system has it: a power cut may lose it, a crash of the process does not. */
        OS
    }

    /** Every key there is, by name. */
    public static final List<ConfigKey> KEYS = TopicKeys.ALL;

    /** All defaults. */
    public static final LogConfig DEFAULTS = of(Map.of());

    public LogConfig {
        cleanupPolicies = Set.copyOf(cleanupPolicies);
    }

    /**
     * The configuration with these overrides.
     *
     * @throws IllegalArgumentException for an unknown key, naming the nearest known one, or a value out of range
     */
    public static LogConfig of(Map<String, String> overrides) {
        Map<String, String> values = new LinkedHashMap<>();
        KEYS.forEach(key -> values.put(key.name(), key.defaultValue()));
        overrides.forEach((name, value) -> {
            values.put(keyNamed(name).name(), checked(keyNamed(name), value.strip()));
        });
        return new ConfigValues(values).toConfig();
    }

    /** Checks overrides without building anything: one sentence per problem, none if all is well. */
    public static List<String> problems(Map<String, String> overrides) {
        List<String> problems = new ArrayList<>();
        overrides.forEach((name, value) -> {
            try {
                checked(keyNamed(name), value.strip());
            } catch (IllegalArgumentException e) {
                problems.add(String.valueOf(e.getMessage()));
            }
        });
        return problems;
    }

    /** What does not fit together, one sentence each; of values that are all right alone. */
    public List<String> conflicts() {
        return minCompactionLagMs > maxCompactionLagMs
                ? List.of("min.compaction.lag.ms=" + minCompactionLagMs
                        + " must not be more than max.compaction.lag.ms=" + maxCompactionLagMs)
                : List.of();
    }

    /** The key of this name, if there is one. */
    public static Optional<ConfigKey> key(String name) {
        return KEYS.stream().filter(key -> key.name().equals(name)).findFirst();
    }

    public boolean compacts() {
        return cleanupPolicies.contains(CleanupPolicy.COMPACT);
    }

    public boolean deletes() {
        return cleanupPolicies.contains(CleanupPolicy.DELETE);
    }

    private static ConfigKey keyNamed(String name) {
        return key(name).orElseThrow(() -> {
            String hint =
                    NearestName.hint(name, KEYS.stream().map(ConfigKey::name).toList());
            return new IllegalArgumentException("unknown topic configuration '" + NearestName.shown(name) + "'" + hint);
        });
    }

    private static String checked(ConfigKey key, String value) {
        boolean fits;
        try {
            fits = key.check().test(value);
        } catch (NumberFormatException e) {
            fits = false;
        }
        if (!fits) {
            throw new IllegalArgumentException(key.name() + " must be " + key.range() + " (" + key.type()
                    + (key.unit().isEmpty() ? "" : ", " + key.unit()) + "), not '" + value + "'");
        }
        return value;
    }

    /** The policies a value names; null if it names something else. */
    static @Nullable Set<CleanupPolicy> parsePolicies(String value) {
        Set<CleanupPolicy> policies = EnumSet.noneOf(CleanupPolicy.class);
        if (value.isBlank()) {
            return policies;
        }
        for (String part : value.split(",", -1)) {
            boolean isNew =
                    switch (part.strip()) {
                        case "delete" -> policies.add(CleanupPolicy.DELETE);
                        case "compact" -> policies.add(CleanupPolicy.COMPACT);
                        default -> false;
                    };
            if (!isNew) {
                return null;
            }
        }
        return policies;
    }
}
