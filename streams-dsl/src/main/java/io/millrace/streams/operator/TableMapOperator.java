package io.millrace.streams.operator;

import io.millrace.streams.KeyValueFunction;
import io.millrace.streams.topology.Node;
import org.jspecify.annotations.Nullable;

/** Replaces the value of each row; deletions stay deletions. Keeps no rows. */
final class TableMapOperator implements TableReceiver {

    private final Node node;
    private final TaskContext task;
    private final KeyValueFunction<Object, Object, Object> function;
    private final boolean sendsOld;
    private final TableReceiver next;

    TableMapOperator(
            Node node,
            TaskContext task,
            KeyValueFunction<Object, Object, Object> function,
            boolean sendsOld,
            TableReceiver next) {
        this.node = node;
        this.task = task;
        this.function = function;
        this.sendsOld = sendsOld;
        this.next = next;
    }

    @Override
    public void update(
            Object key, @Nullable Object oldValue, @Nullable Object newValue, long timestampMs, RecordContext context)
            throws Exception {
        Object before;
        Object now;
        try {
            now = newValue == null ? null : function.apply(key, newValue);
            before = sendsOld && oldValue != null ? function.apply(key, oldValue) : null;
        } catch (Exception e) {
            task.failed(node, e, key, newValue, timestampMs, context);
            return;
        }
        next.update(key, before, now, timestampMs, context);
    }

    TableView view(TableView parent) {
        return (key, context) -> {
            Stamped row = parent.row(key, context);
            if (row == null || row.value == null) {
                return null;
            }
            try {
                Object mapped = function.apply(key, row.value);
                return mapped == null ? null : new Stamped(mapped, row.timestampMs);
            } catch (Exception e) {
                task.failed(node, e, key, row.value, row.timestampMs, context);
                return null;
            }
        };
    }
}
