package io.millrace.node;

import io.millrace.client.TopicPartition;
import io.millrace.log.CheckpointFile;
import io.millrace.log.LogStorage;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far a pass of scrubbing is, in a file of ours at the root: version, when the pass began, and where it goes on.
 *
 * <pre>
 * 0
 * 1700000000000
 * flights 3 4711      nothing if the pass is over
 * </pre>
 *
 * @param beganMs wall-clock time
 * @param partition at which it goes on; null if the pass is over
 * @param offset in that partition
 */
record ScrubCheckpoint(long beganMs, @Nullable TopicPartition partition, long offset) {

    static final String FILE = "millrace.scrub";

    private static final String VERSION = "0";
    private static final TopicPartition FIRST = new TopicPartition("", 0);

    static ScrubCheckpoint begin(long nowMs) {
        return new ScrubCheckpoint(nowMs, FIRST, 0);
    }

    boolean isOver() {
        return partition == null;
    }

    ScrubCheckpoint over() {
        return new ScrubCheckpoint(beganMs, null, 0);
    }

    ScrubCheckpoint at(TopicPartition next, long nextOffset) {
        return new ScrubCheckpoint(beganMs, next, nextOffset);
    }

    void write(LogStorage storage) {
        String where = partition == null ? "" : partition.topic() + " " + partition.partition() + " " + offset;
        CheckpointFile.write(storage, FILE, VERSION + "\n" + beganMs + "\n" + where + "\n");
    }

    /** What the file says; empty if there is none or nobody knows what it said: then everything is due. */
    static Optional<ScrubCheckpoint> read(LogStorage storage) {
        return CheckpointFile.read(storage, FILE).flatMap(ScrubCheckpoint::parse);
    }

    private static Optional<ScrubCheckpoint> parse(String text) {
        String[] lines = text.split("\n", -1);
        try {
            if (lines.length != 4 || !lines[0].equals(VERSION)) {
                return Optional.empty();
            }
            ScrubCheckpoint over = new ScrubCheckpoint(Long.parseLong(lines[1]), null, 0);
            String[] words = lines[2].split(" ", -1);
            return Optional.of(
                    lines[2].isEmpty()
                            ? over
                            : over.at(
                                    new TopicPartition(words[0], Integer.parseInt(words[1])),
                                    Long.parseLong(words[2])));
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }
}
