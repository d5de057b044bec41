package io.millrace.log;

import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A small text file of the node that is replaced as a whole and guarded by a checksum beside it (S4). Stateless. */
public final class CheckpointFile {

    private static final Logger LOG = LoggerFactory.getLogger(CheckpointFile.class);

    private CheckpointFile() {}

    /** Replaces the file; durable when this returns. */
    public static void write(LogStorage storage, String path, String text) {
        CheckedFile.replace(storage, path, text);
    }

    /** Its content; empty, and said so, if it is damaged: only for what can be worked out without it. */
    public static Optional<String> read(LogStorage storage, String path) {
        CheckedFile.Found found = CheckedFile.read(storage, path);
        if (found instanceof CheckedFile.Found.Unreadable unreadable) {
            LOG.warn("file={} says nothing: {}", path, unreadable.why());
        }
        return found instanceof CheckedFile.Found.Content content ? Optional.of(content.text()) : Optional.empty();
    }
}
