package io.millrace.log;

import io.millrace.log.LogConfig.CleanupPolicy;
import io.millrace.log.LogConfig.Durability;
import io.millrace.record.Compression;
import io.millrace.record.TimestampType;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Checked values of all keys, as text; turns them into a {@link LogConfig}. */
record ConfigValues(Map<String, String> values) {

    LogConfig toConfig() {
        Optional<Compression> compression = compression(text("compression.type"));
        int internalSegmentBytes = integer("internal.segment.bytes");
        return new LogConfig(
                policies(text("cleanup.policy")),
                compression,
                compression.map(this::level).orElse(0),
                number("delete.retention.ms"),
                text("durability").equals("os") ? Durability.OS : Durability.DISK,
                number("file.delete.delay.ms"),
                number("flush.messages"),
                number("flush.ms"),
                integer("index.interval.bytes"),
                number("max.compaction.lag.ms"),
                integer("max.message.bytes"),
                number("message.timestamp.after.max.ms"),
                number("message.timestamp.before.max.ms"),
                text("message.timestamp.type").equals("LogAppendTime")
                        ? TimestampType.LOG_APPEND_TIME
                        : TimestampType.CREATE_TIME,
                Double.parseDouble(text("min.cleanable.dirty.ratio")),
                number("min.compaction.lag.ms"),
                integer("min.insync.replicas"),
                number("retention.bytes"),
                number("retention.ms"),
                internalSegmentBytes > 0 ? internalSegmentBytes : integer("segment.bytes"),
                integer("segment.index.bytes"),
                number("segment.jitter.ms"),
                number("segment.ms"),
                Boolean.parseBoolean(text("tombstones.held")),
                Boolean.parseBoolean(text("unclean.leader.election.enable")));
    }

    private static Set<CleanupPolicy> policies(String value) {
        return Objects.requireNonNull(LogConfig.parsePolicies(value), value);
    }

    private static Optional<Compression> compression(String value) {
        return switch (value) {
            case "producer" -> Optional.empty();
            case "uncompressed" -> Optional.of(Compression.NONE);
            default -> Optional.of(Compression.named(value));
        };
    }

    private int level(Compression compression) {
        return switch (compression) {
            case NONE, SNAPPY -> compression.levelDefault();
            case GZIP -> integer("compression.gzip.level");
            case LZ4 -> integer("compression.lz4.level");
            case ZSTD -> integer("compression.zstd.level");
        };
    }

    private String text(String key) {
        return Objects.requireNonNull(values.get(key), key);
    }

    private long number(String key) {
        return Long.parseLong(text(key));
    }

    private int integer(String key) {
        return Integer.parseInt(text(key));
    }
}
