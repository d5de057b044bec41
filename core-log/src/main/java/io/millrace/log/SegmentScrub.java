package io.millrace.log;

import io.millrace.record.RecordBatch;
import org.jspecify.annotations.Nullable;

/**
 * Reads one sealed segment and checks every batch (S10): checksum, and the offsets and leader epochs that lie outside of it.
 *
 * <p>Made by the owner of the log ({@link LogScrubber#next}), stepped by any one thread, its defect handed back to the owner
 * ({@link LogScrubber#quarantine}). Sealed segments do not change, so nothing is locked.
 */
public final class SegmentScrub {

    private final Segment segment;
    private final EpochHistory epochs;
    private final WholeBatchScan scan;
    private long expected;
    private boolean done;
    private @Nullable String defect;

    SegmentScrub(Segment segment, EpochHistory epochs) {
        this.segment = segment;
        this.epochs = epochs;
        this.scan = new WholeBatchScan(segment.file(), segment.size());
        this.expected = segment.baseOffset();
    }

    Segment segment() {
        return segment;
    }

    /** Where the next segment begins. */
    public long endOffset() {
        return segment.nextOffset();
    }

    /** Whether the end or a defect was reached. */
    public boolean isDone() {
        return done;
    }

    /** What is wrong, where, and what to do; null if nothing was found. */
    public @Nullable String defect() {
        return defect;
    }

    /**
     * Reads about so many bytes.
     *
     * @return how many it were
     * @throws StorageException of kind {@link StorageException.Kind#MISSING} if retention or compaction has removed the segment
     */
    public int step(int bytes) {
        int read = 0;
        try {
            while (read < bytes && !done) {
                read += next();
            }
        } catch (StorageException e) {
            if (e.kind() != StorageException.Kind.IO) {
                throw e;
            }
            found("it cannot be read: " + e.getMessage());
        }
        return read;
    }

    private int next() {
        if (!scan.next()) {
            String wrong = scan.defect();
            if (wrong != null) {
                found(wrong);
            }
            done = true;
            return 0;
        }
        RecordBatch batch = scan.batch();
        String wrongEpoch = epochs.contradiction(batch);
        if (batch.baseOffset() < expected || batch.lastOffset() >= segment.nextOffset()) {
            found("its offsets are " + batch.baseOffset() + " to " + batch.lastOffset() + ", expected " + expected
                    + " to " + (segment.nextOffset() - 1));
        } else if (wrongEpoch != null) {
            found(wrongEpoch);
        }
        expected = batch.nextOffset();
        return batch.sizeInBytes();
    }

    private void found(String wrong) {
        done = true;
        defect = segment.file().path() + " is corrupt at position " + scan.position() + " (offset " + expected + "): "
                + wrong
                + ". Nothing was changed; records outside of it can be read. Restore the file from a replica or a backup, or"
                + " copy what can be read to a new topic.";
    }
}
