package io.millrace.streams.operator;

import io.millrace.streams.KeyValueFunction;
import io.millrace.streams.topology.Node;
import org.jspecify.annotations.Nullable;

/** Replaces the key. */
final class SelectKeyOperator implements Receiver {

    private final Node node;
    private final TaskContext task;
    private final KeyValueFunction<Object, Object, Object> function;
    private final Receiver next;

    SelectKeyOperator(Node node, TaskContext task, KeyValueFunction<Object, Object, Object> function, Receiver next) {
        this.node = node;
        this.task = task;
        this.function = function;
        this.next = next;
    }

    @Override
    public void accept(@Nullable Object key, @Nullable Object value, long timestampMs, RecordContext context)
            throws Exception {
        Object selected;
        try {
            selected = function.apply(Erased.nullable(key), Erased.nullable(value));
        } catch (Exception e) {
            task.failed(node, e, key, value, timestampMs, context);
            return;
        }
        next.accept(selected, value, timestampMs, context);
    }
}
