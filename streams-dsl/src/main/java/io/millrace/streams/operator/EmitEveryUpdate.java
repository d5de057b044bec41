package io.millrace.streams.operator;

import io.millrace.streams.topology.Node;
import org.jspecify.annotations.Nullable;

/** Hands on each update at once. */
final class EmitEveryUpdate implements Emission {

    private final Node node;
    private final TaskContext task;
    private final Results results;
    private final boolean sendsOld;
    private final TableReceiver next;

    EmitEveryUpdate(Node node, TaskContext task, Results results, boolean sendsOld, TableReceiver next) {
        this.node = node;
        this.task = task;
        this.results = results;
        this.sendsOld = sendsOld;
        this.next = next;
    }

    @Override
    public boolean wantsOldResult(Stamped row) {
        return sendsOld;
    }

    @Override
    public void updated(Object key, long windowStartMs, Stamped row, @Nullable Object oldResult, RecordContext context)
            throws Exception {
        Object result;
        try {
            result = results.of(row.value);
        } catch (Exception e) {
            task.failed(node, e, key, row.value, row.timestampMs, context);
            return;
        }
        next.update(results.key(key, windowStartMs), oldResult, result, row.timestampMs, context);
    }
}
