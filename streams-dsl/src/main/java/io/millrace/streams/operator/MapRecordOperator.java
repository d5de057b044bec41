package io.millrace.streams.operator;

import io.millrace.streams.KeyValue;
import io.millrace.streams.KeyValueFunction;
import io.millrace.streams.topology.Node;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Replaces key and value. */
final class MapRecordOperator implements Receiver {

    private final Node node;
    private final TaskContext task;
    private final KeyValueFunction<Object, Object, KeyValue<Object, Object>> function;
    private final Receiver next;

    MapRecordOperator(
            Node node,
            TaskContext task,
            KeyValueFunction<Object, Object, KeyValue<Object, Object>> function,
            Receiver next) {
        this.node = node;
        this.task = task;
        this.function = function;
        this.next = next;
    }

    @Override
    public void accept(@Nullable Object key, @Nullable Object value, long timestampMs, RecordContext context)
            throws Exception {
        KeyValue<Object, Object> mapped;
        try {
            mapped = Objects.requireNonNull(
                    function.apply(Erased.nullable(key), Erased.nullable(value)),
                    "a map must answer a key and a value");
        } catch (Exception e) {
            task.failed(node, e, key, value, timestampMs, context);
            return;
        }
        next.accept(mapped.key(), mapped.value(), timestampMs, context);
    }
}
