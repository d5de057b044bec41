package io.millrace.streams.operator;

import io.millrace.streams.KeyValue;
import io.millrace.streams.KeyValueFunction;
import io.millrace.streams.topology.Node;
import org.jspecify.annotations.Nullable;

/** Replaces a record with any number of records. */
final class FlatMapRecordOperator implements Receiver {

    private final Node node;
    private final TaskContext task;
    private final KeyValueFunction<Object, Object, Iterable<KeyValue<Object, Object>>> function;
    private final Receiver next;

    FlatMapRecordOperator(
            Node node,
            TaskContext task,
            KeyValueFunction<Object, Object, Iterable<KeyValue<Object, Object>>> function,
            Receiver next) {
        this.node = node;
        this.task = task;
        this.function = function;
        this.next = next;
    }

    @Override
    public void accept(@Nullable Object key, @Nullable Object value, long timestampMs, RecordContext context)
            throws Exception {
        Iterable<KeyValue<Object, Object>> records;
        try {
            records = Answers.complete(function.apply(Erased.nullable(key), Erased.nullable(value)));
        } catch (Exception e) {
            task.failed(node, e, key, value, timestampMs, context);
            return;
        }
        for (KeyValue<Object, Object> each : records) {
            next.accept(each.key(), each.value(), timestampMs, context);
        }
    }
}
