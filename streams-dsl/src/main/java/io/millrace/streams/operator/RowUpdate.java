package io.millrace.streams.operator;

import io.millrace.store.ValueCodec;
import io.millrace.streams.Aggregate;
import io.millrace.streams.ErrorPolicy;
import io.millrace.streams.topology.Node;
import org.jspecify.annotations.Nullable;

/**
 * What one record does to one row of an aggregate, and how to undo it: a record that is left out because the aggregate threw
 * leaves no trace, also if the accumulator was changed before. Used again for each record; owned by its operator.
 *
 * <p>Where an error fails the epoch the overlay is dropped as a whole, and nothing needs to be remembered. Else the accumulator
 * is copied before each record, which costs nothing for immutable ones.
 */
final class RowUpdate {

    private final Aggregate<Object, Object, Object, Object> aggregate;
    private final Results results;
    private final Emission emission;
    private final ValueCodec<Object> values;
    private final boolean mayBeUndone;

    private @Nullable Stamped row;
    private boolean exists;
    private @Nullable Object before;
    private @Nullable Object after;
    private @Nullable Object oldResult;

    RowUpdate(
            Node node,
            TaskContext task,
            Aggregate<Object, Object, Object, Object> aggregate,
            Results results,
            Emission emission) {
        this.aggregate = aggregate;
        this.results = results;
        this.emission = emission;
        this.values = task.stateValues();
        this.mayBeUndone = !(task.errorPolicy(node) instanceof ErrorPolicy.Fail);
    }

    /** @param found the row that the update may change, null if there is none */
    void begin(@Nullable Stamped found) {
        row = found;
        exists = found != null;
        oldResult = null;
        after = found == null ? null : found.value;
        before = mayBeUndone && after != null ? values.copy(after) : after;
    }

    /** Computes what was handed on before, if that is wanted. */
    void noteOldResult() throws Exception {
        Stamped found = row;
        if (found != null && emission.wantsOldResult(found)) {
            oldResult = results.of(found.value);
        }
    }

    void remove(Object key, Object value) throws Exception {
        Object accumulator = after;
        if (accumulator != null) {
            after = aggregate.remove(key, value, accumulator);
        }
    }

    void add(Object key, Object value) throws Exception {
        Object accumulator = after;
        after = aggregate.add(key, value, accumulator == null ? aggregate.empty() : accumulator);
    }

    /** The record is left out: the row is as it was. */
    void undo() {
        Stamped found = row;
        if (found != null) {
            found.value = before;
        }
    }

    /**
     * The row with what was computed. Its value is null if the row is to be deleted, or was never there.
     *
     * @param timestampMs its new timestamp
     */
    Stamped apply(long timestampMs) {
        Stamped updated = row;
        if (updated == null) {
            updated = new Stamped(after, timestampMs);
            row = updated;
        } else {
            updated.value = after;
            updated.timestampMs = timestampMs;
        }
        return updated;
    }

    /** Whether there was a row. */
    boolean exists() {
        return exists;
    }

    /** The larger of the row's timestamp and this one. */
    long latest(long timestampMs) {
        Stamped found = row;
        return found == null ? timestampMs : Math.max(found.timestampMs, timestampMs);
    }

    /** What was handed on before, if it was wanted and there was something. */
    @Nullable
    Object oldResult() {
        return oldResult;
    }
}
