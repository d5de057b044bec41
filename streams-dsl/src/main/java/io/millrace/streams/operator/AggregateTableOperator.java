package io.millrace.streams.operator;

import io.millrace.store.KeyValueStore;
import io.millrace.streams.Aggregate;
import io.millrace.streams.topology.Node;
import org.jspecify.annotations.Nullable;

/**
 * A result per group of a table's rows: removes the old row from its group, then adds the new one.
 *
 * <p>A row that was never added is not removed. The result's timestamp is that of the update, or the group's if that is
 * larger. A group that has no accumulator hands on a deletion.
 */
final class AggregateTableOperator implements TableReceiver, StatefulOperator {

    private final Node node;
    private final TaskContext task;
    private final Results results;
    private final RowUpdate update;
    private final Emission emission;
    private final KeyValueStore<Object, Stamped> rows;

    AggregateTableOperator(
            Node node,
            TaskContext task,
            Aggregate<Object, Object, Object, Object> aggregate,
            Results results,
            Emission emission) {
        this.node = node;
        this.task = task;
        this.results = results;
        this.update = new RowUpdate(node, task, aggregate, results, emission);
        this.emission = emission;
        this.rows = task.state().keyValue(AggregateOperator.rows(node, task));
    }

    @Override
    public void update(
            Object key, @Nullable Object oldValue, @Nullable Object newValue, long timestampMs, RecordContext context)
            throws Exception {
        update.begin(rows.getForUpdate(key));
        try {
            update.noteOldResult();
            if (oldValue != null) {
                update.remove(key, oldValue);
            }
            if (newValue != null) {
                update.add(key, newValue);
            }
        } catch (Exception e) {
            update.undo();
            task.failed(node, e, key, newValue == null ? oldValue : newValue, timestampMs, context);
            return;
        }
        boolean contributes = newValue != null || oldValue != null;
        Stamped row = update.apply(contributes ? update.latest(timestampMs) : timestampMs);
        if (row.value != null) {
            rows.put(key, row);
        } else if (update.exists()) {
            rows.delete(key);
        }
        emission.updated(key, 0, row, update.oldResult(), context);
    }

    /** The table as downstream has seen it. */
    TableView view() {
        return emission.view((key, context) -> results.seen(rows.get(key)));
    }

    @Override
    public String id() {
        return node.id();
    }

    @Override
    public void barrier(RecordContext context) throws Exception {
        emission.barrier(context);
    }
}
