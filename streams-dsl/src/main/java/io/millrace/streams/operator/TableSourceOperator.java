package io.millrace.streams.operator;

import io.millrace.store.KeyValueStore;
import io.millrace.streams.DropReason;
import io.millrace.streams.topology.Node;
import org.jspecify.annotations.Nullable;

/**
 * Makes a table of a topic or a stream: the latest record of a key is its row, a null value deletes it.
 *
 * <p>Rows are kept only if somebody looks them up or needs the row before. The latest is the last to arrive, also when its
 * timestamp is older. Deletions of rows that do not exist are handed on.
 */
final class TableSourceOperator implements Receiver, StatefulOperator {

    private final Node node;
    private final TaskContext task;
    private final @Nullable KeyValueStore<Object, Stamped> rows;
    private final TableReceiver next;

    TableSourceOperator(Node node, TaskContext task, boolean keepsRows, TableReceiver next) {
        this.node = node;
        this.task = task;
        this.rows = keepsRows ? task.state().keyValue(AggregateOperator.rows(node, task)) : null;
        this.next = next;
    }

    @Override
    public void accept(@Nullable Object key, @Nullable Object value, long timestampMs, RecordContext context)
            throws Exception {
        if (key == null) {
            task.drop(node, DropReason.NULL_KEY, key, value, timestampMs, context);
            return;
        }
        if (rows == null) {
            next.update(key, null, value, timestampMs, context);
            return;
        }
        Stamped before = rows.get(key);
        if (value != null) {
            rows.put(key, new Stamped(value, timestampMs));
        } else if (before != null) {
            rows.delete(key);
        }
        next.update(key, before == null ? null : before.value, value, timestampMs, context);
    }

    @Nullable
    Stamped row(Object key) {
        return rows == null ? null : rows.get(key);
    }

    @Override
    public String id() {
        return node.id();
    }
}
