package io.millrace.record;

/** Immutable view of one batch. */
public final class RecordBatch {
    private RecordBatch() {}
}
