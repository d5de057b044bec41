package io.millrace.streams.operator;

import io.millrace.streams.KeyValuePredicate;
import io.millrace.streams.topology.Node;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sends each record to the first branch that wants it, else to the last one. */
final class SplitOperator implements Receiver {

    private final Node node;
    private final TaskContext task;
    private final KeyValuePredicate<Object, Object>[] predicates;
    private final Receiver[] branches;

    /** @param branches one per predicate and one for the rest */
    @SuppressWarnings("unchecked")
    SplitOperator(
            Node node, TaskContext task, List<KeyValuePredicate<Object, Object>> predicates, List<Receiver> branches) {
        this.node = node;
        this.task = task;
        this.predicates = predicates.toArray(KeyValuePredicate[]::new);
        this.branches = branches.toArray(Receiver[]::new);
    }

    @Override
    public void accept(@Nullable Object key, @Nullable Object value, long timestampMs, RecordContext context)
            throws Exception {
        int branch = 0;
        try {
            while (branch < predicates.length
                    && !predicates[branch].test(Erased.nullable(key), Erased.nullable(value))) {
                branch++;
            }
        } catch (Exception e) {
            task.failed(node, e, key, value, timestampMs, context);
            return;
        }
        branches[branch].accept(key, value, timestampMs, context);
    }
}
