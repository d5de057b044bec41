package io.millrace.streams.operator;

import io.millrace.store.KeyValueStore;
import io.millrace.store.StoreSpec;
import io.millrace.store.TimerStore;
import io.millrace.streams.plan.Plan;
import io.millrace.streams.topology.Node;
import org.jspecify.annotations.Nullable;

/**
 * Holds the newest update of each key and window until stream time has moved by the interval since the first one that is
 * held; so each is handed on at most once per interval.
 *
 * <p>What is held is state and outlives the epoch, also the window it belongs to. Due updates leave in the order of (due
 * time, key bytes), after the record that moved time has been added.
 */
final class EmitAtMostEvery implements Emission {

    /** Smaller than any event time. */
    private static final long UNKNOWN_MS = -1;

    private final Node node;
    private final TaskContext task;
    private final Results results;
    private final boolean keepsOld;
    private final long intervalMs;
    private final TableReceiver next;
    private final KeyValueStore<Object, HeldUpdate> held;
    private final TimerStore<Object, Mark> due;
    private final TimerStore.Handler<Object, Mark> handOn = (key, timeMs, mark) -> handOn(key);

    /** Of the update that is handed on; the record that moved time goes on to others with a context of its own. */
    private final RecordContext cause = new RecordContext();

    EmitAtMostEvery(
            Node node, TaskContext task, Results results, boolean keepsOld, long intervalMs, TableReceiver next) {
        this.node = node;
        this.task = task;
        this.results = results;
        this.keepsOld = keepsOld;
        this.intervalMs = intervalMs;
        this.next = next;
        this.held = task.state()
                .keyValue(new StoreSpec<>(
                        node.id() + Plan.HELD,
                        StoreSpec.Kind.KEY_VALUE,
                        task.stateKeys(node.id() + "/held"),
                        new HeldUpdateCodec(task.stateValues())));
        String timers = node.id() + "/due";
        this.due =
                task.state().timers(new StoreSpec<>(timers, StoreSpec.Kind.TIMER, task.stateKeys(timers), Mark.CODEC));
    }

    @Override
    public boolean wantsOldResult(Stamped row) {
        return keepsOld;
    }

    @Override
    public void updated(Object key, long windowStartMs, Stamped row, @Nullable Object oldResult, RecordContext context)
            throws Exception {
        Object result;
        try {
            result = results.of(row.value);
        } catch (Exception e) {
            task.failed(node, e, key, row.value, row.timestampMs, context);
            return;
        }
        Object resultKey = results.key(key, windowStartMs);
        HeldUpdate before = held.get(resultKey);
        if (before == null) {
            due.set(resultKey, row.timestampMs + intervalMs, Mark.SET);
            held.put(resultKey, new HeldUpdate(oldResult, result, row.timestampMs, context.headers()));
        } else {
            held.put(resultKey, new HeldUpdate(before.oldResult(), result, row.timestampMs, context.headers()));
        }
    }

    @Override
    public void advance(long streamTimeMs, RecordContext context) throws Exception {
        if (due.firstMs() > streamTimeMs) {
            return;
        }
        while (due.fireFirst(streamTimeMs, handOn)) {
            // Each call hands on one.
        }
    }

    private void handOn(Object key) throws Exception {
        HeldUpdate update = held.delete(key);
        if (update != null) {
            cause.set(null, -1, -1, update.headers());
            next.update(key, update.oldResult(), update.newResult(), update.timestampMs(), cause);
        }
    }

    /** A row whose update is held is seen as it was before; its timestamp is not known any more. */
    @Override
    public TableView view(TableView rows) {
        return (key, context) -> {
            HeldUpdate update = held.get(key);
            if (update == null) {
                return rows.row(key, context);
            }
            return update.oldResult() == null ? null : new Stamped(update.oldResult(), UNKNOWN_MS);
        };
    }
}
