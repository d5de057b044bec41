package io.millrace.log;

import io.millrace.client.FoundOffset;
import io.millrace.client.LogEnds;
import io.millrace.record.RecordBatch;
import io.millrace.record.RecordCursor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What readers see of a log: one published moment of it. Immutable, for any thread.
 *
 * <p>The tail is read from memory, the rest from files. Bytes handed out are never changed afterwards. A view stays readable
 * while the log goes on; segments that retention removes stay on disk for {@code file.delete.delay.ms}, after which reading
 * through an old view throws {@link StorageException} of kind {@link StorageException.Kind#MISSING}: take a new view.
 */
public final class LogView {

    private final Segment[] segments;
    private final int activeSize;
    private final TailBuffer.Snapshot tail;
    private final EpochHistory epochs;
    private final long logStartOffset;
    private final long flushedEnd;
    private final long highWatermark;
    private final long lastStableOffset;
    private final long logEndOffset;

    LogView(
            Segment[] segments,
            TailBuffer.Snapshot tail,
            EpochHistory epochs,
            long logStartOffset,
            long flushedEnd,
            long highWatermark,
            long lastStableOffset,
            long logEndOffset) {
        this.segments = segments;
        this.activeSize = segments[segments.length - 1].size();
        this.tail = tail;
        this.epochs = epochs;
        this.logStartOffset = logStartOffset;
        this.flushedEnd = flushedEnd;
        this.highWatermark = highWatermark;
        this.lastStableOffset = lastStableOffset;
        this.logEndOffset = logEndOffset;
    }

    /** The first offset that may be read. */
    public long logStartOffset() {
        return logStartOffset;
    }

    /** Everything below is on the disk. */
    public long flushedEnd() {
        return flushedEnd;
    }

    /** Everything below is replicated and durable as the topic asks; only it is shown to readers. */
    public long highWatermark() {
        return highWatermark;
    }

    /** No open transaction has a record below it, and it is at most the high watermark (R19). */
    public long lastStableOffset() {
        return lastStableOffset;
    }

    /** The offset after the last written batch. */
    public long logEndOffset() {
        return logEndOffset;
    }

    public LogEnds ends() {
        return new LogEnds(logStartOffset, lastStableOffset, highWatermark, logEndOffset);
    }

    public EpochHistory epochs() {
        return epochs;
    }

    /** The end of the largest epoch up to the asked one (KIP-101). */
    public EpochHistory.End endOfEpoch(int epoch) {
        return epochs.endOf(epoch, logEndOffset);
    }

    /** Size of all segment files in bytes. */
    public long sizeInBytes() {
        long size = activeSize;
        for (int i = 0; i < segments.length - 1; i++) {
            size += segments[i].size();
        }
        return size;
    }

    List<Segment> segments() {
        return List.of(segments);
    }

    public int segmentCount() {
        return segments.length;
    }

    /**
     * Batches from the one that contains {@code from} on (or from the next one, where compaction left a gap), whole and in
     * order, while they fit into {@code maxBytes}; the first one is given whatever its size. May return fewer than would fit:
     * ask again from behind the last one.
     *
     * @param from an offset; one below the log start counts as the log start
     * @param upTo only batches that end below this offset: the high watermark, the last stable offset or the log end
     * @return empty if there is no such batch
     * @throws StorageException if the disk cannot be read
     * @throws io.millrace.record.CorruptBatchException if what is on the disk is no batch
     */
    public List<RecordBatch> read(long from, int maxBytes, long upTo) {
        List<RecordBatch> found = new ArrayList<>();
        long offset = Math.max(from, logStartOffset);
        long end = Math.min(upTo, logEndOffset);
        if (offset >= end) {
            return found;
        }
        if (offset >= tail.firstOffset()) {
            tail.read(offset, end, maxBytes, found);
            return found;
        }
        for (int i = segmentOf(offset); i < segments.length && found.isEmpty(); i++) {
            Segment segment = segments[i];
            if (segment.baseOffset() >= end) {
                break;
            }
            int position = segment.offsetIndex().positionBefore(offset);
            segment.reader().read(position, sizeOf(i), offset, end, maxBytes, found);
        }
        return found;
    }

    /**
     * What {@link #read} would give as it lies in a file, if it is no longer in memory, all in one segment and not little.
     *
     * @param bytesMin less than that is to be read
     * @return empty if it is to be read
     * @throws StorageException if the disk cannot be read
     * @throws io.millrace.record.CorruptBatchException if the header of a batch before it is corrupt
     */
    public Optional<FileSlice> slice(long from, int maxBytes, long upTo, int bytesMin) {
        long offset = Math.max(from, logStartOffset);
        long end = Math.min(upTo, logEndOffset);
        if (offset >= end || offset >= tail.firstOffset()) {
            return Optional.empty();
        }
        int i = segmentOf(offset);
        Segment segment = segments[i];
        boolean isWhole = i + 1 < segments.length && segments[i + 1].baseOffset() <= end;
        int limit = isWhole ? sizeOf(i) : positionOf(i, end);
        int start = segment.reader().seek(segment.offsetIndex().positionBefore(offset), limit, offset);
        if (start < 0) {
            return Optional.empty();
        }
        int stop = limit;
        long stopOffset = isWhole ? segments[i + 1].baseOffset() : end;
        if (limit - start > maxBytes) {
            int entry = segment.offsetIndex().entryAtOrBefore(start + maxBytes);
            stop = entry < 0 ? start : segment.offsetIndex().positionOf(entry);
            stopOffset = entry < 0 ? offset : segment.offsetIndex().lastOffsetOf(entry);
        }
        return stop - start < bytesMin
                ? Optional.empty()
                : Optional.of(new FileSlice(segment.reader().file(), start, stop - start, stopOffset));
    }

    /** Where the first batch of a segment that reaches this offset starts; its end if there is none. */
    private int positionOf(int segment, long offset) {
        int before = segments[segment].offsetIndex().positionBefore(offset);
        int found = segments[segment].reader().seek(Math.min(before, sizeOf(segment)), sizeOf(segment), offset);
        return found < 0 ? sizeOf(segment) : found;
    }

    /**
     * Counts the bytes of what {@link #read} would give, from headers alone, until it has counted enough.
     *
     * @param from an offset; one below the log start counts as the log start
     * @param upTo only batches that end below this offset
     * @param enough counting stops when there are so many bytes, at least one batch is looked at
     * @throws StorageException if the disk cannot be read
     * @throws io.millrace.record.CorruptBatchException if what is on the disk is no batch
     */
    public Extent extent(long from, long upTo, long enough) {
        long offset = Math.max(from, logStartOffset);
        long end = Math.min(upTo, logEndOffset);
        if (offset >= end) {
            return new Extent(0, offset);
        }
        if (offset >= tail.firstOffset()) {
            return tail.extent(offset, end, enough);
        }
        long bytes = 0;
        for (int i = segmentOf(offset); i < segments.length && segments[i].baseOffset() < end; i++) {
            BatchScan scan = new BatchScan(
                    segments[i].reader(), segments[i].offsetIndex().positionBefore(offset), sizeOf(i));
            while (scan.next() && scan.lastOffset() < end) {
                if (scan.lastOffset() >= offset) {
                    bytes += scan.size();
                    offset = scan.lastOffset() + 1;
                }
                if (bytes >= enough) {
                    return new Extent(bytes, offset);
                }
            }
        }
        return new Extent(bytes, offset);
    }

    /** Aborted transactions that have records in [from, to), in the order of their markers. */
    public List<AbortedTransaction> abortedTransactions(long from, long to) {
        List<AbortedTransaction> found = new ArrayList<>();
        for (int i = segmentOf(from); i < segments.length; i++) {
            if (segments[i].abortedIndex().collect(from, to, found)) {
                break;
            }
        }
        return found;
    }

    /**
     * The first record below {@code upTo} whose timestamp (ms) is this or later.
     *
     * @return offset -1 if there is none
     */
    public FoundOffset firstAtOrAfter(long timestampMs, long upTo) {
        for (int i = segmentOf(logStartOffset); i < segments.length; i++) {
            Segment segment = segments[i];
            boolean active = i == segments.length - 1;
            if (!active && segment.maxTimestamp() < timestampMs) {
                continue;
            }
            long from = Math.max(logStartOffset, segment.timeIndex().offsetBefore(timestampMs));
            FoundOffset found = firstAtOrAfter(segment, sizeOf(i), timestampMs, from, upTo);
            if (found.offset() >= 0) {
                return found;
            }
        }
        return new FoundOffset(-1, RecordBatch.NO_TIMESTAMP, -1);
    }

    private FoundOffset firstAtOrAfter(Segment segment, int limit, long timestampMs, long from, long upTo) {
        BatchScan scan = new BatchScan(segment.reader(), segment.offsetIndex().positionBefore(from), limit);
        RecordCursor cursor = new RecordCursor();
        while (scan.next() && scan.lastOffset() < upTo) {
            if (scan.lastOffset() >= from && scan.maxTimestamp() >= timestampMs) {
                RecordBatch batch = segment.reader().batchAt(scan.position(), scan.size());
                cursor.wrap(batch);
                while (cursor.next()) {
                    if (cursor.timestamp() >= timestampMs && cursor.offset() >= from) {
                        return new FoundOffset(cursor.offset(), cursor.timestamp(), batch.partitionLeaderEpoch());
                    }
                }
            }
        }
        return new FoundOffset(-1, RecordBatch.NO_TIMESTAMP, -1);
    }

    /** The first record with the largest timestamp below {@code upTo}; offset -1 if there is no record. */
    public FoundOffset withMaxTimestamp(long upTo) {
        long largest = RecordBatch.NO_TIMESTAMP;
        for (int i = segmentOf(logStartOffset); i < segments.length; i++) {
            largest = Math.max(largest, largestBelow(i, largest, upTo));
        }
        return largest < 0 ? new FoundOffset(-1, RecordBatch.NO_TIMESTAMP, -1) : firstAtOrAfter(largest, upTo);
    }

    private long largestBelow(int index, long known, long upTo) {
        Segment segment = segments[index];
        boolean whole = index < segments.length - 1
                && segments[index + 1].baseOffset() <= upTo
                && segment.baseOffset() >= logStartOffset;
        if (whole) {
            return segment.maxTimestamp();
        }
        long largest = known;
        BatchScan scan = new BatchScan(segment.reader(), 0, sizeOf(index));
        while (scan.next() && scan.lastOffset() < upTo) {
            if (scan.lastOffset() >= logStartOffset) {
                largest = Math.max(largest, scan.maxTimestamp());
            }
        }
        return largest;
    }

    private int sizeOf(int index) {
        return index == segments.length - 1 ? activeSize : segments[index].size();
    }

    /** The segment that holds {@code offset}: the last one that begins at or before it. */
    private int segmentOf(long offset) {
        int low = 0;
        int high = segments.length - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (segments[middle].baseOffset() <= offset) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }
}
