package io.millrace.log;

import io.millrace.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * One append-only file of batches and its sparse indexes: finds, reads and truncates itself, and knows nothing of leaders.
 *
 * <p>Owned by the thread of its {@link PartitionLog}. Readers reach it through a {@link LogView}, which carries how far the
 * active segment may be read; once a segment is sealed its fields do not change any more. File position and index entries
 * follow Kafka's rules exactly, so that a rebuilt index equals the original and Kafka's tools find nothing to complain of.
 */
final class Segment {

    private final LogStorage storage;
    private final String directory;
    private final long baseOffset;
    private final LogFile file;
    private final OffsetIndex offsetIndex;
    private final TimeIndex timeIndex;
    private final AbortedIndex abortedIndex;
    private final SegmentReader reader;
    private final SegmentTimes times;

    private int size;
    private long nextOffset;
    private int bytesSinceIndexEntry;

    private Segment(
            LogStorage storage,
            String directory,
            long baseOffset,
            LogFile file,
            IndexFile offsets,
            IndexFile timeEntries,
            AbortedIndex abortedIndex,
            long nowMs) {
        this.storage = storage;
        this.directory = directory;
        this.baseOffset = baseOffset;
        this.file = file;
        this.offsetIndex = new OffsetIndex(offsets, baseOffset);
        this.timeIndex = new TimeIndex(timeEntries, baseOffset);
        this.abortedIndex = abortedIndex;
        this.reader = new SegmentReader(file);
        this.times = new SegmentTimes(nowMs);
        this.nextOffset = baseOffset;
    }

    /** A new, empty segment; files of that name are emptied. Its name is not durable before the next sync (S5). */
    static Segment create(LogStorage storage, String directory, long baseOffset, String suffix, long nowMs) {
        String aborted = SegmentFiles.path(directory, baseOffset, SegmentFiles.ABORTED_INDEX + suffix);
        storage.delete(aborted);
        storage.delete(SegmentFiles.path(directory, baseOffset, SegmentSeal.SUFFIX + suffix));
        Segment created = new Segment(
                storage,
                directory,
                baseOffset,
                storage.open(
                        SegmentFiles.path(directory, baseOffset, SegmentFiles.LOG + suffix), LogStorage.Open.EMPTY),
                IndexFile.writable(
                        storage.open(
                                SegmentFiles.path(directory, baseOffset, SegmentFiles.OFFSET_INDEX + suffix),
                                LogStorage.Open.EMPTY),
                        OffsetIndex.ENTRY_BYTES),
                IndexFile.writable(
                        storage.open(
                                SegmentFiles.path(directory, baseOffset, SegmentFiles.TIME_INDEX + suffix),
                                LogStorage.Open.EMPTY),
                        TimeIndex.ENTRY_BYTES),
                new AbortedIndex(storage, aborted),
                nowMs);
        return created;
    }

    /** A segment that exists; its indexes are taken as they are. The caller rebuilds or checks them. */
    static Segment existing(LogStorage storage, String directory, long baseOffset, long nowMs) {
        Segment found = new Segment(
                storage,
                directory,
                baseOffset,
                storage.open(SegmentFiles.path(directory, baseOffset, SegmentFiles.LOG), LogStorage.Open.EXISTING),
                IndexFile.sealed(
                        storage.open(
                                SegmentFiles.path(directory, baseOffset, SegmentFiles.OFFSET_INDEX),
                                LogStorage.Open.CREATE),
                        OffsetIndex.ENTRY_BYTES),
                IndexFile.sealed(
                        storage.open(
                                SegmentFiles.path(directory, baseOffset, SegmentFiles.TIME_INDEX),
                                LogStorage.Open.CREATE),
                        TimeIndex.ENTRY_BYTES),
                new AbortedIndex(storage, SegmentFiles.path(directory, baseOffset, SegmentFiles.ABORTED_INDEX)),
                nowMs);
        found.size = Math.toIntExact(found.file.size());
        found.times.restore(found.timeIndex.lastTimestamp(), found.timeIndex.lastOffset(), RecordBatch.NO_TIMESTAMP);
        return found;
    }

    long baseOffset() {
        return baseOffset;
    }

    /** The offset after the last batch; the base offset of an empty segment. */
    long nextOffset() {
        return nextOffset;
    }

    int size() {
        return size;
    }

    /** The largest timestamp of any record; -1 if there is none. */
    long maxTimestamp() {
        return times.max();
    }

    long offsetOfMaxTimestamp() {
        return times.offsetOfMax();
    }

    /** The largest timestamp of anything in the segment, transaction markers included; -1 if there is none. */
    long newestTimestamp() {
        return times.newest();
    }

    /** The largest timestamp of the first batch; -1 if it has none. May read the file. */
    long firstTimestamp() {
        if (times.first() < 0 && size > 0) {
            times.first(timestampOfFirstBatch());
        }
        return times.first();
    }

    private long timestampOfFirstBatch() {
        BatchScan head = new BatchScan(reader, 0, size);
        return head.next() ? head.maxTimestamp() : RecordBatch.NO_TIMESTAMP;
    }

    /** The time (ms) by which the segment's age is counted: the newest in it, else that of its creation. */
    long ageBaseMs() {
        return times.ageBaseMs();
    }

    /** Declares the end of the offset range the segment stands for, which may lie behind its last batch after compaction. */
    void endAt(long offset) {
        nextOffset = offset;
    }

    LogFile file() {
        return file;
    }

    OffsetIndex offsetIndex() {
        return offsetIndex;
    }

    TimeIndex timeIndex() {
        return timeIndex;
    }

    AbortedIndex abortedIndex() {
        return abortedIndex;
    }

    SegmentReader reader() {
        return reader;
    }

    /** Writes bytes of whole batches at the end. {@link #indexed} must follow for each batch, in order, when this succeeds. */
    void write(ByteBuffer... batches) {
        file.write(size, batches);
    }

    /** Accounts for a batch that is in the file at the current end. */
    void indexed(byte[] bytes, int at, int batchBytes, int indexIntervalBytes) {
        long lastOffset = RecordBatch.lastOffsetAt(bytes, at);
        boolean isEmpty = RecordBatch.recordCountAt(bytes, at) == 0; // compaction leaves such
        long newest = isEmpty ? RecordBatch.NO_TIMESTAMP : RecordBatch.maxTimestampAt(bytes, at);
        long timestamp = RecordBatch.isControlAt(bytes, at) ? RecordBatch.NO_TIMESTAMP : newest;
        times.add(lastOffset, timestamp, newest);
        if (size == 0) {
            times.first(timestamp);
        }
        if (bytesSinceIndexEntry > indexIntervalBytes) {
            offsetIndex.append(lastOffset, size);
            timeIndex.append(times.max(), times.offsetOfMax());
            bytesSinceIndexEntry = 0;
        }
        size += batchBytes;
        bytesSinceIndexEntry += batchBytes;
        nextOffset = lastOffset + 1;
    }

    /**
     * Whether a batch must go to a new segment. The rules and their order are Kafka's, except that a transaction marker is a
     * batch without a timestamp: beside records of long past event times its own would roll a segment at every commit.
     *
     * @param maxTimestampOfBatch -1 for a marker
     */
    boolean isFullFor(
            int batchBytes, long lastOffset, long maxTimestampOfBatch, LogConfig config, long jitterMs, long nowMs) {
        if (size == 0) {
            return lastOffset - baseOffset > Integer.MAX_VALUE;
        }
        long waitedMs = times.waitedMs(maxTimestampOfBatch, nowMs);
        int indexBytesMax = config.segmentIndexBytes();
        return size > config.segmentBytes() - batchBytes
                || waitedMs > config.segmentMs() - jitterMs
                || offsetIndex.entries().count() >= indexBytesMax / OffsetIndex.ENTRY_BYTES
                || timeIndex.entries().count() >= indexBytesMax / TimeIndex.ENTRY_BYTES - 1
                || lastOffset - baseOffset > Integer.MAX_VALUE;
    }

    /** Completes the indexes and saves them, as Kafka does when a segment becomes inactive or its log is closed. */
    void completeIndexes() {
        if (times.max() >= 0) {
            timeIndex.append(times.max(), times.offsetOfMax());
        }
        saveIndexes();
    }

    /** Completes the indexes and gives their memory back. If it throws, the segment is as writable as before. */
    void complete() {
        completeIndexes();
        offsetIndex.entries().release();
        timeIndex.entries().release();
    }

    /**
     * Writes the seal of a segment whose indexes are saved, beside the log file, whose suffix is given. Under its final name
     * everything up to the end of the segment must be synced before.
     *
     * @return the seal, which is not synced yet
     */
    LogFile writeSeal(String suffix) {
        return SegmentSeal.of(storage, this).write(storage, pathOf(SegmentSeal.SUFFIX + suffix));
    }

    /** Where its file of this kind and suffix is, or would be. */
    String pathOf(String kindAndSuffix) {
        return SegmentFiles.path(directory, baseOffset, kindAndSuffix);
    }

    /** What its files were when it was sealed, whatever they are now; empty without an undamaged seal. */
    Optional<SegmentSeal> seal() {
        return SegmentSeal.read(storage, pathOf(SegmentSeal.SUFFIX));
    }

    /** Removes the seal, durably, of a segment that is about to be cut. */
    void breakSeal() {
        if (storage.exists(pathOf(SegmentSeal.SUFFIX))) {
            storage.delete(pathOf(SegmentSeal.SUFFIX));
            storage.syncDirectory(directory);
        }
    }

    /** Whether the files are as they were sealed. If so, the segment knows its end without a look at its batches. */
    boolean acceptSeal() {
        Optional<SegmentSeal> found = seal();
        if (found.isEmpty() || found.get().logSize() != size) {
            return false;
        }
        SegmentSeal seal = found.get();
        times.restore(seal.maxTimestamp(), seal.offsetOfMaxTimestamp(), seal.newestTimestamp());
        nextOffset = seal.nextOffset();
        return seal.equals(SegmentSeal.of(storage, this));
    }

    /** Forgets all indexes and starts at the first byte again; {@link #indexed} follows for each batch that is found. */
    void beginRebuild() {
        offsetIndex.entries().clear();
        timeIndex.entries().clear();
        abortedIndex.clear();
        size = 0;
        nextOffset = baseOffset;
        times.clear();
        bytesSinceIndexEntry = 0;
    }

    /** Cuts what lies in the file behind the last batch: of a failed {@link #write}, or of a crash. */
    void cutRest() {
        file.truncate(size);
    }

    /**
     * Makes the last segment of a cleanly closed log writable again: finds its end, its first timestamp and the bytes since
     * the last index entry.
     */
    void reopen() {
        offsetIndex.entries().reopen();
        timeIndex.entries().reopen();
        restoreTimes(times.newest());
        findEnd();
    }

    /** Learns from the batches after the last index entry where the segment ends. */
    void findEnd() {
        resumeAfter(offsetIndex.positionBefore(Long.MAX_VALUE));
    }

    private void resumeAfter(int position) {
        nextOffset = baseOffset;
        BatchScan scan = new BatchScan(reader, position, size);
        while (scan.next()) {
            nextOffset = scan.lastOffset() + 1;
        }
        bytesSinceIndexEntry = size - position;
        times.first(timestampOfFirstBatch());
    }

    /**
     * Cuts every batch that reaches {@code offset} or beyond; the segment is writable afterwards.
     *
     * @return how many bytes were cut
     */
    int truncate(long offset) {
        offsetIndex.entries().reopen();
        timeIndex.entries().reopen();
        BatchScan scan = new BatchScan(reader, offsetIndex.positionBefore(offset), size);
        int cut = size;
        while (scan.next()) {
            if (scan.lastOffset() >= offset) {
                cut = scan.position();
                break;
            }
        }
        int removed = size - cut;
        file.truncate(cut);
        size = cut;
        offsetIndex.truncate(offset);
        timeIndex.truncate(offset);
        abortedIndex.truncate(offset);
        restoreTimes(RecordBatch.NO_TIMESTAMP);
        findEnd();
        return removed;
    }

    /** @param knownNewest of what lies before the last entry of the time index */
    private void restoreTimes(long knownNewest) {
        times.restore(timeIndex.lastTimestamp(), timeIndex.lastOffset(), knownNewest);
        BatchScan scan = new BatchScan(reader, offsetIndex.positionBefore(times.offsetOfMax()), size);
        while (scan.next()) {
            times.add(scan.lastOffset(), scan.maxTimestamp(), scan.newestTimestamp());
        }
    }

    /** The files that must be synced to make the segment durable, its sealed indexes included. */
    void addFilesTo(List<LogFile> files, boolean withIndexes) {
        files.add(file);
        if (withIndexes) {
            files.add(offsetIndex.entries().file());
            files.add(timeIndex.entries().file());
        }
        LogFile aborted = abortedIndex.file();
        if (aborted != null) {
            files.add(aborted);
        }
    }

    /** Brings the index files nearer to the memory, so that sealing has little left to write. */
    void saveManyIndexEntries() {
        offsetIndex.entries().saveIfMany();
        timeIndex.entries().saveIfMany();
    }

    /** Makes the next start read this segment batch by batch. */
    void forgetSeal() {
        storage.delete(SegmentFiles.path(directory, baseOffset, SegmentSeal.SUFFIX));
        storage.syncDirectory(directory);
    }

    void saveIndexes() {
        offsetIndex.entries().save();
        timeIndex.entries().save();
    }

    void close() {
        file.close();
        offsetIndex.entries().file().close();
        timeIndex.entries().file().close();
        LogFile aborted = abortedIndex.file();
        if (aborted != null) {
            aborted.close();
        }
    }

    @Override
    public String toString() {
        return file.path() + "[" + baseOffset + ", " + nextOffset + ")";
    }
}
