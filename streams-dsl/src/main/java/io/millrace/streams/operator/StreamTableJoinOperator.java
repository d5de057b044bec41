package io.millrace.streams.operator;

import io.millrace.streams.DropReason;
import io.millrace.streams.ValueJoiner;
import io.millrace.streams.topology.Node;
import org.jspecify.annotations.Nullable;

/**
 * Joins each record of a stream with the table's row at that moment. Keeps nothing itself; the result has the record's
 * timestamp.
 *
 * <p>An inner join drops null keys and skips records without a row, a left join hands null to the joiner for both. Null values
 * are dropped.
 */
final class StreamTableJoinOperator implements Receiver {

    private final Node node;
    private final TaskContext task;
    private final ValueJoiner<Object, Object, Object> joiner;
    private final boolean left;
    private final TableView table;
    private final Receiver next;

    StreamTableJoinOperator(
            Node node,
            TaskContext task,
            ValueJoiner<Object, Object, Object> joiner,
            boolean left,
            TableView table,
            Receiver next) {
        this.node = node;
        this.task = task;
        this.joiner = joiner;
        this.left = left;
        this.table = table;
        this.next = next;
    }

    @Override
    public void accept(@Nullable Object key, @Nullable Object value, long timestampMs, RecordContext context)
            throws Exception {
        if (value == null) {
            task.drop(node, DropReason.NULL_VALUE, key, value, timestampMs, context);
            return;
        }
        if (key == null && !left) {
            task.drop(node, DropReason.NULL_KEY, key, value, timestampMs, context);
            return;
        }
        Stamped row = key == null ? null : table.row(key, context);
        if (row == null && !left) {
            return;
        }
        Object joined;
        try {
            joined = joiner.join(value, Erased.nullable(row == null ? null : row.value));
        } catch (Exception e) {
            task.failed(node, e, key, value, timestampMs, context);
            return;
        }
        next.accept(key, joined, timestampMs, context);
    }
}
