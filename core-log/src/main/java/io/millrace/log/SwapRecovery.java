package io.millrace.log;

import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finishes or discards what a crash left of a compaction, and removes what was on its way out (S11). Used once per opening.
 *
 * <p>A compacted segment counts from the moment its {@code .log.swap} is durable: then the segments it replaces go, whichever
 * of them are left, and it takes their place. Before that moment it is discarded.
 */
final class SwapRecovery {
    private static final Logger LOGGER = LoggerFactory.getLogger(SwapRecovery.class);

    private final LogStorage storage;
    private final String directory;

    SwapRecovery(LogStorage storage, String directory) {
        this.storage = storage;
        this.directory = directory;
    }

    void run() {
        List<String> names = storage.list(directory);
        boolean changed = false;
        for (String name : names) {
            if (name.endsWith(SegmentFiles.DELETED) || name.endsWith(SegmentFiles.CLEANED) || name.endsWith(".tmp")) {
                storage.delete(directory + "/" + name);
                changed = true;
            }
        }
        for (String name : names) {
            if (SegmentFiles.matches(name, SegmentFiles.LOG + SegmentFiles.SWAP)) {
                finish(SegmentFiles.baseOffsetOf(name));
                changed = true;
            }
        }
        for (String name : storage.list(directory)) {
            if (name.endsWith(SegmentFiles.SWAP)) {
                storage.delete(directory + "/" + name);
                changed = true;
            }
        }
        if (changed) {
            storage.syncDirectory(directory);
        }
    }

    private void finish(long baseOffset) {
        long end = endOf(baseOffset);
        LOGGER.info("{}: finishing the compaction of offsets {} to {}", directory, baseOffset, end);
        for (String name : storage.list(directory)) {
            if (SegmentFiles.matches(name, SegmentFiles.LOG)) {
                long base = SegmentFiles.baseOffsetOf(name);
                if (base >= baseOffset && base < end) {
                    SegmentTrash.deleteNow(storage, directory, base, "");
                }
            }
        }
        storage.syncDirectory(directory);
        for (String kind : List.of(
                SegmentFiles.OFFSET_INDEX,
                SegmentFiles.TIME_INDEX,
                SegmentFiles.ABORTED_INDEX,
                SegmentSeal.SUFFIX,
                SegmentFiles.LOG)) {
            String path = SegmentFiles.path(directory, baseOffset, kind);
            if (storage.exists(path + SegmentFiles.SWAP)) {
                storage.move(path + SegmentFiles.SWAP, path);
            }
        }
    }

    /** Up to where the compacted segment replaces others: its seal says so, because its last batches may be gone. */
    private long endOf(long baseOffset) {
        String seal = SegmentFiles.path(directory, baseOffset, SegmentSeal.SUFFIX + SegmentFiles.SWAP);
        Optional<SegmentSeal> found = SegmentSeal.read(storage, seal);
        if (found.isPresent()) {
            return found.get().nextOffset();
        }
        String path = SegmentFiles.path(directory, baseOffset, SegmentFiles.LOG + SegmentFiles.SWAP);
        LogFile file = storage.open(path, LogStorage.Open.EXISTING);
        WholeBatchScan scan = new WholeBatchScan(file, file.size());
        long end = baseOffset + 1;
        while (scan.next()) {
            end = scan.batch().nextOffset();
        }
        file.close();
        return end;
    }
}
