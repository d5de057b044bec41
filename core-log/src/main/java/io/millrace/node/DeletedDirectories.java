package io.millrace.node;

import io.millrace.client.TopicPartition;
import io.millrace.log.LogStorage;
import io.millrace.log.StorageException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Directories of partitions that are gone, under Kafka's names: {@code topic-partition.<32 hex digits>-delete}. They are
 * renamed at once, so that the name is free, and removed later by the maintenance agent; a restart finds them by their name.
 */
final class DeletedDirectories {

    private static final Logger LOG = LoggerFactory.getLogger(DeletedDirectories.class);

    private static final String SUFFIX = "-delete";
    private static final int HEX_DIGITS = 32;

    private final LogStorage storage;
    private final Supplier<UUID> ids;

    /** What could not be removed in this round, and what was said to be so: they keep no other directory waiting. */
    private final Set<String> skipped = new HashSet<>();

    private final Set<String> known = new HashSet<>();

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

    /** Maintenance agent only: what could not be removed is tried again. */
    void beginRound() {
        skipped.clear();
    }

    /** Maintenance agent only: removes the files of one directory that was moved aside; false if there is none left to try. */
    boolean removeOne() {
        for (String directory : all()) {
            if (isDeleted(directory) && !skipped.contains(directory)) {
                remove(directory);
                return true;
            }
        }
        return false;
    }

    private List<String> all() {
        try {
            return storage.list("");
        } catch (StorageException e) {
            LOG.warn("deleted directories stay until the next round: {}", e.getMessage());
            return List.of();
        }
    }

    private void remove(String directory) {
        try {
            List<String> files = storage.list(directory);
            files.forEach(file -> storage.delete(directory + "/" + file));
            storage.delete(directory);
            known.remove(directory);
        } catch (StorageException e) {
            skipped.add(directory);
            if (known.add(directory)) {
                LOG.warn("a deleted directory stays, it is tried again each round: {}", e.getMessage());
            }
        }
    }
}
