package io.millrace.streams.runtime;

import io.millrace.client.TopicPartition;
import java.util.UUID;

/**
 * The job's position means nothing in the log there is: retention has overtaken it, the log was cut, or the topic is another
 * one by now. The job stops; it never skips.
 */
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

    private PositionLostException(String message) {
        super(message);
    }

    /** The topic has another id than the one that was read: it was deleted and created again. */
    static PositionLostException createdAgain(TopicPartition partition, long position, UUID read, UUID found) {
        return new PositionLostException("the job's position " + position + " in " + partition
                + " is of another topic of that name, which was deleted since: the job has read the one with id " + read
                + ", there is now the one with id " + found
                + ". To read the new topic, put the job back, state included, with `millrace job reset`.");
    }

    /** The topic went while the job read it. */
    static PositionLostException deleted(TopicPartition partition, long position) {
        return new PositionLostException(
                "the topic of " + partition + " was deleted while the job, at position " + position
                        + ", read it. If there is one of that name again, put the job back, state included, with `millrace job reset`.");
    }
}
