package io.millrace.log;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The producer snapshots of one partition directory. Owned by the log's thread.
 *
 * <p>A snapshot is written once under its offset and never replaced. It is synced with the data; a torn one fails its checksum
 * and an older one takes its place, because the log after it says the same (S4).
 */
final class ProducerStore {
    private static final Logger LOGGER = LoggerFactory.getLogger(ProducerStore.class);

    private final LogStorage storage;
    private final String directory;

    ProducerStore(LogStorage storage, String directory) {
        this.storage = storage;
        this.directory = directory;
    }

    /** A loaded snapshot. */
    record Snapshot(long offset, List<ProducerState> producers) {}

    /** Writes the state as of an offset; returns the file, which is not synced yet. */
    LogFile write(long offset, ProducerStates states) {
        LogFile file = storage.open(path(offset), LogStorage.Open.EMPTY);
        file.write(0, ByteBuffer.wrap(ProducerSnapshot.encode(states.all())));
        return file;
    }

    /** The newest undamaged snapshot up to an offset. */
    Optional<Snapshot> latestUpTo(long offset) {
        List<Long> offsets = offsets();
        for (int i = offsets.size() - 1; i >= 0; i--) {
            long found = offsets.get(i);
            if (found <= offset) {
                Optional<List<ProducerState>> producers = ProducerSnapshot.decode(storage.readAll(path(found)));
                if (producers.isPresent()) {
                    return Optional.of(new Snapshot(found, producers.get()));
                }
                LOGGER.warn("producer snapshot {} is damaged; its content is rebuilt from the log", path(found));
            }
        }
        return Optional.empty();
    }

    /** Whether there is an undamaged snapshot at this offset. */
    boolean has(long offset) {
        return storage.exists(path(offset))
                && ProducerSnapshot.decode(storage.readAll(path(offset))).isPresent();
    }

    /** The file of a snapshot that exists. */
    LogFile file(long offset) {
        return storage.open(path(offset), LogStorage.Open.EXISTING);
    }

    /** Removes snapshots above an offset, durably: the offsets will be used for other records (R23). */
    void deleteAbove(long offset) {
        boolean deleted = false;
        for (long found : offsets()) {
            if (found > offset) {
                storage.delete(path(found));
                deleted = true;
            }
        }
        if (deleted) {
            storage.syncDirectory(directory);
        }
    }

    /** Removes snapshots below an offset: nothing of the log is left there. */
    void deleteBelow(long offset) {
        for (long found : offsets()) {
            if (found < offset) {
                storage.delete(path(found));
            }
        }
    }

    /** Removes snapshots between two offsets, both excluded: the segments that began there are merged into one. */
    void deleteBetween(long from, long to) {
        for (long found : offsets()) {
            if (found > from && found < to) {
                storage.delete(path(found));
            }
        }
    }

    /** Removes what no segment begins with, but for the newest: a crash has left it over. */
    void deleteStrays(Set<Long> baseOffsets) {
        List<Long> found = offsets();
        for (int i = 0; i < found.size() - 1; i++) {
            if (!baseOffsets.contains(found.get(i))) {
                storage.delete(path(found.get(i)));
            }
        }
    }

    private List<Long> offsets() {
        return storage.list(directory).stream()
                .filter(name -> SegmentFiles.matches(name, SegmentFiles.PRODUCER_SNAPSHOT))
                .map(SegmentFiles::baseOffsetOf)
                .toList();
    }

    private String path(long offset) {
        return SegmentFiles.path(directory, offset, SegmentFiles.PRODUCER_SNAPSHOT);
    }
}
