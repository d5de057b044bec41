package io.millrace.record;

/** What the timestamps of a batch mean: the producer's event time, or the moment the leader appended the batch. */
public enum TimestampType {
    /** Each record carries its own timestamp. */
    CREATE_TIME,
    /** All records have the batch's maximum timestamp, which the leader stamped; their own deltas are ignored. */
    LOG_APPEND_TIME
}
