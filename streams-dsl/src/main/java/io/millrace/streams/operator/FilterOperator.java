package io.millrace.streams.operator;

import io.millrace.streams.KeyValuePredicate;
import io.millrace.streams.topology.Node;
import org.jspecify.annotations.Nullable;

/** Hands on the records that a predicate wants, or those it does not want. */
final class FilterOperator implements Receiver {

    private final Node node;
    private final TaskContext task;
    private final KeyValuePredicate<Object, Object> predicate;
    private final boolean negated;
    private final Receiver next;

    FilterOperator(
            Node node, TaskContext task, KeyValuePredicate<Object, Object> predicate, boolean negated, Receiver next) {
        this.node = node;
        this.task = task;
        this.predicate = predicate;
        this.negated = negated;
        this.next = next;
    }

    @Override
    public void accept(@Nullable Object key, @Nullable Object value, long timestampMs, RecordContext context)
            throws Exception {
        boolean wanted;
        try {
            wanted = predicate.test(Erased.nullable(key), Erased.nullable(value)) != negated;
        } catch (Exception e) {
            task.failed(node, e, key, value, timestampMs, context);
            return;
        }
        if (wanted) {
            next.accept(key, value, timestampMs, context);
        }
    }
}
