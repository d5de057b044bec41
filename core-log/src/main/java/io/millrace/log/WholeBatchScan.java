package io.millrace.log;

import io.millrace.record.CorruptBatchException;
import io.millrace.record.RecordBatch;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Steps over the batches of a file and checks each one's checksum; stops at the first defect and says what it is.
 *
 * <p>A batch is valid until the next step. Belongs to whoever made it.
 */
final class WholeBatchScan {
    private static final int WINDOW_BYTES = 1 << 20;

    private final LogFile file;
    private final long limit;
    private byte[] window;
    private long windowStart;
    private int windowBytes;
    private long position;
    private @Nullable RecordBatch batch;
    private @Nullable String defect;

    WholeBatchScan(LogFile file, long limit) {
        this.file = file;
        this.limit = limit;
        this.window = new byte[(int) Math.max(RecordBatch.HEADER_BYTES, Math.min(WINDOW_BYTES, limit))];
    }

    /** Goes to the next batch; false at the end of the file or at a defect. */
    boolean next() {
        if (batch != null) {
            position += batch.sizeInBytes();
            batch = null;
        }
        if (position >= limit) {
            return false;
        }
        try {
            int size = sizeOfNext();
            if (defect == null) {
                fill(size);
                RecordBatch found = RecordBatch.wrap(window, (int) (position - windowStart), size);
                if (found.isValidCrc()) {
                    batch = found;
                } else {
                    defect = "its checksum is wrong";
                }
            }
        } catch (CorruptBatchException e) {
            defect = String.valueOf(e.getMessage());
        }
        return defect == null;
    }

    private int sizeOfNext() {
        if (limit - position < RecordBatch.HEADER_BYTES) {
            defect = "only " + (limit - position) + " bytes are left, less than a batch header";
            return 0;
        }
        fill(RecordBatch.HEADER_BYTES);
        int size = RecordBatch.sizeAt(window, (int) (position - windowStart));
        if (size > limit - position) {
            defect = "it claims " + size + " bytes, " + (limit - position) + " are left";
        }
        return size;
    }

    /** Makes sure that so many bytes from the position on are in the window. */
    private void fill(int needed) {
        if (position >= windowStart && position + needed <= windowStart + windowBytes) {
            return;
        }
        if (needed > window.length) {
            window = new byte[needed];
        }
        int length = (int) Math.min(window.length, limit - position);
        int read = file.read(position, ByteBuffer.wrap(window, 0, length));
        if (read < needed) {
            throw new CorruptBatchException("the file ends after " + (position + read) + " bytes");
        }
        windowStart = position;
        windowBytes = read;
    }

    /** Where the batch, or the defect, begins. */
    long position() {
        return position;
    }

    RecordBatch batch() {
        RecordBatch current = batch;
        if (current == null) {
            throw new IllegalStateException("there is no batch at " + position);
        }
        return current;
    }

    /** Why the bytes at the position are no batch; null if the file ended cleanly. */
    @Nullable
    String defect() {
        return defect;
    }
}
