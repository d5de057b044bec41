package io.millrace.streams;

import io.millrace.streams.topology.Names;
import io.millrace.streams.topology.Operation;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A stream by its key and windows of event time, about to become a table with one row per key and window. Immutable. */
public final class WindowedStream<K, V> {

    private final Draft draft;
    private final Windows windows;
    private final Emit emit;
    private final @Nullable Consumer<Draft> lateTo;

    WindowedStream(Draft draft, Windows windows, Emit emit, @Nullable Consumer<Draft> lateTo) {
        this.draft = draft;
        this.windows = windows;
        this.emit = emit;
        this.lateTo = lateTo;
    }

    /** When results are handed on; without this at every update. */
    public WindowedStream<K, V> emit(Emit when) {
        return new WindowedStream<>(draft, windows, when, lateTo);
    }

    /**
     * Writes the records that come after their window has closed to a topic, as text for people: JSON where they are no text.
     * They are counted in any case.
     */
    public WindowedStream<K, V> lateTo(String topic) {
        Names.topic(topic);
        return new WindowedStream<>(draft, windows, emit, aggregate -> aggregate.lateTo(topic));
    }

    /** As {@link #lateTo(String)}, keys and values as this topic has them, so that another job can take them up. */
    public WindowedStream<K, V> lateTo(Topic<? super K, ? super V> topic) {
        return new WindowedStream<>(draft, windows, emit, aggregate -> aggregate.lateTo(topic));
    }

    public Table<Windowed<K>, Long> count() {
        return aggregate(Aggregates.counting());
    }

    public Table<Windowed<K>, V> reduce(Reducer<V> reducer) {
        return aggregate(Aggregates.reducing(reducer));
    }

    public <R> Table<Windowed<K>, R> aggregate(Aggregate<? super K, ? super V, ?, ? extends R> aggregate) {
        Draft next = draft.then(new Operation.AggregateStream(Erased.aggregate(aggregate), windows, emit));
        if (lateTo != null) {
            lateTo.accept(next);
        }
        return new Table<>(next);
    }
}
