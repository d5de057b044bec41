package io.millrace.streams;

import io.millrace.streams.topology.Names;
import io.millrace.streams.topology.Operation;
import org.jspecify.annotations.Nullable;

/** A stream by its key and windows of event time, about to become a table with one row per key and window. Immutable. */
public final class WindowedStream<K, V> {

    private final Draft draft;
    private final Windows windows;
    private final Emit emit;
    private final @Nullable String lateTo;

    WindowedStream(Draft draft, Windows windows, Emit emit, @Nullable String lateTo) {
        this.draft = draft;
        this.windows = windows;
        this.emit = emit;
        this.lateTo = lateTo;
    }

    /** When results are handed on; without this at every update. */
    public WindowedStream<K, V> emit(Emit when) {
        return new WindowedStream<>(draft, windows, when, lateTo);
    }

    /** Writes the records that come after their window has closed to a topic. They are counted in any case. */
    public WindowedStream<K, V> lateTo(String topic) {
        return new WindowedStream<>(draft, windows, emit, Names.topic(topic));
    }

    public Table<Windowed<K>, Long> count() {
        return aggregate(Aggregates.counting());
    }

    public Table<Windowed<K>, V> reduce(Reducer<V> reducer) {
        return aggregate(Aggregates.reducing(reducer));
    }

    public <R> Table<Windowed<K>, R> aggregate(Aggregate<? super K, ? super V, ?, ? extends R> aggregate) {
        Draft next = draft.then(new Operation.AggregateStream(Erased.aggregate(aggregate), windows, emit));
        next.lateTo = lateTo;
        return new Table<>(next);
    }
}
