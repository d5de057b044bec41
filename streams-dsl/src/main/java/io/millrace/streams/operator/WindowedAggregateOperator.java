package io.millrace.streams.operator;

import io.millrace.store.StoreSpec;
import io.millrace.store.WindowStore;
import io.millrace.streams.Aggregate;
import io.millrace.streams.DropReason;
import io.millrace.streams.Windowed;
import io.millrace.streams.Windows;
import io.millrace.streams.topology.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A result per key and window of event time.
 *
 * <p>A record updates each covering window in ascending start order; no window starts before 1970. A window takes records
 * while its end &gt; stream time − grace. A record that finds one of its windows closed is late, once, whatever the other
 * windows did with it. A null key is skipped and does not move stream time, a null value is skipped and does. Closed windows
 * are dropped as soon as stream time has passed them, a pane at a time, in the order of their starts.
 */
final class WindowedAggregateOperator implements Receiver, StatefulOperator {

    private final Node node;
    private final TaskContext task;
    private final Results results;
    private final Supplier<RowUpdate> newUpdate;

    /** One for each window that covers a record. */
    private final List<RowUpdate> updates = new ArrayList<>();

    private final Emission emission;
    private final StreamTime time;
    private final WindowStore<Object, Stamped> panes;
    private final long sizeMs;
    private final long advanceMs;
    private final long graceMs;

    /** Rows of a pane that closes, copied out as downstream must not run inside the store's iteration. */
    private final PaneRows closing = new PaneRows();

    /** No pane in the store starts below this; smaller than the first start at worst. */
    private long firstStartMs;

    WindowedAggregateOperator(
            Node node,
            TaskContext task,
            Aggregate<Object, Object, Object, Object> aggregate,
            Windows windows,
            Results results,
            Emission emission) {
        this.node = node;
        this.task = task;
        this.results = results;
        this.emission = emission;
        this.sizeMs = windows.sizeMs();
        this.advanceMs = windows.advanceMs();
        this.graceMs = windows.graceMs();
        this.newUpdate = () -> new RowUpdate(node, task, aggregate, results, emission);
        this.time = task.streamTime(node.id());
        this.panes = task.state()
                .window(
                        new StoreSpec<>(
                                node.id(),
                                StoreSpec.Kind.WINDOW,
                                task.stateKeys(node.id()),
                                new StampedCodec(task.stateValues())),
                        sizeMs);
        this.firstStartMs = Long.MIN_VALUE;
    }

    @Override
    public void accept(@Nullable Object key, @Nullable Object value, long timestampMs, RecordContext context)
            throws Exception {
        if (key == null) {
            task.drop(node, DropReason.NULL_KEY, key, value, timestampMs, context);
            return;
        }
        long nowMs = time.observe(timestampMs);
        if (value == null) {
            task.drop(node, DropReason.NULL_VALUE, key, value, timestampMs, context);
        } else {
            add(key, value, timestampMs, closedEndMs(nowMs), context);
        }
        close(nowMs, context);
    }

    private long firstCoveringStartMs(long timestampMs) {
        return Math.max(0, timestampMs - sizeMs + advanceMs) / advanceMs * advanceMs;
    }

    /** Windows that end here or earlier are closed. */
    private long closedEndMs(long nowMs) {
        return nowMs == StreamTime.UNKNOWN ? Long.MIN_VALUE : nowMs - graceMs;
    }

    /** All windows take the record, or, if it fails in one of them, none. */
    private void add(Object key, Object value, long timestampMs, long closedEndMs, RecordContext context)
            throws Exception {
        long firstMs = firstCoveringStartMs(timestampMs);
        long firstOpenMs = firstMs;
        while (firstOpenMs <= timestampMs && firstOpenMs + sizeMs <= closedEndMs) {
            firstOpenMs += advanceMs;
        }
        int count = 0;
        for (long startMs = firstOpenMs; startMs <= timestampMs; startMs += advanceMs) {
            if (count == updates.size()) {
                updates.add(newUpdate.get());
            }
            updates.get(count++).begin(panes.getForUpdate(key, startMs));
        }
        try {
            for (int i = 0; i < count; i++) {
                updates.get(i).noteOldResult();
                updates.get(i).add(key, value);
            }
        } catch (Exception e) {
            for (int i = 0; i < count; i++) {
                updates.get(i).undo();
            }
            task.failed(node, e, key, value, timestampMs, context);
            return;
        }
        for (int i = 0; i < count; i++) {
            put(key, firstOpenMs + i * advanceMs, updates.get(i), timestampMs, context);
        }
        if (firstOpenMs > firstMs) {
            task.drop(node, DropReason.LATE, key, value, timestampMs, context);
        }
    }

    private void put(Object key, long startMs, RowUpdate update, long timestampMs, RecordContext context)
            throws Exception {
        Stamped row = update.apply(update.latest(timestampMs));
        if (row.value != null) {
            panes.put(key, startMs, row);
            firstStartMs = Math.min(firstStartMs, startMs);
        } else if (update.exists()) {
            panes.delete(key, startMs);
        }
        emission.updated(key, startMs, row, update.oldResult(), context);
    }

    private void close(long nowMs, RecordContext context) throws Exception {
        emission.advance(nowMs, context);
        long closedEndMs = closedEndMs(nowMs);
        if (firstStartMs > closedEndMs - sizeMs || closedEndMs < sizeMs) {
            return;
        }
        long lastClosedStartMs = closedEndMs - sizeMs;
        if (emission.emitsClosed()) {
            for (firstStartMs = panes.firstStartMs();
                    firstStartMs <= lastClosedStartMs;
                    firstStartMs = panes.firstStartMs()) {
                closePane(firstStartMs, context);
            }
        } else {
            panes.dropBelow(lastClosedStartMs + 1);
            firstStartMs = panes.firstStartMs();
        }
    }

    private void closePane(long startMs, RecordContext context) throws Exception {
        panes.range(startMs, startMs, closing);
        panes.dropBelow(startMs + 1);
        for (int i = 0; i < closing.size(); i++) {
            emission.closed(closing.key(i), startMs, closing.row(i), context);
        }
        closing.clear();
    }

    /** The table as downstream has seen it, by {@link Windowed} key. */
    TableView view() {
        return emission.view((key, context) -> {
            Windowed<?> windowed = (Windowed<?>) key;
            return results.seen(panes.get(windowed.key(), windowed.startMs()));
        });
    }

    @Override
    public String id() {
        return node.id();
    }

    @Override
    public void advance(RecordContext context) throws Exception {
        close(time.nowMs(), context);
    }

    @Override
    public void barrier(RecordContext context) throws Exception {
        emission.barrier(context);
    }
}
