package io.millrace.server.command;

import io.millrace.record.CorruptBatchException;
import io.millrace.record.RecordBatch;
import io.millrace.record.RecordCursor;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads one segment beside its indexes, and says what is wrong with it first. */
final class SegmentCheck {

    private final SegmentFile segment;
    private final AbortedCheck aborted;
    private final IndexCheck indexes;
    private final RecordCursor cursor = new RecordCursor();
    private long nextOffset;
    private long batches;
    private long records;
    private @Nullable String problem;

    /**
     * @param nextOffset behind the segment before, below which nothing may lie
     * @param aborted of all segments of the partition
     */
    SegmentCheck(SegmentFile segment, long nextOffset, AbortedCheck aborted) throws IOException {
        this.segment = segment;
        this.aborted = aborted;
        this.indexes = new IndexCheck(segment.path(), segment.baseOffset());
        this.nextOffset = nextOffset;
    }

    void run() throws IOException {
        if (segment.baseOffset() < nextOffset) {
            problem = "the segment before reaches to offset " + nextOffset;
            return;
        }
        nextOffset = segment.baseOffset();
        aborted.segment(segment.path(), segment.baseOffset());
        try {
            segment.forEach(this::check);
            indexes.end(nextOffset);
            aborted.end(nextOffset);
            problem = indexes.problem() == null ? aborted.problem() : indexes.problem();
        } catch (CorruptBatchException e) {
            problem = e.getMessage();
        }
    }

    private void check(SegmentFile file, long position, RecordBatch batch) {
        String where = "the batch at position " + position + ", offset " + batch.baseOffset() + ": ";
        if (!batch.isValidCrc()) {
            throw new CorruptBatchException(where + "its checksum is wrong");
        }
        if (batch.baseOffset() < nextOffset) {
            throw new CorruptBatchException(where + "offsets up to " + nextOffset + " come before it");
        }
        cursor.wrap(batch);
        while (cursor.next()) {
            records++;
        }
        indexes.batch(position, batch);
        aborted.batch(batch, cursor);
        batches++;
        nextOffset = batch.nextOffset();
    }

    /** Where the next segment may begin. */
    long nextOffset() {
        return nextOffset;
    }

    long batches() {
        return batches;
    }

    long records() {
        return records;
    }

    /** Null if all is sound. */
    @Nullable
    String problem() {
        return problem;
    }
}
