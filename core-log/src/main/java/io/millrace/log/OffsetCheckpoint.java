package io.millrace.log;

import io.millrace.client.TopicPartition;
import java.util.Map;
import java.util.TreeMap;

/**
 * One offset per partition of a data directory, in a text file at its root, as Kafka writes it:
 *
 * <pre>
 * 0                  version
 * 2                  count
 * flights 0 4711     topic, partition, offset
 * flights 1 815
 * </pre>
 *
 * Belongs to whoever owns the directory's checkpoints; stateless.
 */
public final class OffsetCheckpoint {

    /** Everything below is on the disk. */
    public static final String RECOVERY_POINTS = "recovery-point-offset-checkpoint";

    /** The first offset that may be read. */
    public static final String LOG_STARTS = "log-start-offset-checkpoint";

    /** The high watermark. */
    public static final String HIGH_WATERMARKS = "replication-offset-checkpoint";

    /** Compaction has been through everything below. */
    public static final String CLEANER_OFFSETS = "cleaner-offset-checkpoint";

    private static final String VERSION = "0";

    /** What was found. */
    public sealed interface Found {
        record Offsets(Map<TopicPartition, Long> byPartition) implements Found {}

        /** There is no such file: the directory is new. */
        record Missing() implements Found {}

        /** There is one, and nobody knows what it said. Say so, and work out the offsets from the logs. */
        record Unreadable(String why) implements Found {}
    }

    private OffsetCheckpoint() {}

    /** Replaces the file; durable when this returns. */
    public static void write(LogStorage storage, String name, Map<TopicPartition, Long> offsets) {
        StringBuilder text = new StringBuilder(VERSION + "\n" + offsets.size() + "\n");
        new TreeMap<>(offsets).forEach((partition, offset) -> text.append(partition.topic())
                .append(' ')
                .append(partition.partition())
                .append(' ')
                .append(offset)
                .append('\n'));
        CheckedFile.replace(storage, name, text.toString());
    }

    public static Found read(LogStorage storage, String name) {
        CheckedFile.Found found = CheckedFile.read(storage, name);
        if (found instanceof CheckedFile.Found.Content content) {
            return parse(name, content.text());
        }
        return found instanceof CheckedFile.Found.Unreadable unreadable
                ? new Found.Unreadable(unreadable.why())
                : new Found.Missing();
    }

    private static Found parse(String name, String text) {
        String[] lines = text.split("\n", -1);
        try {
            int count = Integer.parseInt(lines[1].strip());
            if (!lines[0].strip().equals(VERSION) || lines.length != count + 3 || !lines[count + 2].isEmpty()) {
                return new Found.Unreadable(name + " is not complete");
            }
            Map<TopicPartition, Long> offsets = new TreeMap<>();
            for (int i = 0; i < count; i++) {
                String[] words = lines[i + 2].strip().split("\\s+", -1);
                offsets.put(new TopicPartition(words[0], Integer.parseInt(words[1])), Long.parseLong(words[2]));
            }
            return new Found.Offsets(offsets);
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            return new Found.Unreadable(name + " cannot be parsed: " + e.getMessage());
        }
    }
}
