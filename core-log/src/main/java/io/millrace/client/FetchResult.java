package io.millrace.client;

import io.millrace.record.RecordBatch;
import java.util.List;

/** What {@link Subscription#fetch} found. */
public sealed interface FetchResult {

    /**
     * Whole batches, in offset order. Control batches are never among them, and those of aborted transactions only for a
     * read-uncommitted reader. The first batch may begin below the position (batches are stored whole): skip those records.
     * The list may be empty although the position moved: all that was there had to be left out. The batches stay valid as
     * long as they are held.
     *
     * @param batches to be read in this order
     * @param fromOffset the position before: records below it are not asked for
     * @param nextOffset the position after
     */
    record Fetched(List<RecordBatch> batches, long fromOffset, long nextOffset) implements FetchResult {}

    /** Nothing is there yet; the client's signal will be raised when there is. */
    record Empty() implements FetchResult {}

    /** The position is outside of the log: retention has overtaken it, or it lies beyond the end. Seek first. */
    record OutOfRange(long position, long logStartOffset, long logEndOffset) implements FetchResult {}

    /** The partition cannot be read, for instance because it does not exist (any more) or its disk failed. */
    record Failed(ErrorCode error, String message) implements FetchResult {}
}
