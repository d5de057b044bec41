package io.millrace.node;

import io.millrace.client.TopicPartition;
import io.millrace.log.LogStorage;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One offset per partition, in a file of Kafka's checkpoint format that is replaced as a whole (S4).
 *
 * <pre>
 * 0                         version
 * 2                         number of lines that follow
 * flights 0 4711            topic, partition, offset
 * flights 1 815
 * </pre>
 *
 * <p>A file that cannot be read in full says nothing: without a recovery point the whole log is scanned.
 */
final class Checkpoint {

    static final String RECOVERY_POINTS = "recovery-point-offset-checkpoint";
    static final String LOG_STARTS = "log-start-offset-checkpoint";

    private static final String VERSION = "0";
    private static final int LINES_BEFORE_ENTRIES = 2;

    private Checkpoint() {}

    static void write(LogStorage storage, String file, Map<TopicPartition, Long> offsets) {
        StringBuilder text = new StringBuilder(VERSION + "\n" + offsets.size() + "\n");
        new TreeMap<>(offsets).forEach((partition, offset) -> text.append(partition.topic())
                .append(' ')
                .append(partition.partition())
                .append(' ')
                .append(offset)
                .append('\n'));
        storage.replace(file, text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Empty if the file is missing or damaged. */
    static Optional<Map<TopicPartition, Long>> read(LogStorage storage, String file) {
        if (!storage.exists(file)) {
            return Optional.empty();
        }
        String[] lines = new String(storage.readAll(file), StandardCharsets.UTF_8).split("\n");
        try {
            if (lines.length < LINES_BEFORE_ENTRIES
                    || !lines[0].equals(VERSION)
                    || Integer.parseInt(lines[1]) != lines.length - LINES_BEFORE_ENTRIES) {
                return Optional.empty();
            }
            Map<TopicPartition, Long> offsets = new TreeMap<>();
            for (int i = LINES_BEFORE_ENTRIES; i < lines.length; i++) {
                String[] parts = lines[i].split(" ");
                offsets.put(new TopicPartition(parts[0], Integer.parseInt(parts[1])), Long.parseLong(parts[2]));
            }
            return Optional.of(offsets);
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }
}
