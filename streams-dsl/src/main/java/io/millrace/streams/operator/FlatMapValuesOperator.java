package io.millrace.streams.operator;

import io.millrace.streams.KeyValueFunction;
import io.millrace.streams.topology.Node;
import org.jspecify.annotations.Nullable;

/** Replaces a value with any number of values. */
final class FlatMapValuesOperator implements Receiver {

    private final Node node;
    private final TaskContext task;
    private final KeyValueFunction<Object, Object, Iterable<Object>> function;
    private final Receiver next;

    FlatMapValuesOperator(
            Node node, TaskContext task, KeyValueFunction<Object, Object, Iterable<Object>> function, Receiver next) {
        this.node = node;
        this.task = task;
        this.function = function;
        this.next = next;
    }

    @Override
    public void accept(@Nullable Object key, @Nullable Object value, long timestampMs, RecordContext context)
            throws Exception {
        Iterable<Object> values;
        try {
            values = Answers.complete(function.apply(Erased.nullable(key), Erased.nullable(value)));
        } catch (Exception e) {
            task.failed(node, e, key, value, timestampMs, context);
            return;
        }
        for (Object each : values) {
            next.accept(key, each, timestampMs, context);
        }
    }
}
