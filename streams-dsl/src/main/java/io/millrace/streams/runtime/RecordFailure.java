package io.millrace.streams.runtime;

import org.jspecify.annotations.Nullable;

/**
 * Why an epoch failed: a record and what was thrown on it. The message names topic, partition and offset.
 */
public final class RecordFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final @Nullable String topic;
    private final int partition;
    private final long offset;

    RecordFailure(@Nullable String topic, int partition, long offset, Throwable cause) {
        super(
                (topic == null ? "outside of any topic" : "at " + topic + "-" + partition + " offset " + offset) + ": "
                        + reasonOf(cause),
                cause);
        this.topic = topic;
        this.partition = partition;
        this.offset = offset;
    }

    private static String reasonOf(Throwable cause) {
        String message = cause.getMessage();
        return message == null ? cause.getClass().getName() : message;
    }

    /** Source topic of the record; null where the failure has none, as in a timer. */
    public @Nullable String topic() {
        return topic;
    }

    /** Source partition, -1 where there is none. */
    public int partition() {
        return partition;
    }

    /** Source offset, -1 where there is none. */
    public long offset() {
        return offset;
    }
}
