package io.millrace.streams.operator;

import io.millrace.streams.topology.Node;
import org.jspecify.annotations.Nullable;

/** Hands on one final result per key and window, when the window closes. */
final class EmitOnClose implements Emission {

    private final Node node;
    private final TaskContext task;
    private final Results results;
    private final TableReceiver next;

    EmitOnClose(Node node, TaskContext task, Results results, TableReceiver next) {
        this.node = node;
        this.task = task;
        this.results = results;
        this.next = next;
    }

    @Override
    public boolean wantsOldResult(Stamped row) {
        return false;
    }

    @Override
    public void updated(
            Object key, long windowStartMs, Stamped row, @Nullable Object oldResult, RecordContext context) {
        // The row is in the store; what counts is what is there when the window closes.
    }

    @Override
    public boolean emitsClosed() {
        return true;
    }

    @Override
    public void closed(Object key, long windowStartMs, Stamped row, RecordContext context) throws Exception {
        Object result;
        try {
            result = results.of(row.value);
        } catch (Exception e) {
            task.failed(node, e, key, row.value, row.timestampMs, context);
            return;
        }
        next.update(results.key(key, windowStartMs), null, result, row.timestampMs, context);
    }
}
