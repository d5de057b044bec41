package io.millrace.streams.operator;

import io.millrace.store.KeyValueStore;
import io.millrace.store.StoreSpec;
import io.millrace.streams.Aggregate;
import io.millrace.streams.DropReason;
import io.millrace.streams.topology.Node;
import org.jspecify.annotations.Nullable;

/**
 * A result per key over all time. Skips null keys and null values; neither moves stream time.
 *
 * <p>A row's timestamp is the largest of the records in it. An accumulator that becomes null deletes the row.
 */
final class AggregateOperator implements Receiver, StatefulOperator {

    private final Node node;
    private final TaskContext task;
    private final Results results;
    private final RowUpdate update;
    private final Emission emission;
    private final StreamTime time;
    private final KeyValueStore<Object, Stamped> rows;

    AggregateOperator(
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
        this.time = task.streamTime(node.id());
        this.rows = task.state().keyValue(rows(node, task));
    }

    static StoreSpec<Object, Stamped> rows(Node node, TaskContext task) {
        return new StoreSpec<>(
                node.id(), StoreSpec.Kind.KEY_VALUE, task.stateKeys(node.id()), new StampedCodec(task.stateValues()));
    }

    @Override
    public void accept(@Nullable Object key, @Nullable Object value, long timestampMs, RecordContext context)
            throws Exception {
        if (key == null) {
            task.drop(node, DropReason.NULL_KEY, key, value, timestampMs, context);
            return;
        }
        if (value == null) {
            task.drop(node, DropReason.NULL_VALUE, key, value, timestampMs, context);
            return;
        }
        long nowMs = time.observe(timestampMs);
        add(key, value, timestampMs, context);
        emission.advance(nowMs, context);
    }

    private void add(Object key, Object value, long timestampMs, RecordContext context) throws Exception {
        update.begin(rows.getForUpdate(key));
        try {
            update.noteOldResult();
            update.add(key, value);
        } catch (Exception e) {
            update.undo();
            task.failed(node, e, key, value, timestampMs, context);
            return;
        }
        Stamped row = update.apply(update.latest(timestampMs));
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
    public void advance(RecordContext context) throws Exception {
        emission.advance(time.nowMs(), context);
    }

    @Override
    public void barrier(RecordContext context) throws Exception {
        emission.barrier(context);
    }
}
