package io.millrace.streams.operator;

import io.millrace.streams.topology.Node;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds updates back until the epoch ends, and then hands on the newest of each row, in the order in which the rows were first
 * changed, with the headers of the newest record.
 *
 * <p>Rows of the open epoch are this epoch's own copies, so the pending update hangs on the row itself and no table of keys
 * is needed. What is pending never outlives the epoch and is not part of the state.
 */
final class EmitOncePerEpoch implements Emission {

    private final Node node;
    private final TaskContext task;
    private final Results results;
    private final boolean sendsOld;
    private final TableReceiver next;
    private final List<PendingUpdate> pending = new ArrayList<>();

    EmitOncePerEpoch(Node node, TaskContext task, Results results, boolean sendsOld, TableReceiver next) {
        this.node = node;
        this.task = task;
        this.results = results;
        this.sendsOld = sendsOld;
        this.next = next;
    }

    @Override
    public boolean wantsOldResult(Stamped row) {
        return sendsOld && row.pending == null;
    }

    @Override
    public void updated(
            Object key, long windowStartMs, Stamped row, @Nullable Object oldResult, RecordContext context) {
        PendingUpdate waiting = row.pending;
        if (waiting == null) {
            waiting = new PendingUpdate(key, windowStartMs, row, oldResult, context.headers());
            row.pending = waiting;
            pending.add(waiting);
        } else {
            waiting.headers = context.headers();
        }
    }

    @Override
    public void barrier(RecordContext context) throws Exception {
        for (PendingUpdate update : pending) {
            Stamped row = update.row;
            row.pending = null;
            context.set(null, -1, -1, update.headers);
            Object result;
            try {
                result = results.of(row.value);
            } catch (Exception e) {
                task.failed(node, e, update.key, row.value, row.timestampMs, context);
                continue;
            }
            next.update(
                    results.key(update.key, update.windowStartMs), update.oldResult, result, row.timestampMs, context);
        }
        pending.clear();
    }
}
