package io.millrace.log;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes segments out of a log: by age, by size, by request, or because a compacted one replaces them. Owns the log start offset
 * and the files on their way out. Owned by the log's thread.
 *
 * <p>A removed segment's files are renamed at once and deleted after {@code file.delete.delay.ms}, so that readers of an older
 * view can finish. After a crash a name may come back: what lies below the log start is removed again.
 */
final class LogTrimmer {
    private static final Logger LOGGER = LoggerFactory.getLogger(LogTrimmer.class);

    private record Leaving(Segment segment, long dueMs) {}

    private final LogStorage storage;
    private final String directory;
    private final SegmentList segments;
    private final SyncLedger ledger;
    private final EpochKeeper epochs;
    private final ProducerStore snapshots;
    private final Deque<Leaving> leaving = new ArrayDeque<>();

    /** Where the log ended when it was opened; what begins above was made since. */
    private final long endAtStart;

    private long logStartOffset;

    LogTrimmer(LogStorage storage, String directory, LoadedLog loaded, EpochKeeper epochs, ProducerStore snapshots) {
        this.storage = storage;
        this.directory = directory;
        this.segments = loaded.segments();
        this.ledger = loaded.ledger();
        this.epochs = epochs;
        this.snapshots = snapshots;
        this.endAtStart = segments.active().nextOffset();
        this.logStartOffset = loaded.logStartOffset();
    }

    long logStartOffset() {
        return logStartOffset;
    }

    /** Moves the log start forward and removes the segments that lie wholly before it. */
    void startAt(long offset, long deleteDelayMs, long nowMs) {
        logStartOffset = Math.max(logStartOffset, offset);
        List<Segment> all = segments.all();
        int before = 0;
        while (before + 1 < all.size() && all.get(before + 1).baseOffset() <= logStartOffset) {
            before++;
        }
        removeOldest(before, "below the log start offset " + logStartOffset, deleteDelayMs, nowMs);
    }

    /** Removes what the configuration no longer wants, in a new segment if that is everything. */
    void retain(LogConfig config, long highWatermark, LogAppender appender, long nowMs) {
        int count = outlived(config, highWatermark, nowMs);
        if (count == segments.count() && !appender.hasUnwritten()) {
            appender.roll(segments.active().nextOffset(), nowMs);
        }
        removeOutlived(count, config, nowMs);
        startAt(logStartOffset, config.fileDeleteDelayMs(), nowMs);
    }

    /** How many of the oldest segments have outlived the configuration; may be all, the active one included. */
    private int outlived(LogConfig config, long highWatermark, long nowMs) {
        List<Segment> all = segments.all();
        if (!config.deletes()) {
            return 0;
        }
        long excess = -1;
        if (config.retentionBytes() >= 0) {
            excess = -config.retentionBytes();
            for (Segment segment : all) {
                excess += segment.size();
            }
        }
        int count = 0;
        while (count < all.size()) {
            Segment segment = all.get(count);
            boolean active = count == all.size() - 1;
            boolean old = config.retentionMs() >= 0 && nowMs - segment.ageBaseMs() > config.retentionMs();
            boolean surplus = excess >= segment.size() && excess > 0 && !active;
            if (segment.nextOffset() > highWatermark || !(old || surplus) || (active && segment.size() == 0)) {
                break;
            }
            excess -= segment.size();
            count++;
        }
        return count;
    }

    /** Removes the oldest segments, never the active one, and moves the log start to the next. */
    private void removeOutlived(int count, LogConfig config, long nowMs) {
        int sealed = Math.min(count, segments.count() - 1);
        if (sealed > 0) {
            logStartOffset = Math.max(logStartOffset, segments.all().get(sealed).baseOffset());
            removeOldest(sealed, "by retention", config.fileDeleteDelayMs(), nowMs);
        }
    }

    private void removeOldest(int count, String why, long deleteDelayMs, long nowMs) {
        if (count > 0) {
            List<Segment> removed = segments.all().subList(0, count);
            LOGGER.info(
                    "{}: removed {} segments {}, offsets {} to {}",
                    directory,
                    count,
                    why,
                    removed.get(0).baseOffset(),
                    removed.get(count - 1).nextOffset());
            Segment first = segments.all().get(count);
            long firstOffset = first.baseOffset();
            if (!isKnownDurable(firstOffset)) {
                first.file().sync(); // what is left must not go with what leaves
                snapshotAt(firstOffset, removed).sync();
                storage.syncDirectory(directory);
            }
            for (Segment segment : removed) {
                leave(segment, nowMs + deleteDelayMs); // if the disk refuses, it and the rest stay until the next time
                segments.removeOldest();
                storage.syncDirectory(directory); // what leaves next must not leave alone: the hole is like a torn tail
            }
            snapshots.deleteBelow(firstOffset);
            ledger.changed(directory);
        }
        epochs.startAt(logStartOffset);
    }

    /**
     * Whether the segment that begins here, its name and the snapshot beside it were made since the start and are below what was
     * synced: then nobody waits for the disk once more. A sync that goes beyond the base covers the names made before it.
     */
    private boolean isKnownDurable(long baseOffset) {
        return baseOffset > endAtStart && ledger.flushedEnd() > baseOffset && snapshots.has(baseOffset);
    }

    /** The snapshot that speaks for the part of the log that leaves; a crash may have taken it, then it is made again. */
    private LogFile snapshotAt(long offset, List<Segment> before) {
        if (snapshots.has(offset)) {
            return snapshots.file(offset);
        }
        ProducerStates producers = new ProducerStates();
        ProducerReplay.reload(before, snapshots, offset, producers);
        return snapshots.write(offset, producers);
    }

    private void leave(Segment segment, long dueMs) {
        SegmentRenaming.all(storage, segment, "", SegmentFiles.DELETED);
        List<LogFile> files = new ArrayList<>();
        segment.addFilesTo(files, true);
        ledger.forget(files);
        leaving.add(new Leaving(segment, dueMs));
    }

    /** Deletes what has waited long enough. */
    void purge(long nowMs) {
        while (!leaving.isEmpty() && leaving.peek().dueMs() <= nowMs) {
            Segment segment = leaving.peek().segment();
            segment.close();
            SegmentTrash.deleteNow(storage, directory, segment.baseOffset(), SegmentFiles.DELETED);
            leaving.remove();
        }
    }

    /**
     * Puts a compacted segment where its sources are. From the moment the second directory sync returns, a crash leads to the
     * new segment; before, to the old ones (S11).
     *
     * @return false, with nothing changed, if one of the sources is gone
     * @throws StorageException if the disk refuses: before that moment nothing has changed but names that
     *     {@link Compaction#discard} removes; after it the log has failed, and the next start finishes the swap
     */
    boolean swap(Compaction.Group group, long deleteDelayMs, long nowMs) {
        List<Segment> sources = group.sources();
        Segment replacement = group.replacement();
        if (!segments.all().containsAll(sources)) {
            return false;
        }
        SegmentRenaming.indexes(storage, replacement, SegmentFiles.CLEANED, SegmentFiles.SWAP);
        storage.syncDirectory(directory);
        SegmentRenaming.log(storage, replacement, SegmentFiles.CLEANED, SegmentFiles.SWAP);
        storage.syncDirectory(directory);
        try {
            putInPlace(replacement, sources, nowMs + deleteDelayMs);
        } catch (StorageException e) {
            ledger.fail("a compacted segment could not be put in its place: " + e.getMessage());
            throw e;
        }
        return true;
    }

    private void putInPlace(Segment replacement, List<Segment> sources, long deleteDueMs) {
        purgeNamesOf(sources);
        sources.forEach(source -> leave(source, deleteDueMs));
        storage.syncDirectory(directory);
        SegmentRenaming.all(storage, replacement, SegmentFiles.SWAP, "");
        storage.syncDirectory(directory);
        segments.replace(sources, replacement);
        snapshots.deleteBetween(replacement.baseOffset(), replacement.nextOffset());
    }

    /** Two generations of a segment may be on their way out under one name: the older one goes now. */
    private void purgeNamesOf(List<Segment> sources) {
        leaving.removeIf(old -> {
            boolean sameName = sources.stream()
                    .anyMatch(source -> source.baseOffset() == old.segment().baseOffset());
            if (sameName) {
                old.segment().close();
                SegmentTrash.deleteNow(storage, directory, old.segment().baseOffset(), SegmentFiles.DELETED);
            }
            return sameName;
        });
    }

    /** Cuts the files down to an offset, and takes the producers back to it; durable when this returns. */
    void cutTo(long offset, ProducerStates producers) {
        dropFrom(offset);
        Segment active = segments.active();
        active.breakSeal();
        active.truncate(offset);
        active.file().sync();
        long end = active.nextOffset();
        snapshots.deleteAbove(end);
        storage.syncDirectory(directory);
        epochs.cutTo(end);
        ledger.cutTo(end);
        ProducerReplay.reload(segments.all(), snapshots, end, producers);
    }

    /** Forgets all segments from an offset on, at once: nobody reads them any more. */
    private void dropFrom(long offset) {
        for (Segment segment : segments.removeFrom(offset)) {
            List<LogFile> files = new ArrayList<>();
            segment.addFilesTo(files, true);
            ledger.forget(files);
            segment.close();
            SegmentTrash.deleteNow(storage, directory, segment.baseOffset(), "");
        }
    }
}
