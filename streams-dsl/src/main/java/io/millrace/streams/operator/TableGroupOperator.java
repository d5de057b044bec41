package io.millrace.streams.operator;

import io.millrace.streams.DropReason;
import io.millrace.streams.KeyValue;
import io.millrace.streams.KeyValueFunction;
import io.millrace.streams.topology.Node;
import org.jspecify.annotations.Nullable;

/**
 * Puts each row under the key of its group. A row that moves leaves its old group before it enters the new one; one that
 * stays is one update.
 *
 * <p>A row whose group key or value is null belongs to no group. Keeps no rows.
 */
final class TableGroupOperator implements TableReceiver {

    private final Node node;
    private final TaskContext task;
    private final KeyValueFunction<Object, Object, KeyValue<Object, Object>> function;
    private final TableReceiver next;

    TableGroupOperator(
            Node node,
            TaskContext task,
            KeyValueFunction<Object, Object, KeyValue<Object, Object>> function,
            TableReceiver next) {
        this.node = node;
        this.task = task;
        this.function = function;
        this.next = next;
    }

    @Override
    public void update(
            Object key, @Nullable Object oldValue, @Nullable Object newValue, long timestampMs, RecordContext context)
            throws Exception {
        KeyValue<Object, Object> before;
        KeyValue<Object, Object> now;
        try {
            now = newValue == null ? null : function.apply(key, newValue);
            before = oldValue == null ? null : function.apply(key, oldValue);
        } catch (Exception e) {
            task.failed(node, e, key, newValue, timestampMs, context);
            return;
        }
        if (newValue != null && !isGrouped(now)) {
            DropReason reason = now == null || now.key() == null ? DropReason.NULL_KEY : DropReason.NULL_VALUE;
            task.drop(node, reason, key, newValue, timestampMs, context);
        }
        if (before != null
                && now != null
                && isGrouped(before)
                && isGrouped(now)
                && before.key().equals(now.key())) {
            next.update(now.key(), before.value(), now.value(), timestampMs, context);
            return;
        }
        if (before != null && isGrouped(before)) {
            next.update(before.key(), before.value(), null, timestampMs, context);
        }
        if (now != null && isGrouped(now)) {
            next.update(now.key(), null, now.value(), timestampMs, context);
        }
    }

    private static boolean isGrouped(@Nullable KeyValue<Object, Object> row) {
        return row != null && row.key() != null && row.value() != null;
    }
}
