package io.millrace.streams.operator;

import io.millrace.store.ValueCodec;
import io.millrace.streams.Aggregate;
import io.millrace.streams.Windowed;
import org.jspecify.annotations.Nullable;

/** What the outside sees of an aggregate's rows: their results, under keys that name the window. Pure. */
final class Results {

    private final Aggregate<Object, Object, Object, Object> aggregate;
    private final ValueCodec<Object> values;
    private final long windowSizeMs;

    /** @param windowSizeMs 0 without windows */
    Results(Aggregate<Object, Object, Object, Object> aggregate, ValueCodec<Object> values, long windowSizeMs) {
        this.aggregate = aggregate;
        this.values = values;
        this.windowSizeMs = windowSizeMs;
    }

    Object key(Object key, long windowStartMs) {
        return windowSizeMs == 0 ? key : new Windowed<>(key, windowStartMs, windowStartMs + windowSizeMs);
    }

    /** The result of an accumulator, null for none. It stays as it is when the accumulator goes on. */
    @Nullable
    Object of(@Nullable Object accumulator) throws Exception {
        if (accumulator == null) {
            return null;
        }
        Object result = aggregate.result(accumulator);
        return result == accumulator ? values.copy(accumulator) : result;
    }

    /** A row as a table shows it: its result and its timestamp; null if there is no result. */
    @Nullable
    Stamped seen(@Nullable Stamped row) throws Exception {
        Object result = row == null ? null : of(row.value);
        return row == null || result == null ? null : new Stamped(result, row.timestampMs);
    }
}
