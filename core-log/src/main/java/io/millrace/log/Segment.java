package io.millrace.log;

import io.millrace.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

    private int size;
    private long nextOffset;
    private long maxTimestamp = RecordBatch.NO_TIMESTAMP;
    private long offsetOfMaxTimestamp = -1;
    private long firstTimestamp = RecordBatch.NO_TIMESTAMP;
    private long createdMs;
    private int bytesSinceIndexEntry;

    private Segment(
            LogStorage storage,
            String directory,
            long baseOffset,
            LogFile file,
            IndexFile offsets,
            IndexFile times,
            AbortedIndex abortedIndex) {
        this.storage = storage;
        this.directory = directory;
        this.baseOffset = baseOffset;
        this.file = file;
        this.offsetIndex = new OffsetIndex(offsets, baseOffset);
        this.timeIndex = new TimeIndex(times, baseOffset);
        this.abortedIndex = abortedIndex;
        this.reader = new SegmentReader(file);
        this.nextOffset = baseOffset;
    }

    /** A new, empty segment; files of that name are emptied. Its name is not durable before the next sync (S5). */
    static Segment create(LogStorage storage, String directory, long baseOffset, String suffix, long nowMs) {
        String aborted = SegmentFiles.path(directory, baseOffset, SegmentFiles.ABORTED_INDEX + suffix);
        storage.delete(aborted);
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
                new AbortedIndex(storage, aborted));
        created.createdMs = nowMs;
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
                new AbortedIndex(storage, SegmentFiles.path(directory, baseOffset, SegmentFiles.ABORTED_INDEX)));
        found.size = Math.toIntExact(found.file.size());
        found.createdMs = nowMs;
        found.maxTimestamp = found.timeIndex.lastTimestamp();
        found.offsetOfMaxTimestamp = found.timeIndex.lastOffset();
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
        return maxTimestamp;
    }

    long offsetOfMaxTimestamp() {
        return offsetOfMaxTimestamp;
    }

    /** The largest timestamp of the first batch; -1 if there is none. May read the file once. */
    long firstTimestamp() {
        if (firstTimestamp < 0 && size > 0) {
            firstTimestamp = timestampOfFirstBatch();
        }
        return firstTimestamp;
    }

    private long timestampOfFirstBatch() {
        BatchScan head = new BatchScan(reader, 0, size);
        return head.next() ? head.maxTimestamp() : RecordBatch.NO_TIMESTAMP;
    }

    /** The time (ms) by which the segment's age is counted: its newest record's, else that of its creation. */
    long ageBaseMs() {
        return maxTimestamp >= 0 ? maxTimestamp : createdMs;
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
        long batchMaxTimestamp = RecordBatch.maxTimestampAt(bytes, at);
        boolean hasRecords = RecordBatch.recordCountAt(bytes, at) > 0; // compaction leaves empty batches
        if (hasRecords && batchMaxTimestamp > maxTimestamp) {
            maxTimestamp = batchMaxTimestamp;
            offsetOfMaxTimestamp = lastOffset;
        }
        if (size == 0) {
            firstTimestamp = batchMaxTimestamp;
        }
        if (bytesSinceIndexEntry > indexIntervalBytes) {
            offsetIndex.append(lastOffset, size);
            timeIndex.append(maxTimestamp, offsetOfMaxTimestamp);
            bytesSinceIndexEntry = 0;
        }
        size += batchBytes;
        bytesSinceIndexEntry += batchBytes;
        nextOffset = lastOffset + 1;
    }

    /** Whether a batch must go to a new segment. The rules and their order are Kafka's. */
    boolean isFullFor(
            int batchBytes, long lastOffset, long maxTimestampOfBatch, LogConfig config, long jitterMs, long nowMs) {
        if (size == 0) {
            return lastOffset - baseOffset > Integer.MAX_VALUE;
        }
        long waitedMs = firstTimestamp >= 0 ? maxTimestampOfBatch - firstTimestamp : nowMs - createdMs;
        int indexBytesMax = config.segmentIndexBytes();
        return size > config.segmentBytes() - batchBytes
                || waitedMs > config.segmentMs() - jitterMs
                || offsetIndex.entries().count() >= indexBytesMax / OffsetIndex.ENTRY_BYTES
                || timeIndex.entries().count() >= indexBytesMax / TimeIndex.ENTRY_BYTES - 1
                || lastOffset - baseOffset > Integer.MAX_VALUE;
    }

    /** Completes the indexes and saves them, as Kafka does when a segment becomes inactive or its log is closed. */
    void completeIndexes() {
        if (maxTimestamp >= 0) {
            timeIndex.append(maxTimestamp, offsetOfMaxTimestamp);
        }
        saveIndexes();
    }

    /**
     * Completes the indexes, writes the seal and gives the indexes' memory back.
     * If it throws, the segment is as writable as before.
     *
     * @param suffix of the segment's files at the moment
     * @return the seal, which is not synced yet
     */
    LogFile seal(String suffix) {
        completeIndexes();
        LogFile sealFile = writeSeal(suffix);
        offsetIndex.entries().release();
        timeIndex.entries().release();
        return sealFile;
    }

    /** Writes the seal beside the log file, whose suffix is given. The returned file is not synced yet. */
    LogFile writeSeal(String suffix) {
        LogFile sealFile = storage.open(
                SegmentFiles.path(directory, baseOffset, SegmentSeal.SUFFIX + suffix), LogStorage.Open.EMPTY);
        sealFile.write(0, ByteBuffer.wrap(SegmentSeal.of(storage, this).encode()));
        return sealFile;
    }

    /** Whether the files are as they were sealed. If so, the segment knows its end without a look at its batches. */
    boolean acceptSeal() {
        String path = SegmentFiles.path(directory, baseOffset, SegmentSeal.SUFFIX);
        Optional<SegmentSeal> found = SegmentSeal.read(storage, path);
        if (found.isEmpty() || found.get().logSize() != size) {
            return false;
        }
        SegmentSeal seal = found.get();
        maxTimestamp = seal.maxTimestamp();
        offsetOfMaxTimestamp = seal.offsetOfMaxTimestamp();
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
        maxTimestamp = RecordBatch.NO_TIMESTAMP;
        offsetOfMaxTimestamp = -1;
        firstTimestamp = RecordBatch.NO_TIMESTAMP;
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
        restoreMaxTimestamp();
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
        firstTimestamp = timestampOfFirstBatch();
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
        restoreMaxTimestamp();
        findEnd();
        return removed;
    }

    private void restoreMaxTimestamp() {
        maxTimestamp = timeIndex.lastTimestamp();
        offsetOfMaxTimestamp = timeIndex.lastOffset();
        BatchScan scan = new BatchScan(reader, offsetIndex.positionBefore(offsetOfMaxTimestamp), size);
        while (scan.next()) {
            if (scan.maxTimestamp() > maxTimestamp) {
                maxTimestamp = scan.maxTimestamp();
                offsetOfMaxTimestamp = scan.lastOffset();
            }
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

    /** Gives all files another suffix, the log file last: it alone says whether there is a segment. */
    void changeSuffix(String from, String to) {
        changeIndexSuffix(from, to);
        changeLogSuffix(from, to);
    }

    void changeIndexSuffix(String from, String to) {
        moveIfPresent(SegmentFiles.OFFSET_INDEX, from, to, offsetIndex.entries().file());
        moveIfPresent(SegmentFiles.TIME_INDEX, from, to, timeIndex.entries().file());
        moveIfPresent(SegmentFiles.ABORTED_INDEX, from, to, abortedIndex.file());
        String seal = SegmentFiles.path(directory, baseOffset, SegmentSeal.SUFFIX);
        if (storage.exists(seal + from)) {
            storage.move(seal + from, seal + to);
        }
    }

    void changeLogSuffix(String from, String to) {
        moveIfPresent(SegmentFiles.LOG, from, to, file);
    }

    private void moveIfPresent(String kind, String from, String to, @Nullable LogFile handle) {
        if (handle != null && storage.exists(SegmentFiles.path(directory, baseOffset, kind + from))) {
            handle.moveTo(SegmentFiles.path(directory, baseOffset, kind + to));
        }
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
