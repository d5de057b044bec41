package io.millrace.streams.operator;

import io.millrace.streams.KeyValuePredicate;
import io.millrace.streams.topology.Node;
import org.jspecify.annotations.Nullable;

/**
 * Hands on the rows that a predicate wants, or does not want; for the others, that they are gone.
 *
 * <p>Where the row before is known, a row that was not and is not wanted is not mentioned; where it is not known, its
 * deletion is handed on. Keeps no rows.
 */
final class TableFilterOperator implements TableReceiver {

    private final Node node;
    private final TaskContext task;
    private final KeyValuePredicate<Object, Object> predicate;
    private final boolean negated;
    private final boolean sendsOld;
    private final TableReceiver next;

    TableFilterOperator(
            Node node,
            TaskContext task,
            KeyValuePredicate<Object, Object> predicate,
            boolean negated,
            boolean sendsOld,
            TableReceiver next) {
        this.node = node;
        this.task = task;
        this.predicate = predicate;
        this.negated = negated;
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
            now = wanted(key, newValue);
            before = sendsOld ? wanted(key, oldValue) : null;
        } catch (Exception e) {
            task.failed(node, e, key, newValue, timestampMs, context);
            return;
        }
        if (now != null || before != null || !sendsOld) {
            next.update(key, before, now, timestampMs, context);
        }
    }

    private @Nullable Object wanted(Object key, @Nullable Object value) throws Exception {
        return value != null && predicate.test(key, value) != negated ? value : null;
    }

    TableView view(TableView parent) {
        return (key, context) -> {
            Stamped row = parent.row(key, context);
            if (row == null) {
                return null;
            }
            try {
                return wanted(key, row.value) == null ? null : row;
            } catch (Exception e) {
                task.failed(node, e, key, row.value, row.timestampMs, context);
                return null;
            }
        };
    }
}
