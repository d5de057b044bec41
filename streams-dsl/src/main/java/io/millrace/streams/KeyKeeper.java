package io.millrace.streams;

import io.millrace.record.Header;
import io.millrace.store.KeyValueStore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A {@link ValueProcessor} as a processor of any kind: remembers the key at hand and puts it to what is handed on. */
final class KeyKeeper implements Processor<Object, Object, Object, Object> {

    private final ValueProcessor<Object, Object, Object> processor;
    private @Nullable Context context;

    private KeyKeeper(ValueProcessor<Object, Object, Object> processor) {
        this.processor = processor;
    }

    /** @param stores that the processors use, by name */
    static ProcessorSupplier<Object, Object, Object, Object> supplier(
            ValueProcessorSupplier<?, ?, ?> supplier, List<String> stores) {
        ValueProcessorSupplier<Object, Object, Object> erased = Erased.valueSupplier(supplier);
        return new SupplierWithStores(() -> new KeyKeeper(Erased.valueProcessor(erased.create())), stores);
    }

    @Override
    public void init(ProcessorContext<Object, Object> around) throws Exception {
        processor.init(at(null, false, around));
    }

    @Override
    public void process(Object key, Object value, ProcessorContext<Object, Object> around) throws Exception {
        processor.process(key, value, at(key, true, around));
    }

    @Override
    public void onTimer(Object key, long timeMs, boolean eventTime, ProcessorContext<Object, Object> around)
            throws Exception {
        processor.onTimer(key, timeMs, eventTime, at(key, true, around));
    }

    @Override
    public void close() throws Exception {
        processor.close();
    }

    private Context at(@Nullable Object key, boolean isCaused, ProcessorContext<Object, Object> around) {
        Context found = context;
        if (found == null || found.around != around) {
            found = new Context(around);
            context = found;
        }
        found.key = key;
        found.isCaused = isCaused;
        return found;
    }

    private static final class Context implements ValueProcessorContext<Object> {

        private final ProcessorContext<Object, Object> around;
        private @Nullable Object key;

        /** Whether there is a record or a timer, whose key may still be null. */
        private boolean isCaused;

        Context(ProcessorContext<Object, Object> around) {
            this.around = around;
        }

        @Override
        public void forward(Object value) throws Exception {
            around.forward(keyToForward(), value);
        }

        @Override
        public void forward(Object value, long timestampMs) throws Exception {
            around.forward(keyToForward(), value, timestampMs);
        }

        @SuppressWarnings({"NullAway", "DataFlowIssue"}) // a record without a key goes on without one
        private Object keyToForward() {
            if (!isCaused) {
                throw new IllegalStateException(
                        "init has no key to forward a value with; forward from process or onTimer");
            }
            return key;
        }

        private Object keyOfTimer() {
            Object found = key;
            if (found == null) {
                throw new IllegalStateException(
                        isCaused
                                ? "a timer needs a key, and this record has none; filter such records out before"
                                : "init has no key to set a timer for; set it in process, or use process in place of"
                                        + " processValues");
            }
            return found;
        }

        @Override
        public void setTimer(long timeMs) {
            around.setTimer(keyOfTimer(), timeMs);
        }

        @Override
        public void cancelTimer(long timeMs) {
            around.cancelTimer(keyOfTimer(), timeMs);
        }

        @Override
        public void setWallClockTimer(long timeMs) {
            around.setWallClockTimer(keyOfTimer(), timeMs);
        }

        @Override
        public void cancelWallClockTimer(long timeMs) {
            around.cancelWallClockTimer(keyOfTimer(), timeMs);
        }

        @Override
        public long timestampMs() {
            return around.timestampMs();
        }

        @Override
        public long streamTimeMs() {
            return around.streamTimeMs();
        }

        @Override
        public long wallClockMs() {
            return around.wallClockMs();
        }

        @Override
        public List<Header> headers() {
            return around.headers();
        }

        @Override
        public @Nullable String topic() {
            return around.topic();
        }

        @Override
        public int partition() {
            return around.partition();
        }

        @Override
        public long offset() {
            return around.offset();
        }

        @Override
        public <SK, SV> KeyValueStore<SK, SV> store(String name) {
            return around.store(name);
        }
    }
}
