package io.millrace.streams.operator;

import io.millrace.record.Header;
import io.millrace.store.KeyValueStore;
import io.millrace.store.StoreSpec;
import io.millrace.store.TimerStore;
import io.millrace.streams.ErrorPolicy;
import io.millrace.streams.Processor;
import io.millrace.streams.ProcessorContext;
import io.millrace.streams.ProcessorSupplier;
import io.millrace.streams.topology.Node;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs a user's processor with its stores and timers.
 *
 * <p>Event-time timers that are due fire in the order of (time, key bytes) before the record that moved stream time is
 * processed; a timer that is set for a time that has passed fires at the next movement. One that is set by a timer fires with it
 * only if it is later than that timer, so that a chain of them comes to an end. Wall-clock timers fire at frame boundaries. A
 * record or timer that is left out because the processor threw leaves no trace. What fails downstream while user code is forwarding is not the user's failure: it ends the epoch even if the user
 * code catches it.
 */
final class ProcessorOperator implements Receiver, StatefulOperator, ProcessorContext<Object, Object> {

    private record Again(Object key, long timeMs) {}

    private final Node node;
    private final TaskContext task;
    private final Processor<Object, Object, Object, Object> processor;
    private final StreamTime time;

    /** Where a record may be left out. */
    private final @Nullable ProcessorTrial trial;

    private final Map<String, KeyValueStore<Object, Object>> stores = new HashMap<>();
    private final TimerStore<Object, Mark> eventTimers;
    private final TimerStore<Object, Mark> wallClockTimers;
    private final Receiver next;
    private final TimerStore.Handler<Object, Mark> onEventTimer = (key, timeMs, mark) -> fire(key, timeMs, true);
    private final TimerStore.Handler<Object, Mark> onWallClockTimer = (key, timeMs, mark) -> fire(key, timeMs, false);

    /** Set by a timer for its own time or an earlier one. */
    private final Set<Again> setAgain = new LinkedHashSet<>();

    /** The kind of timer that is firing, null while none is, and its time. */
    private @Nullable TimerStore<Object, Mark> firing;

    private long firingMs;
    private RecordContext position = new RecordContext();
    private long timestampMs = StreamTime.UNKNOWN;
    private @Nullable Exception downstreamFailure;
    private boolean isOpening;

    ProcessorOperator(
            Node node, TaskContext task, ProcessorSupplier<Object, Object, Object, Object> supplier, Receiver next) {
        this.node = node;
        this.task = task;
        this.next = next;
        this.processor = Erased.processor(supplier.create());
        this.time = task.streamTime(node.id());
        this.trial = task.errorPolicy(node) instanceof ErrorPolicy.Fail ? null : new ProcessorTrial(task.stateValues());
        for (String name : supplier.stores()) {
            String owned = storeName(node, name);
            KeyValueStore<Object, Object> store = task.state()
                    .keyValue(new StoreSpec<>(
                            owned, StoreSpec.Kind.KEY_VALUE, task.stateKeys(owned), task.stateValues()));
            stores.put(name, trial == null ? store : trial.watched(store));
        }
        this.eventTimers = timers("event-timers");
        this.wallClockTimers = timers("wall-clock-timers");
    }

    /** The name in state of a store the processor calls {@code name}. */
    static String storeName(Node node, String name) {
        return node.id() + "/" + name;
    }

    private TimerStore<Object, Mark> timers(String name) {
        String store = node.id() + "//" + name;
        return task.state().timers(new StoreSpec<>(store, StoreSpec.Kind.TIMER, task.stateKeys(store), Mark.CODEC));
    }

    @Override
    public void accept(@Nullable Object key, @Nullable Object value, long recordTimestampMs, RecordContext context)
            throws Exception {
        long before = time.nowMs();
        long now = time.observe(recordTimestampMs);
        position = context;
        if (now != before) {
            fireEventTimers(now);
        }
        timestampMs = recordTimestampMs;
        try {
            processor.process(Erased.nullable(key), Erased.nullable(value), this);
        } catch (Exception e) {
            rethrowDownstreamFailure();
            undo();
            task.failed(node, e, key, value, recordTimestampMs, context);
            return;
        }
        rethrowDownstreamFailure();
        handOn();
    }

    @Override
    public void advance(RecordContext context) throws Exception {
        position = context;
        fireEventTimers(time.nowMs());
        long nowMs = task.wallClockMs();
        while (wallClockTimers.fireFirst(nowMs, onWallClockTimer)) {
            // Each call fires one.
        }
        setAgain(wallClockTimers);
    }

    private void fireEventTimers(long nowMs) throws Exception {
        while (eventTimers.fireFirst(nowMs, onEventTimer)) {
            // Each call fires one.
        }
        setAgain(eventTimers);
    }

    private void setAgain(TimerStore<Object, Mark> timers) {
        setAgain.forEach(again -> timers.set(again.key(), again.timeMs(), Mark.SET));
        setAgain.clear();
    }

    private void fire(Object key, long timeMs, boolean eventTime) throws Exception {
        RecordContext cause = position;
        timestampMs = timeMs;
        position = new RecordContext();
        firing = eventTime ? eventTimers : wallClockTimers;
        firingMs = timeMs;
        try {
            runTimer(key, timeMs, eventTime);
        } finally {
            position = cause;
            firing = null;
        }
    }

    private void runTimer(Object key, long timeMs, boolean eventTime) throws Exception {
        try {
            processor.onTimer(key, timeMs, eventTime, this);
        } catch (Exception e) {
            rethrowDownstreamFailure();
            undo();
            task.failed(node, e, key, null, timeMs, position);
            return;
        }
        rethrowDownstreamFailure();
        handOn();
    }

    private void undo() {
        if (trial != null) {
            trial.fail();
        }
    }

    private void handOn() throws Exception {
        if (trial != null) {
            trial.succeed(next, position);
        }
    }

    private void rethrowDownstreamFailure() throws Exception {
        Exception failure = downstreamFailure;
        if (failure != null) {
            downstreamFailure = null;
            throw failure;
        }
    }

    // ---- StatefulOperator

    @Override
    public void open() throws Exception {
        isOpening = true;
        try {
            processor.init(this);
        } finally {
            isOpening = false;
        }
        handOn();
    }

    @Override
    public void close() throws Exception {
        processor.close();
    }

    @Override
    public String id() {
        return node.id();
    }

    @Override
    public long nextWallClockMs() {
        return wallClockTimers.firstMs();
    }

    // ---- ProcessorContext

    @Override
    public void forward(Object key, Object value) throws Exception {
        forward(key, value, timestampMs);
    }

    @Override
    public void forward(Object key, Object value, long forwardedTimestampMs) throws Exception {
        if (isOpening) {
            throw new IllegalStateException("init of processor " + node.id()
                    + " has no record to forward behind; set a timer and forward then");
        }
        if (trial != null) {
            trial.forward(key, value, forwardedTimestampMs);
            return;
        }
        try {
            next.accept(key, value, forwardedTimestampMs, position);
        } catch (Exception e) {
            downstreamFailure = e;
            throw e;
        }
    }

    @Override
    public long timestampMs() {
        return timestampMs;
    }

    @Override
    public long streamTimeMs() {
        return time.nowMs();
    }

    @Override
    public long wallClockMs() {
        return task.wallClockMs();
    }

    @Override
    public List<Header> headers() {
        return position.headers();
    }

    @Override
    public @Nullable String topic() {
        return position.topic();
    }

    @Override
    public int partition() {
        return position.partition();
    }

    @Override
    public long offset() {
        return position.offset();
    }

    @Override
    @SuppressWarnings("unchecked")
    public <K, V> KeyValueStore<K, V> store(String name) {
        KeyValueStore<Object, Object> store = stores.get(name);
        if (store == null) {
            throw new IllegalArgumentException(
                    "processor " + node.id() + " has no store '" + name + "'; its supplier names "
                            + stores.keySet().stream().sorted().toList());
        }
        return (KeyValueStore<K, V>) store;
    }

    @Override
    public void setTimer(Object key, long timeMs) {
        set(eventTimers, key, timeMs);
    }

    @Override
    public void cancelTimer(Object key, long timeMs) {
        cancel(eventTimers, key, timeMs);
    }

    @Override
    public void setWallClockTimer(Object key, long timeMs) {
        set(wallClockTimers, key, timeMs);
    }

    @Override
    public void cancelWallClockTimer(Object key, long timeMs) {
        cancel(wallClockTimers, key, timeMs);
    }

    private void set(TimerStore<Object, Mark> timers, Object key, long timeMs) {
        Again again = new Again(key, timeMs);
        if (firing == timers && timeMs <= firingMs) {
            if (setAgain.add(again) && trial != null) {
                trial.onFailure(() -> setAgain.remove(again));
            }
        } else if (trial == null) {
            timers.set(key, timeMs, Mark.SET);
        } else {
            trial.set(timers, key, timeMs);
        }
    }

    private void cancel(TimerStore<Object, Mark> timers, Object key, long timeMs) {
        Again again = new Again(key, timeMs);
        if (firing == timers && setAgain.remove(again) && trial != null) {
            trial.onFailure(() -> setAgain.add(again));
        }
        if (trial == null) {
            timers.cancel(key, timeMs);
        } else {
            trial.cancel(timers, key, timeMs);
        }
    }
}
