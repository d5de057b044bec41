package io.millrace.log;

import java.util.List;

/** The schema of everything a topic can be configured with, in order of name. Pure. */
final class TopicKeys {

    private static final long DAY_MS = 86_400_000L;

    static final List<ConfigKey> ALL = List.of(
            new ConfigKey(
                    "cleanup.policy",
                    "list",
                    "",
                    "delete",
                    "delete, compact, both, or empty",
                    "What happens to old records: deleted by age and size, reduced to the last per key, both, or kept.",
                    value -> LogConfig.parsePolicies(value) != null),
            new ConfigKey(
                    "compression.gzip.level",
                    "int",
                    "",
                    "-1",
                    "-1, or 1 to 9",
                    "Level for compression.type=gzip; -1 is zlib's own.",
                    value -> Integer.parseInt(value) == -1
                            || Integer.parseInt(value) >= 1 && Integer.parseInt(value) <= 9),
            ConfigKey.intKey("compression.lz4.level", 9, 1, 17, "Level for compression.type=lz4."),
            ConfigKey.choice(
                    "compression.type",
                    "producer",
                    "Codec to store batches with; producer keeps each batch as it came, uncompressed is none.",
                    "producer",
                    "uncompressed",
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
            throttled("follower.replication.throttled.replicas"),
            ConfigKey.intKey(
                    "index.interval.bytes",
                    "bytes",
                    4096,
                    0,
                    "An index entry is written after this many bytes of batches."),
            ConfigKey.intKey(
                    "internal.segment.bytes",
                    "bytes",
                    0,
                    0,
                    "For tests: a segment size below the least of segment.bytes; 0 uses segment.bytes."),
            throttled("leader.replication.throttled.replicas"),
            ConfigKey.longKey(
                    "local.retention.bytes",
                    "bytes",
                    -2,
                    -2,
                    "Of tiered storage, which there is none of: accepted, and without an effect."),
            ConfigKey.longKey(
                    "local.retention.ms",
                    "ms",
                    -2,
                    -2,
                    "Of tiered storage, which there is none of: accepted, and without an effect."),
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
            ConfigKey.choice(
                    "remote.log.copy.disable",
                    "false",
                    "Of tiered storage, which there is none of: accepted, and without an effect.",
                    "true",
                    "false"),
            ConfigKey.choice(
                    "remote.log.delete.on.disable",
                    "false",
                    "Of tiered storage, which there is none of: accepted, and without an effect.",
                    "true",
                    "false"),
            ConfigKey.choice("remote.storage.enable", "false", "There is no tiered storage; true is refused.", "false"),
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

    private TopicKeys() {}

    /** Kafka's list of replicas whose copying is throttled; here nothing is copied. */
    private static ConfigKey throttled(String name) {
        return new ConfigKey(
                name,
                "list",
                "",
                "",
                "partition:node pairs with commas between, *, or empty",
                "Of replication, which there is none of: accepted, and without an effect.",
                value -> value.equals("*") || value.matches("(\\d+:\\d+(,\\s*\\d+:\\d+)*)?"));
    }
}
