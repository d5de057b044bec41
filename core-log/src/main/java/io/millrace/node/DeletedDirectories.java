package io.millrace.node;

import io.millrace.client.TopicPartition;
import io.millrace.log.LogStorage;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Directories of partitions that are gone, under Kafka's names: {@code topic-partition.<32 hex digits>-delete}. They are
 * renamed at once, so that the name is free, and removed later by the maintenance agent; a restart finds them by their name.
 */
final class DeletedDirectories {

    private static final String SUFFIX = "-delete";
    private static final int HEX_DIGITS = 32;

    private final LogStorage storage;
    private final Supplier<UUID> ids;

    DeletedDirectories(LogStorage storage, Supplier<UUID> ids) {
        this.storage = storage;
        this.ids = ids;
    }

    /** Takes the partition's directory out of the way. Durable. */
    void moveAside(TopicPartition partition) {
        storage.move(partition.toString(), nameFor(partition));
        storage.syncDirectory("");
    }

    private String nameFor(TopicPartition partition) {
        String unique = ids.get().toString().replace("-", "") + SUFFIX;
        String directory = partition.toString();
        // A long topic name is cut, as Kafka does, so that the whole stays a file name.
        int keep = Math.min(directory.length(), 255 - unique.length() - 1);
        return directory.substring(0, keep) + "." + unique;
    }

    static boolean isDeleted(String directory) {
        int dot = directory.lastIndexOf('.');
        return directory.endsWith(SUFFIX) && dot > 0 && directory.length() - dot - 1 == HEX_DIGITS + SUFFIX.length();
    }

    /** Removes the files of one directory that was moved aside; false if there is none left. */
    boolean removeOne() {
        for (String directory : storage.list("")) {
            if (isDeleted(directory)) {
                List<String> files = storage.list(directory);
                files.forEach(file -> storage.delete(directory + "/" + file));
                storage.delete(directory);
                return true;
            }
        }
        return false;
    }
}
