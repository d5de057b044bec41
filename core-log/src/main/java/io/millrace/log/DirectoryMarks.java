package io.millrace.log;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The files at the root of a data directory that speak of it as a whole: the clean-shutdown mark and {@code meta.properties}.
 * Belongs to the owner of the directory; stateless.
 */
public final class DirectoryMarks {
    private static final String CLEAN_SHUTDOWN = ".kafka_cleanshutdown";
    private static final String META = "meta.properties";

    private DirectoryMarks() {}

    /**
     * Whether the directory was closed cleanly, so that its logs need no scan. Reading takes the mark away, durably, before
     * anything can be appended (R8).
     */
    public static boolean takeCleanShutdown(LogStorage storage) {
        if (!storage.exists(CLEAN_SHUTDOWN)) {
            return false;
        }
        storage.delete(CLEAN_SHUTDOWN);
        storage.syncDirectory("");
        return true;
    }

    /**
     * Marks the directory as closed cleanly. Call it last: after all logs were closed and all checkpoints written. A failed
     * storage refuses (S6).
     *
     * @param brokerEpoch of this life of the node; -1 if there is none
     */
    public static void markCleanShutdown(LogStorage storage, long brokerEpoch) {
        String content = "{\"version\":0,\"brokerEpoch\":" + brokerEpoch + "}";
        storage.replace(CLEAN_SHUTDOWN, content.getBytes(StandardCharsets.UTF_8));
    }

    /** What {@code meta.properties} says; empty if there is none. */
    public static Optional<Map<String, String>> readMeta(LogStorage storage) {
        CheckedFile.Found found = CheckedFile.read(storage, META);
        if (found instanceof CheckedFile.Found.Unreadable unreadable) {
            throw new StorageException(
                    StorageException.Kind.IO,
                    unreadable.why() + ". Restore it from a backup; do not start with an empty one.",
                    null);
        }
        if (!(found instanceof CheckedFile.Found.Content content)) {
            return Optional.empty();
        }
        Map<String, String> values = new TreeMap<>();
        for (String line : content.text().split("\n", -1)) {
            int equals = line.indexOf('=');
            if (equals > 0 && !line.startsWith("#")) {
                values.put(
                        line.substring(0, equals).strip(),
                        line.substring(equals + 1).strip());
            }
        }
        return Optional.of(values);
    }

    /** Replaces {@code meta.properties}, such as {@code version}, {@code cluster.id}, {@code node.id}, {@code directory.id}. */
    public static void writeMeta(LogStorage storage, Map<String, String> values) {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(values)
                .forEach((key, value) ->
                        text.append(key).append('=').append(value).append('\n'));
        CheckedFile.replace(storage, META, text.toString());
    }
}
