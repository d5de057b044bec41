package io.millrace.streams.operator;

import io.millrace.streams.KeyValueAction;
import io.millrace.streams.topology.Node;
import org.jspecify.annotations.Nullable;

/** Runs a side effect, then hands the record on: peek, and foreach with nothing behind it. */
final class ActionOperator implements Receiver {

    private final Node node;
    private final TaskContext task;
    private final KeyValueAction<Object, Object> action;
    private final Receiver next;

    ActionOperator(Node node, TaskContext task, KeyValueAction<Object, Object> action, Receiver next) {
        this.node = node;
        this.task = task;
        this.action = action;
        this.next = next;
    }

    @Override
    public void accept(@Nullable Object key, @Nullable Object value, long timestampMs, RecordContext context)
            throws Exception {
        try {
            action.accept(Erased.nullable(key), Erased.nullable(value));
        } catch (Exception e) {
            task.failed(node, e, key, value, timestampMs, context);
            return;
        }
        next.accept(key, value, timestampMs, context);
    }
}
