package io.millrace.testkit;

import io.millrace.streams.Processor;
import io.millrace.streams.ProcessorContext;
import io.millrace.streams.ProcessorSupplier;
import java.util.List;

/** A processor after each call of which all of the state is looked at, as it may have read any of it. */
final class WatchedProcessor implements Processor<Object, Object, Object, Object> {

    private final Processor<Object, Object, Object, Object> processor;
    private final Runnable look;

    private WatchedProcessor(Processor<Object, Object, Object, Object> processor, Runnable look) {
        this.processor = processor;
        this.look = look;
    }

    @Override
    public void init(ProcessorContext<Object, Object> context) throws Exception {
        processor.init(context);
        look.run();
    }

    @Override
    public void process(Object key, Object value, ProcessorContext<Object, Object> context) throws Exception {
        processor.process(key, value, context);
        look.run();
    }

    @Override
    public void onTimer(Object key, long timeMs, boolean eventTime, ProcessorContext<Object, Object> context)
            throws Exception {
        processor.onTimer(key, timeMs, eventTime, context);
        look.run();
    }

    @Override
    public void close() throws Exception {
        processor.close();
    }

    /** Makes watched processors. */
    record Supplier(ProcessorSupplier<Object, Object, Object, Object> supplier, Runnable look)
            implements ProcessorSupplier<Object, Object, Object, Object> {

        @Override
        public Processor<Object, Object, Object, Object> create() {
            return new WatchedProcessor(erased(supplier.create()), look);
        }

        @SuppressWarnings("unchecked")
        private static Processor<Object, Object, Object, Object> erased(Processor<?, ?, ?, ?> processor) {
            return (Processor<Object, Object, Object, Object>) processor;
        }

        @Override
        public List<String> stores() {
            return supplier.stores();
        }
    }
}
