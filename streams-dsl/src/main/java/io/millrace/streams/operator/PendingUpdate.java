package io.millrace.streams.operator;

import io.millrace.record.Header;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An aggregate's row that changed in the open epoch, and what was handed on before: lives from the first change to the barrier. */
final class PendingUpdate {

    final Object key;
    final long windowStartMs;
    final Stamped row;
    final @Nullable Object oldResult;
    List<Header> headers;

    PendingUpdate(Object key, long windowStartMs, Stamped row, @Nullable Object oldResult, List<Header> headers) {
        this.key = key;
        this.windowStartMs = windowStartMs;
        this.row = row;
        this.oldResult = oldResult;
        this.headers = headers;
    }
}
