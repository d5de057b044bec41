package io.millrace.streams.operator;

import io.millrace.streams.ValueJoiner;
import io.millrace.streams.topology.Node;
import io.millrace.streams.topology.Operation.JoinKind;
import org.jspecify.annotations.Nullable;

/**
 * Joins two tables on their key: each update is joined with the other table's row. Keeps nothing itself; the result's
 * timestamp is the larger of both rows'.
 *
 * <p>A deletion is handed on only if there may be a result to delete.
 */
final class TableTableJoinOperator {

    private final Node node;
    private final TaskContext task;
    private final ValueJoiner<Object, Object, Object> joiner;
    private final boolean keepsLeft;
    private final boolean keepsRight;
    private final boolean sendsOld;
    private final TableView leftTable;
    private final TableView rightTable;
    private final TableReceiver next;

    TableTableJoinOperator(
            Node node,
            TaskContext task,
            ValueJoiner<Object, Object, Object> joiner,
            JoinKind kind,
            boolean sendsOld,
            TableView leftTable,
            TableView rightTable,
            TableReceiver next) {
        this.node = node;
        this.task = task;
        this.joiner = joiner;
        this.keepsLeft = kind != JoinKind.INNER;
        this.keepsRight = kind == JoinKind.OUTER;
        this.sendsOld = sendsOld;
        this.leftTable = leftTable;
        this.rightTable = rightTable;
        this.next = next;
    }

    void leftUpdated(
            Object key, @Nullable Object oldLeft, @Nullable Object newLeft, long timestampMs, RecordContext context)
            throws Exception {
        Stamped row = rightTable.row(key, context);
        Object right = row == null ? null : row.value;
        if (right == null && (!keepsLeft || (oldLeft == null && newLeft == null))) {
            return;
        }
        Object before;
        Object now;
        try {
            now = joined(newLeft, right);
            before = sendsOld ? joined(oldLeft, right) : null;
        } catch (Exception e) {
            task.failed(node, e, key, newLeft, timestampMs, context);
            return;
        }
        next.update(key, before, now, later(timestampMs, row), context);
    }

    void rightUpdated(
            Object key, @Nullable Object oldRight, @Nullable Object newRight, long timestampMs, RecordContext context)
            throws Exception {
        Stamped row = leftTable.row(key, context);
        Object left = row == null ? null : row.value;
        if (left == null && (!keepsRight || (oldRight == null && newRight == null))) {
            return;
        }
        Object before;
        Object now;
        try {
            now = joined(left, newRight);
            before = sendsOld ? joined(left, oldRight) : null;
        } catch (Exception e) {
            task.failed(node, e, key, newRight, timestampMs, context);
            return;
        }
        next.update(key, before, now, later(timestampMs, row), context);
    }

    TableView view() {
        return (key, context) -> {
            Stamped left = leftTable.row(key, context);
            Stamped right = left == null && !keepsRight ? null : rightTable.row(key, context);
            Object result;
            try {
                result = joined(left == null ? null : left.value, right == null ? null : right.value);
            } catch (Exception e) {
                task.failed(node, e, key, null, later(later(0, left), right), context);
                return null;
            }
            return result == null ? null : new Stamped(result, later(later(Long.MIN_VALUE, left), right));
        };
    }

    /** The result of two rows, null if the join has none for them. */
    private @Nullable Object joined(@Nullable Object left, @Nullable Object right) throws Exception {
        boolean has = left == null ? right != null && keepsRight : right != null || keepsLeft;
        return has ? joiner.join(Erased.nullable(left), Erased.nullable(right)) : null;
    }

    private static long later(long timestampMs, @Nullable Stamped row) {
        return row == null ? timestampMs : Math.max(timestampMs, row.timestampMs);
    }
}
