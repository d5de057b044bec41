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
    private final Aggregate<Object, Object, Object, Object> aggregate;
    private final Results results;
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
        this.aggregate = aggregate;
        this.results = results;
        this.emission = emission;
        this.rows = task.state().keyValue(AggregateOperator.rows(node, task));
    }

    @Override
    public void update(
            Object key, @Nullable Object oldValue, @Nullable Object newValue, long timestampMs, RecordContext context)
            throws Exception {
        Stamped row = rows.getForUpdate(key);
        boolean exists = row != null;
        boolean contributes = newValue != null || oldValue != null;
        Object oldResult = null;
        Object accumulator = row == null ? null : row.value;
        try {
            if (row != null && emission.wantsOldResult(row)) {
                oldResult = results.of(row.value);
            }
            if (oldValue != null && accumulator != null) {
                accumulator = aggregate.remove(key, oldValue, accumulator);
            }
            if (newValue != null) {
                accumulator = aggregate.add(
                        key, newValue, Erased.nullable(accumulator == null ? aggregate.empty() : accumulator));
            }
        } catch (Exception e) {
            task.failed(node, e, key, newValue == null ? oldValue : newValue, timestampMs, context);
            return;
        }
        if (row == null) {
            row = new Stamped(accumulator, timestampMs);
        } else {
            row.value = accumulator;
            row.timestampMs = contributes ? Math.max(row.timestampMs, timestampMs) : timestampMs;
        }
        if (accumulator != null) {
            rows.put(key, row);
        } else if (exists) {
            rows.delete(key);
        }
        emission.updated(key, 0, row, oldResult, context);
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
