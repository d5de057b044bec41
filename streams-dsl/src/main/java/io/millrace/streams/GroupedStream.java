package io.millrace.streams;

import io.millrace.streams.topology.Names;
import io.millrace.streams.topology.Operation;

/** A stream by its key, about to become a table with one row per key. Records without key or value are left out. */
public final class GroupedStream<K, V> {

    private final Draft draft;
    private final boolean selectsKey;

    GroupedStream(Draft draft, boolean selectsKey) {
        this.draft = draft;
        this.selectsKey = selectsKey;
    }

    /**
     * Names the operator that selects the key.
     *
     * @throws IllegalStateException behind groupByKey, which is not an operator
     */
    public GroupedStream<K, V> named(String name) {
        if (!selectsKey) {
            throw new IllegalStateException(
                    "groupByKey adds no operator that could be named " + name + "; name the aggregate behind it");
        }
        draft.name = Names.operator(name);
        return this;
    }

    /** What the operator that selects the key does about errors. Only behind groupBy. */
    public GroupedStream<K, V> onError(ErrorPolicy policy) {
        if (!selectsKey) {
            throw new IllegalStateException(
                    "groupByKey adds no operator that could fail; call onError behind the aggregate");
        }
        draft.errorPolicy = policy;
        return this;
    }

    /** One row per key and window of event time. */
    public WindowedStream<K, V> windowed(Windows windows) {
        return new WindowedStream<>(draft, windows, Emit.onUpdate(), null);
    }

    public Table<K, Long> count() {
        return aggregate(Aggregates.counting());
    }

    /** The first value of a key stands as it is, each further one is put together with what there is. */
    public Table<K, V> reduce(Reducer<V> reducer) {
        return aggregate(Aggregates.reducing(reducer));
    }

    public <R> Table<K, R> aggregate(Aggregate<? super K, ? super V, ?, ? extends R> aggregate) {
        return aggregate(aggregate, Emit.onUpdate());
    }

    /**
     * With a say on when results are handed on.
     *
     * @throws IllegalArgumentException for {@link Emit.OnWindowClose}, as there are no windows
     */
    public <R> Table<K, R> aggregate(Aggregate<? super K, ? super V, ?, ? extends R> aggregate, Emit emit) {
        if (emit instanceof Emit.OnWindowClose) {
            throw new IllegalArgumentException(
                    "an aggregate without windows never closes; use windowed(...) before it, or Emit.onUpdate()");
        }
        return new Table<>(draft.then(new Operation.AggregateStream(Erased.aggregate(aggregate), null, emit)));
    }
}
