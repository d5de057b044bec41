package io.millrace.record;

/** Writes one batch. */
public final class RecordBatchBuilder {
    private RecordBatchBuilder() {}
}
