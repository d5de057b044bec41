package io.millrace.streams.runtime;

import io.millrace.client.TopicPartition;

/** The job's position is outside of the log: retention has overtaken it, or the log was cut. The job stops; it never skips. */
final class PositionLostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PositionLostException(TopicPartition partition, long position, long logStartOffset, long logEndOffset) {
        super("the job's position " + position + " in " + partition + " is outside of the log, which has offsets "
                + logStartOffset + " to " + logEndOffset
                + (position < logStartOffset
                        ? ": retention has overtaken the job and records were lost. "
                        : ": the log ends before it; was the topic created again, or the log cut? ")
                + "Raise retention.ms, then put the job back with `millrace job reset`.");
    }
}
