package io.millrace.streams;

/** Where a source begins when its job has no committed position yet. */
public enum OffsetReset {
    EARLIEST,
    LATEST,
    /** The job does not start. */
    NONE
}
