package io.millrace.streams.operator;

import org.jspecify.annotations.Nullable;

/**
 * An update that waits for stream time, kept as state.
 *
 * @param oldResult what was handed on before, null for none
 * @param newResult the newest, null for a deletion
 * @param timestampMs event time of the newest
 * @param dueMs stream time at which it is handed on
 */
record HeldUpdate(@Nullable Object oldResult, @Nullable Object newResult, long timestampMs, long dueMs) {}
