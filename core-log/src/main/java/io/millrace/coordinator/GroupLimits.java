package io.millrace.coordinator;

/**
 * Bounds of groups, under Kafka's names and with its defaults.
 *
 * @param offsetsRetentionMs {@code offsets.retention.minutes}: positions of a group that no job has claimed are
 *     forgotten after it, ms; 7 days
 * @param metadataBytesMax {@code offset.metadata.max.bytes}: the longest note beside a committed position; 4096
 */
public record GroupLimits(long offsetsRetentionMs, int metadataBytesMax) {

    public static final GroupLimits DEFAULT = new GroupLimits(7L * 24 * 60 * 60 * 1000, 4096);

    public GroupLimits {
        if (offsetsRetentionMs < 1 || metadataBytesMax < 0) {
            throw new IllegalArgumentException(
                    "offsets.retention must be 1 ms or more, offset.metadata.max.bytes 0 or more," + " were "
                            + offsetsRetentionMs + " and " + metadataBytesMax);
        }
    }
}
