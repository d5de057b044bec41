package io.millrace.log;

import io.millrace.record.CorruptBatchException;
import io.millrace.record.RecordBatch;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the directory of a partition and makes sense of what an unclean end left there. Used once per opening.
 *
 * <p>A segment whose files are as they were sealed, and which lies below the recovery point or in a cleanly closed directory,
 * is trusted. From the first other segment on every batch is read: its checksum, its place in the order of offsets and
 * epochs; and indexes, aborted transactions, epochs and producers are worked out again. A defect at or above the recovery
 * point is a torn tail: it was never acknowledged as durable and is cut. Below it, it is corruption: nothing is cut, the log
 * ends before it for readers and refuses appends (S3). The recovery point is that of the checkpoint or, if a seal says more, or
 * the checkpoint nothing, the end of the last sealed segment. What remains is synced before anybody sees it (S12).
 */
final class LogLoader {
    private static final Logger LOGGER = LoggerFactory.getLogger(LogLoader.class);

    private final LogStorage storage;
    private final String directory;
    private final LogConfig config;
    private final RecoveryHints hints;
    private final long nowMs;
    private final SyncLedger ledger;
    private final SegmentList segments;
    private final ProducerStates producers = new ProducerStates();
    private final ProducerStore snapshots;
    private final Set<Segment> trusted = new HashSet<>();
    private long recoveryPoint;
    private EpochHistory epochs = EpochHistory.EMPTY;
    private EpochHistory foundEpochs = EpochHistory.EMPTY; // as the file has it

    private @Nullable String quarantine;

    private LogLoader(LogStorage storage, String directory, LogConfig config, RecoveryHints hints, long nowMs) {
        this.storage = storage;
        this.directory = directory;
        this.config = config;
        this.hints = hints;
        this.recoveryPoint = hints.recoveryPoint();
        this.nowMs = nowMs;
        this.ledger = new SyncLedger(storage, 0);
        this.segments = new SegmentList(storage, directory, ledger);
        this.snapshots = new ProducerStore(storage, directory);
    }

    /** @throws StorageException if the disk fails, or the directory belongs to another topic */
    static LoadedLog load(
            LogStorage storage, String directory, UUID topicId, LogConfig config, RecoveryHints hints, long nowMs) {
        Optional<UUID> found = TopicIds.read(storage, directory);
        if (found.isPresent() && !found.get().equals(topicId)) {
            throw new StorageException(
                    StorageException.Kind.IO,
                    directory + " belongs to topic id " + TopicIds.toText(found.get()) + ", not to "
                            + TopicIds.toText(topicId)
                            + ": the topic was deleted and created again. Remove the directory.",
                    null);
        }
        LoadedLog loaded = new LogLoader(storage, directory, config, hints, nowMs).load();
        if (found.isEmpty()) {
            TopicIds.begin(storage, directory, topicId, loaded.ledger());
        }
        return loaded;
    }

    private LoadedLog load() {
        storage.createDirectory(directory);
        new SwapRecovery(storage, directory).run();
        List<Segment> found = openSegments();
        if (found.isEmpty()) {
            if (recoveryPoint > hints.logStartOffset()) {
                recordsAreMissing(hints.logStartOffset());
            }
            segments.roll(hints.logStartOffset(), nowMs);
            if (quarantine == null) { // else they belong to what may be brought back
                snapshots.deleteAbove(-1);
            }
            if (loadEpochs(found) && quarantine == null) {
                epochs = EpochHistory.EMPTY;
                EpochFile.write(storage, directory, epochs);
            }
            return loaded(hints.logStartOffset());
        }
        recoveryPoint = Math.max(recoveryPoint, sealedEnd(found));
        boolean epochsKnown = loadEpochs(found);
        int firstUntrusted = firstUntrusted(found);
        if (firstUntrusted > 0
                && firstUntrusted < found.size()
                && endsTornBefore(found.get(firstUntrusted), found.get(firstUntrusted - 1))) {
            discard(found.subList(firstUntrusted, found.size()));
            found = found.subList(0, firstUntrusted);
        }
        loadProducers(found, firstUntrusted);
        if (quarantine != null) { // without the producers nothing more can be worked out
            discard(found.subList(firstUntrusted, found.size()));
            found = found.subList(0, firstUntrusted);
        }
        recover(found, firstUntrusted);
        Segment last = segments.active();
        last.reopen();
        long logEnd = last.nextOffset();
        if (!epochsKnown) {
            rebuildEpochs();
        }
        epochs = epochs.cutTo(logEnd + 1); // a leader may have begun at the end without appending yet
        if (quarantine == null) {
            checkNothingIsMissing(logEnd);
        }
        if (quarantine == null) {
            snapshots.deleteAbove(logEnd);
            snapshots.deleteStrays(
                    segments.all().stream().map(Segment::baseOffset).collect(Collectors.toSet()));
        }
        if (quarantine == null && logEnd < hints.logStartOffset()) {
            startOver();
        }
        makeDurable(found, firstUntrusted);
        return loaded(Math.max(hints.logStartOffset(), segments.all().get(0).baseOffset()));
    }

    private LoadedLog loaded(long logStartOffset) {
        producers.written();
        ledger.durableTo(quarantine == null ? segments.active().nextOffset() : 0);
        return new LoadedLog(
                ledger,
                segments,
                epochs,
                producers,
                logStartOffset,
                Math.max(recoveryPoint, ledger.flushedEnd()),
                quarantine);
    }

    private List<Segment> openSegments() {
        List<Segment> found = new ArrayList<>();
        for (String name : storage.list(directory)) {
            if (SegmentFiles.matches(name, SegmentFiles.LOG)) {
                found.add(Segment.existing(storage, directory, SegmentFiles.baseOffsetOf(name), nowMs));
            }
        }
        return found;
    }

    /** The end of the last segment with a seal: everything below was synced before that was written. */
    private static long sealedEnd(List<Segment> found) {
        for (int i = found.size() - 1; i >= 0; i--) {
            Optional<SegmentSeal> seal = found.get(i).seal();
            if (seal.isPresent()) {
                return seal.get().nextOffset();
            }
        }
        return 0;
    }

    private boolean loadEpochs(List<Segment> found) {
        Optional<EpochHistory> read = EpochFile.read(storage, directory);
        read.ifPresent(history -> {
            epochs = history;
            foundEpochs = history;
        });
        boolean neverHeldRecords = found.size() == 1 && found.get(0).size() == 0;
        return read.isPresent() || neverHeldRecords;
    }

    private int firstUntrusted(List<Segment> found) {
        for (int i = 0; i < found.size(); i++) {
            Segment segment = found.get(i);
            boolean sealed = segment.acceptSeal();
            boolean last = i == found.size() - 1;
            boolean below = !last && segment.nextOffset() <= hints.recoveryPoint();
            if (!sealed || !(hints.cleanShutdown() || below)) {
                return i;
            }
            trusted.add(segment);
        }
        return found.size();
    }

    /** Brings the producers to the state they had at the first batch that will be read again. */
    private void loadProducers(List<Segment> found, int firstUntrusted) {
        long target = firstUntrusted < found.size()
                ? found.get(firstUntrusted).baseOffset()
                : found.get(found.size() - 1).nextOffset();
        try {
            ProducerReplay.reload(found.subList(0, firstUntrusted), snapshots, target, producers);
        } catch (CorruptBatchException e) {
            producers.load(List.of());
            quarantine = directory + " is corrupt: " + e.getMessage()
                    + ". Nothing was changed; what lies before can be read."
                    + " Restore the file from a replica or a backup.";
            LOGGER.error("{}", quarantine);
        }
    }

    private void recover(List<Segment> found, int firstUntrusted) {
        BatchPlaces places = new BatchPlaces(config, recoveryPoint, foundEpochs);
        found.subList(0, firstUntrusted).forEach(segments::addExisting);
        for (int i = firstUntrusted; i < found.size(); i++) {
            Segment segment = found.get(i);
            if (i > firstUntrusted && endsTornBefore(segment, found.get(i - 1))) {
                discard(found.subList(i, found.size()));
                return;
            }
            segments.addExisting(segment);
            boolean sound = rebuild(segment, i == found.size() - 1, places, places.boundOf(found, i));
            if (!sound) {
                discard(found.subList(i + 1, found.size()));
                return;
            }
        }
    }

    /**
     * Whether a segment and all behind it do not continue the one before: a crash took the unsynced end of that one, or left an
     * empty file over. Below the recovery point a gap may come from compaction, an overlap from nothing good.
     */
    private boolean endsTornBefore(Segment segment, Segment previous) {
        long end = previous.nextOffset();
        long start = segment.baseOffset();
        if (start == end) {
            return false;
        }
        LOGGER.warn("{}: a segment ends at offset {}, the next one begins at {}", directory, end, start);
        if (start > end) {
            return end >= recoveryPoint;
        }
        if (segment.size() > 0 && start < recoveryPoint) {
            quarantine = segment.file().path() + " begins below the end " + end + " of the segment before it."
                    + " Nothing was changed. Restore the directory from a replica or a backup.";
            LOGGER.error("{}", quarantine);
        }
        return true;
    }

    /** Reads the whole segment and makes its indexes anew; false at a defect. */
    private boolean rebuild(Segment segment, boolean last, BatchPlaces places, long bound) {
        WholeBatchScan scan = new WholeBatchScan(segment.file(), segment.file().size());
        Optional<SegmentSeal> seal = segment.seal();
        long sealedSize = seal.map(SegmentSeal::logSize).orElse(0L);
        long sealedEnd =
                sealedSize == segment.size() ? seal.map(SegmentSeal::nextOffset).orElse(0L) : 0;
        segment.beginRebuild();
        String defect = null;
        long defectOffset = segment.nextOffset();
        long gapStart = Long.MAX_VALUE;
        while (defect == null && scan.next()) {
            RecordBatch batch = scan.batch();
            long expected = segment.nextOffset();
            defect = places.misplaced(batch, expected, bound, epochs.epochAt(expected - 1));
            if (defect == null) {
                gapStart = batch.baseOffset() > defectOffset ? defectOffset : gapStart;
                take(batch, segment);
                defectOffset = segment.nextOffset();
            } else if (batch.baseOffset() >= gapStart) {
                // The checksum covers no offsets: what is wrong is the jump over this batch's place, not this batch.
                defectOffset = gapStart;
            }
        }
        if (defect == null) {
            defect = scan.defect();
        }
        if (defect == null && segment.size() < sealedSize) {
            defect = "the file ends here, but had " + sealedSize + " bytes when it was sealed";
        }
        if (defect == null && !last) {
            segment.endAt(Math.max(segment.nextOffset(), sealedEnd)); // compaction may have taken the last batches
            segment.file().sync();
            segment.complete();
            segment.writeSeal("").sync();
        }
        if (defect != null) {
            judge(segment, defect, defectOffset);
        }
        return defect == null;
    }

    private void take(RecordBatch batch, Segment segment) {
        segment.indexed(batch.bytes(), batch.position(), batch.sizeInBytes(), config.indexIntervalBytes());
        epochs = epochs.assign(batch.partitionLeaderEpoch(), batch.baseOffset());
        producers.apply(batch).ifPresent(aborted -> segment.abortedIndex().append(aborted));
    }

    /** @param offset of what is wrong, as far as can be said */
    private void judge(Segment segment, String defect, long offset) {
        long position = segment.size();
        if (offset >= recoveryPoint) {
            LOGGER.info(
                    "{}: cut {} bytes of a torn tail at position {}, offset {}: {}",
                    segment.file().path(),
                    segment.file().size() - position,
                    position,
                    offset,
                    defect);
            segment.cutRest();
        } else {
            quarantine = segment.file().path() + " is corrupt at position " + position + " (offset " + offset
                    + ", recovery point " + recoveryPoint + "): " + defect
                    + ". Nothing was changed; records below that offset can be read. Restore the file from a replica or"
                    + " a backup, or copy what can be read to a new topic.";
            LOGGER.error("{}", quarantine);
        }
    }

    /** Segments behind a defect: behind a torn tail they go with it, behind corruption they stay where they are. */
    private void discard(List<Segment> behind) {
        for (Segment segment : behind) {
            segment.close();
            if (quarantine == null) {
                LOGGER.info(
                        "{}: removed, it lies behind a torn tail",
                        segment.file().path());
                SegmentTrash.deleteNow(storage, directory, segment.baseOffset(), "");
            }
        }
        if (quarantine == null) {
            storage.syncDirectory(directory);
        }
    }

    private void checkNothingIsMissing(long logEnd) {
        if (logEnd < recoveryPoint) {
            recordsAreMissing(logEnd);
        }
    }

    private void recordsAreMissing(long logEnd) {
        quarantine = directory + " ends at offset " + logEnd + " although everything below " + recoveryPoint
                + " was synced: records are missing. Nothing was changed. Restore the directory from a replica or a"
                + " backup, or delete the topic.";
        LOGGER.error("{}", quarantine);
    }

    private void rebuildEpochs() {
        LOGGER.warn("{}/{} is missing or damaged; rebuilt from the log", directory, EpochFile.NAME);
        EpochHistory rebuilt = EpochHistory.EMPTY;
        for (Segment segment : segments.all()) {
            BatchScan scan = new BatchScan(segment.reader(), 0, segment.size());
            while (scan.next()) {
                rebuilt = rebuilt.assign(scan.leaderEpoch(), scan.baseOffset());
            }
        }
        epochs = rebuilt;
    }

    /** Everything that is left was deleted by request before the end: begin at the recorded start. */
    private void startOver() {
        for (Segment segment : segments.removeAll()) {
            segment.close();
            SegmentTrash.deleteNow(storage, directory, segment.baseOffset(), "");
        }
        snapshots.deleteAbove(-1);
        producers.load(List.of());
        epochs = epochs.cutTo(hints.logStartOffset());
        segments.roll(hints.logStartOffset(), nowMs);
    }

    private void makeDurable(List<Segment> found, int firstUntrusted) {
        if (quarantine != null || firstUntrusted == found.size()) {
            return;
        }
        List<LogFile> files = new ArrayList<>();
        for (Segment segment : segments.all()) {
            if (!trusted.contains(segment)) {
                segment.saveIndexes();
                segment.addFilesTo(files, true);
            }
        }
        files.forEach(LogFile::sync);
        EpochFile.write(storage, directory, epochs);
        storage.syncDirectory(directory);
    }
}
