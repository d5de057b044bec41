package io.millrace.streams.operator;

import org.jspecify.annotations.Nullable;

/**
 * An update that waits for stream time, kept as state.
 *
 * @param oldResult what was handed on before, null for none
 * @param newResult the newest, null for a deletion
 * @param timestampMs event time of the newest
 */
record HeldUpdate(@Nullable Object oldResult, @Nullable Object newResult, long timestampMs) {}
