package io.millrace.streams.operator;

import io.millrace.store.EntryVisitor;
import io.millrace.store.KeyCodec;
import io.millrace.store.ShardState;
import io.millrace.store.StoreSpec;
import io.millrace.store.ValueCodec;
import io.millrace.streams.Windowed;
import io.millrace.streams.Windows;
import io.millrace.streams.topology.Node;
import io.millrace.streams.topology.Operation;
import org.jspecify.annotations.Nullable;

/**
 * What the operators of a shard keep, as their users see it: rows of tables, results of aggregates, stores of processors. For
 * testers and queries. To be used by the lane that owns the shard, between two frames, on stores its operators have opened.
 */
public final class OperatorRows {

    private final ShardState state;
    private final KeyCodec<Object> keys;
    private final ValueCodec<Object> values;

    public OperatorRows(ShardState state, KeyCodec<Object> keys, ValueCodec<Object> values) {
        this.state = state;
        this.keys = keys;
        this.values = values;
    }

    /**
     * Shows every row of the table that a node keeps, in order of the key's bytes, windows by their start first. The key is a
     * {@link Windowed} if the node aggregates in windows.
     *
     * @throws IllegalArgumentException if the node keeps no table
     */
    public void table(Node node, EntryVisitor<Object, Object> visitor) throws Exception {
        Operation operation = node.operation();
        if (operation instanceof Operation.AggregateStream aggregate) {
            Windows windows = aggregate.windows();
            Results results = new Results(aggregate.aggregate(), values, windows == null ? 0 : windows.sizeMs());
            if (windows == null) {
                rows(node, results, visitor);
            } else {
                panes(node, windows, results, visitor);
            }
        } else if (operation instanceof Operation.AggregateTable aggregate) {
            rows(node, new Results(aggregate.aggregate(), values, 0), visitor);
        } else if (operation instanceof Operation.ReadTable || operation instanceof Operation.StreamToTable) {
            PaneRows all = rows(node);
            for (int i = 0; i < all.size(); i++) {
                show(all.key(i), all.row(i).value, visitor);
            }
        } else {
            throw new IllegalArgumentException("operator " + node.id() + " keeps no table");
        }
    }

    /** Shows every entry of a processor's store, in order of the key's bytes. */
    public void store(Node node, String name, EntryVisitor<Object, Object> visitor) {
        state.keyValue(new StoreSpec<>(ProcessorOperator.storeName(node, name), StoreSpec.Kind.KEY_VALUE, keys, values))
                .range(null, null, visitor);
    }

    private PaneRows rows(Node node) {
        PaneRows all = new PaneRows();
        state.keyValue(new StoreSpec<>(node.id(), StoreSpec.Kind.KEY_VALUE, keys, new StampedCodec(values)))
                .range(null, null, (key, row) -> all.visit(key, 0, row));
        return all;
    }

    private void rows(Node node, Results results, EntryVisitor<Object, Object> visitor) throws Exception {
        PaneRows all = rows(node);
        for (int i = 0; i < all.size(); i++) {
            show(all.key(i), results.of(all.row(i).value), visitor);
        }
    }

    private void panes(Node node, Windows windows, Results results, EntryVisitor<Object, Object> visitor)
            throws Exception {
        PaneRows all = new PaneRows();
        state.window(
                        new StoreSpec<>(node.id(), StoreSpec.Kind.WINDOW, keys, new StampedCodec(values)),
                        windows.sizeMs())
                .range(
                        Long.MIN_VALUE,
                        Long.MAX_VALUE,
                        (key, startMs, row) -> all.visit(results.key(key, startMs), startMs, row));
        for (int i = 0; i < all.size(); i++) {
            show(all.key(i), results.of(all.row(i).value), visitor);
        }
    }

    private static void show(Object key, @Nullable Object result, EntryVisitor<Object, Object> visitor) {
        if (result != null) {
            visitor.visit(key, result);
        }
    }
}
