package io.millrace.log;

import io.millrace.client.ErrorCode;

/** What became of the batches that were appended since the last write. */
public sealed interface WriteOutcome {

    /** All of them are in the file and can be read up to the high watermark. {@code endOffset} is the new log end. */
    record Written(long endOffset) implements WriteOutcome {}

    /**
     * None of those at or above {@code endOffset} is in the log any more: answer their producers with the error. If the disk
     * was full, later appends may succeed; otherwise the log refuses them.
     */
    record NotWritten(ErrorCode error, String message, long endOffset) implements WriteOutcome {}
}
