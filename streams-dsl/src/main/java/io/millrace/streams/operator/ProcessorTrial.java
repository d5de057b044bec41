package io.millrace.streams.operator;

import io.millrace.store.EntryVisitor;
import io.millrace.store.KeyValueStore;
import io.millrace.store.TimerStore;
import io.millrace.store.ValueCodec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a processor does about one record as long as the record may still be left out: what it hands on waits, and what it
 * changes in its stores and timers can be undone. Only where an error does not fail the epoch. Owned by its operator.
 */
final class ProcessorTrial {

    private record Forward(@Nullable Object key, @Nullable Object value, long timestampMs) {}

    private final ValueCodec<Object> values;
    private final ArrayDeque<Runnable> undo = new ArrayDeque<>();
    private final List<Forward> forwards = new ArrayList<>();

    ProcessorTrial(ValueCodec<Object> values) {
        this.values = values;
    }

    void forward(@Nullable Object key, @Nullable Object value, long timestampMs) {
        forwards.add(new Forward(key, value, timestampMs));
    }

    /** The processor is done: what waited is handed on. */
    void succeed(Receiver next, RecordContext cause) throws Exception {
        undo.clear();
        if (forwards.isEmpty()) {
            return;
        }
        List<Forward> all = List.copyOf(forwards);
        forwards.clear();
        for (Forward each : all) {
            next.accept(each.key(), each.value(), each.timestampMs(), cause);
        }
    }

    /** The record is left out: nothing was handed on, and state is as it was. */
    void fail() {
        forwards.clear();
        while (!undo.isEmpty()) {
            undo.removeLast().run();
        }
    }

    KeyValueStore<Object, Object> watched(KeyValueStore<Object, Object> store) {
        return new KeyValueStore<>() {
            @Override
            public @Nullable Object get(Object key) {
                return store.get(key);
            }

            @Override
            public @Nullable Object getForUpdate(Object key) {
                remember(store, key);
                return store.getForUpdate(key);
            }

            @Override
            public void put(Object key, Object value) {
                remember(store, key);
                store.put(key, value);
            }

            @Override
            public @Nullable Object delete(Object key) {
                remember(store, key);
                return store.delete(key);
            }

            @Override
            public void range(
                    @Nullable Object from, @Nullable Object to, EntryVisitor<? super Object, ? super Object> visitor) {
                store.range(from, to, visitor);
            }
        };
    }

    private void remember(KeyValueStore<Object, Object> store, Object key) {
        Object found = store.get(key);
        Object before = found == null ? null : values.copy(found);
        undo.addLast(() -> {
            if (before == null) {
                store.delete(key);
            } else {
                store.put(key, before);
            }
        });
    }

    /** What else is to be undone if the record is left out. */
    void onFailure(Runnable undoing) {
        undo.addLast(undoing);
    }

    void set(TimerStore<Object, Mark> timers, Object key, long timeMs) {
        if (timers.get(key, timeMs) == null) {
            undo.addLast(() -> timers.cancel(key, timeMs));
            timers.set(key, timeMs, Mark.SET);
        }
    }

    void cancel(TimerStore<Object, Mark> timers, Object key, long timeMs) {
        if (timers.get(key, timeMs) != null) {
            undo.addLast(() -> timers.set(key, timeMs, Mark.SET));
            timers.cancel(key, timeMs);
        }
    }
}
