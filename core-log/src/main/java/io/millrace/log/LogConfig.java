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

    private static final long DAY_MS = 86_400_000L;
    private static final String INTERNAL_SEGMENT_BYTES = "internal.segment.bytes";

    /** Every key there is, by name. */
    public static final List<ConfigKey> KEYS = List.of(
            new ConfigKey(
                    "cleanup.policy",
                    "list",
                    "",
                    "delete",
                    "delete, compact, both, or empty",
                    "What happens to old records: deleted by age and size, reduced to the last per key, both, or kept.",
                    value -> parsePolicies(value) != null),
            ConfigKey.intKey("compression.gzip.level", -1, -1, 9, "Level for compression.type=gzip; -1 is zlib's own."),
            ConfigKey.intKey("compression.lz4.level", 9, 1, 17, "Level for compression.type=lz4."),
            ConfigKey.choice(
                    "compression.type",
                    "producer",
                    "Codec to store batches with; producer keeps each batch as it came, uncompressed is none.",
                    "producer",
                    "uncompressed",
                    "none",
                    "gzip",
                    "snappy",
                    "lz4",
                    "zstd"),
            ConfigKey.intKey("compression.zstd.level", 3, -131_072, 22, "Level for compression.type=zstd."),
            ConfigKey.longKey(
                    "delete.retention.ms",
                    "ms",
                    DAY_MS,
                    0,
                    "How long a compacted topic keeps tombstones and transaction markers after their first compaction."),
            ConfigKey.choice(
                    "durability",
                    "disk",
                    "When an append is acknowledged: after its sync to disk, or once the operating system has it.",
                    "disk",
                    "os"),
            ConfigKey.longKey(
                    "file.delete.delay.ms", "ms", 60_000, 0, "How long a deleted segment stays on disk for readers."),
            ConfigKey.longKey(
                    "flush.messages",
                    "records",
                    Long.MAX_VALUE,
                    1,
                    "With durability=os: sync after this many records nevertheless."),
            ConfigKey.longKey(
                    "flush.ms", "ms", Long.MAX_VALUE, 0, "With durability=os: sync after this time nevertheless."),
            ConfigKey.intKey(
                    "index.interval.bytes",
                    "bytes",
                    4096,
                    0,
                    "An index entry is written after this many bytes of batches."),
            ConfigKey.intKey(
                    INTERNAL_SEGMENT_BYTES,
                    "bytes",
                    0,
                    0,
                    "For tests: a segment size below the least of segment.bytes; 0 uses segment.bytes."),
            ConfigKey.longKey(
                    "max.compaction.lag.ms",
                    "ms",
                    Long.MAX_VALUE,
                    1,
                    "A record is compacted at the latest this long after its timestamp."),
            ConfigKey.intKey("max.message.bytes", "bytes", 1_048_588, 0, "The largest batch that is accepted."),
            ConfigKey.longKey(
                    "message.timestamp.after.max.ms",
                    "ms",
                    3_600_000,
                    0,
                    "How far a record's timestamp may lie after the node's clock."),
            ConfigKey.longKey(
                    "message.timestamp.before.max.ms",
                    "ms",
                    Long.MAX_VALUE,
                    0,
                    "How far a record's timestamp may lie before the node's clock."),
            ConfigKey.choice(
                    "message.timestamp.type",
                    "CreateTime",
                    "Whether records keep the producer's timestamps or get the time of the append.",
                    "CreateTime",
                    "LogAppendTime"),
            new ConfigKey(
                    "min.cleanable.dirty.ratio",
                    "double",
                    "",
                    "0.5",
                    "0 to 1",
                    "Compaction starts when this part of the log was not compacted yet.",
                    value -> Double.parseDouble(value) >= 0 && Double.parseDouble(value) <= 1),
            ConfigKey.longKey("min.compaction.lag.ms", "ms", 0, 0, "A record is not compacted before it is this old."),
            ConfigKey.intKey(
                    "min.insync.replicas",
                    "",
                    1,
                    1,
                    "How many replicas must have an append before it is acknowledged."),
            ConfigKey.choice("preallocate", "false", "Segments are never preallocated; true is refused.", "false"),
            ConfigKey.longKey(
                    "retention.bytes",
                    "bytes",
                    -1,
                    Long.MIN_VALUE,
                    "Old segments go above this partition size; -1 is no limit."),
            ConfigKey.longKey(
                    "retention.ms", "ms", 7 * DAY_MS, -1, "Segments whose newest record is older go; -1 is no limit."),
            ConfigKey.intKey("segment.bytes", "bytes", 1 << 30, 1 << 20, "A segment file does not grow beyond this."),
            ConfigKey.intKey(
                    "segment.index.bytes",
                    "bytes",
                    10 << 20,
                    4,
                    "A segment ends when one of its indexes has this size."),
            ConfigKey.longKey(
                    "segment.jitter.ms",
                    "ms",
                    0,
                    0,
                    "Up to this much is taken off segment.ms, so that segments do not all end at once."),
            ConfigKey.longKey(
                    "segment.ms",
                    "ms",
                    7 * DAY_MS,
                    1,
                    "A segment ends when a batch is this much newer than its first one."),
            ConfigKey.choice(
                    "tombstones.held",
                    "false",
                    "Whether compaction removes a tombstone only once a reader of this process has let it go.",
                    "true",
                    "false"),
            ConfigKey.choice(
                    "unclean.leader.election.enable",
                    "false",
                    "Whether a replica that may lack acknowledged records may lead when no other is left.",
                    "true",
                    "false"));

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

    public boolean compacts() {
        return cleanupPolicies.contains(CleanupPolicy.COMPACT);
    }

    public boolean deletes() {
        return cleanupPolicies.contains(CleanupPolicy.DELETE);
    }

    private static ConfigKey keyNamed(String name) {
        for (ConfigKey key : KEYS) {
            if (key.name().equals(name)) {
                return key;
            }
        }
        String nearest = NearestName.of(name, KEYS.stream().map(ConfigKey::name).toList());
        throw new IllegalArgumentException(
                "unknown topic configuration '" + name + "'; did you mean '" + nearest + "'?");
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
        for (String part : value.split(",", -1)) {
            switch (part.strip()) {
                case "" -> {
                    if (!value.isBlank()) {
                        return null;
                    }
                }
                case "delete" -> policies.add(CleanupPolicy.DELETE);
                case "compact" -> policies.add(CleanupPolicy.COMPACT);
                default -> {
                    return null;
                }
            }
        }
        return policies;
    }
}
