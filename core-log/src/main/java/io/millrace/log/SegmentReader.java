package io.millrace.log;

import io.millrace.record.CorruptBatchException;
import io.millrace.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.List;

/** Reads whole batches of one segment file. Holds no state; callable from any thread. */
final class SegmentReader {

    private final LogFile file;

    SegmentReader(LogFile file) {
        this.file = file;
    }

    LogFile file() {
        return file;
    }

    /**
     * Adds batches from the one that contains {@code offset} (or the next one there is) on, while they fit into
     * {@code maxBytes} and end below {@code endOffset}. The first one is always added whole.
     *
     * @param position where to begin to look, at the start of a batch
     * @param limit the end of what may be read of the file
     * @return how many bytes were added
     * @throws CorruptBatchException if the first batch, or a header before it, is corrupt
     */
    int read(int position, int limit, long offset, long endOffset, int maxBytes, List<RecordBatch> found) {
        int at = seek(position, limit, offset);
        if (at < 0) {
            return 0;
        }
        int available = Math.min(limit - at, Math.max(maxBytes, RecordBatch.HEADER_BYTES));
        byte[] bytes = bytesAt(at, available);
        int firstSize = RecordBatch.sizeAt(bytes, 0);
        if (firstSize > available) {
            bytes = bytesAt(at, Math.min(firstSize, limit - at));
            available = bytes.length;
        }
        return addBatches(bytes, available, at, endOffset, found);
    }

    /** Batches before a corrupt one are given; the next read begins with it and says so. */
    private int addBatches(byte[] bytes, int available, int filePosition, long endOffset, List<RecordBatch> found) {
        int used = 0;
        while (available - used >= RecordBatch.HEADER_BYTES) {
            try {
                int size = RecordBatch.sizeAt(bytes, used);
                if (size > available - used || RecordBatch.lastOffsetAt(bytes, used) >= endOffset) {
                    return used;
                }
                found.add(checked(RecordBatch.wrap(bytes, used, available - used)));
                used += size;
            } catch (CorruptBatchException e) {
                if (used > 0) {
                    return used;
                }
                throw new CorruptBatchException(
                        file.path() + " is corrupt at position " + filePosition + ": " + e.getMessage()
                                + ". Restore the file from a replica or a backup.",
                        e);
            }
        }
        return used;
    }

    private static RecordBatch checked(RecordBatch batch) {
        if (!batch.isValidCrc()) {
            throw new CorruptBatchException("the checksum of the batch at offset " + batch.baseOffset() + " is wrong");
        }
        return batch;
    }

    /** Where the first batch that reaches {@code offset} starts; -1 if there is none before the limit. */
    int seek(int position, int limit, long offset) {
        BatchScan scan = new BatchScan(this, position, limit);
        while (scan.next()) {
            if (scan.lastOffset() >= offset) {
                return scan.position();
            }
        }
        return -1;
    }

    /** The batch at this position. */
    RecordBatch batchAt(int position, int size) {
        return RecordBatch.wrap(bytesAt(position, size), 0);
    }

    byte[] bytesAt(int position, int length) {
        byte[] bytes = new byte[length];
        int read = file.read(position, ByteBuffer.wrap(bytes));
        if (read < length) {
            throw new StorageException(
                    StorageException.Kind.IO,
                    file.path() + " ends at " + (position + read) + ", at least " + (position + length)
                            + " bytes were expected",
                    null);
        }
        return bytes;
    }
}
