package io.millrace.streams.operator;

import io.millrace.record.Header;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An update that waits for stream time, kept as state.
 *
 * @param oldResult what was handed on before, null for none
 * @param newResult the newest, null for a deletion
 * @param timestampMs event time of the newest
 * @param headers of the newest record
 */
record HeldUpdate(@Nullable Object oldResult, @Nullable Object newResult, long timestampMs, List<Header> headers) {}
