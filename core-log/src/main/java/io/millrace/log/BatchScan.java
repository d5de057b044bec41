package io.millrace.log;

import io.millrace.record.CorruptBatchException;
import io.millrace.record.RecordBatch;
import java.nio.ByteBuffer;

/**
 * Steps over the headers of the batches in a file without reading their records; stops at the limit.
 *
 * <p>Reads ahead in small pieces, so that a row of small batches costs one read. Belongs to whoever made it.
 */
final class BatchScan {
    private static final int READ_AHEAD_BYTES = 16 * 1024;

    private final SegmentReader reader;
    private final int limit;
    private final byte[] window;
    private int windowStart;
    private int windowBytes;
    private int position;
    private int size;
    private int at;

    BatchScan(SegmentReader reader, int position, int limit) {
        this.reader = reader;
        this.limit = limit;
        this.position = position;
        this.window = new byte[Math.min(READ_AHEAD_BYTES, Math.max(RecordBatch.HEADER_BYTES, limit - position))];
    }

    /**
     * Goes to the next batch.
     *
     * @return false at the limit
     * @throws CorruptBatchException if what follows is not a whole batch
     */
    boolean next() {
        position += size;
        size = 0;
        if (position >= limit) {
            return false;
        }
        if (limit - position < RecordBatch.HEADER_BYTES) {
            throw new CorruptBatchException(reader.file().path() + ": " + (limit - position) + " bytes at position "
                    + position + " are less than a batch header");
        }
        fill();
        at = position - windowStart;
        RecordBatch.checkHeader(window, at);
        size = RecordBatch.sizeAt(window, at);
        if (size > limit - position) {
            throw new CorruptBatchException(reader.file().path() + ": the batch at position " + position + " claims "
                    + size + " bytes, " + (limit - position) + " are left");
        }
        return true;
    }

    private void fill() {
        boolean inWindow = position >= windowStart && position + RecordBatch.HEADER_BYTES <= windowStart + windowBytes;
        if (!inWindow) {
            int length = Math.min(window.length, limit - position);
            int read = reader.file().read(position, ByteBuffer.wrap(window, 0, length));
            if (read < RecordBatch.HEADER_BYTES) {
                throw new CorruptBatchException(
                        reader.file().path() + " ends at " + (position + read) + " instead of " + limit);
            }
            windowStart = position;
            windowBytes = read;
        }
    }

    int position() {
        return position;
    }

    int size() {
        return size;
    }

    long baseOffset() {
        return RecordBatch.baseOffsetAt(window, at);
    }

    long lastOffset() {
        return RecordBatch.lastOffsetAt(window, at);
    }

    /** The largest timestamp of the batch's records; -1 if it has none for users: compaction has left none, or it is a marker. */
    long maxTimestamp() {
        return RecordBatch.isControlAt(window, at) ? RecordBatch.NO_TIMESTAMP : newestTimestamp();
    }

    /** The same with transaction markers, which carry the time at which they were written. */
    long newestTimestamp() {
        return RecordBatch.recordCountAt(window, at) == 0
                ? RecordBatch.NO_TIMESTAMP
                : RecordBatch.maxTimestampAt(window, at);
    }

    long producerId() {
        return RecordBatch.producerIdAt(window, at);
    }

    int leaderEpoch() {
        return RecordBatch.partitionLeaderEpochAt(window, at);
    }
}
