package io.millrace.conformance.streams;

import io.millrace.store.KeyValueStore;
import io.millrace.streams.Processor;
import io.millrace.streams.ProcessorContext;
import io.millrace.streams.ProcessorSupplier;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** The same processor in both worlds: it hands on each value behind what it remembers of the key, and forgets on null. */
final class TwinProcessor {

    private TwinProcessor() {}

    static ProcessorSupplier<String, String, String, String> ours(String store) {
        return new ProcessorSupplier<>() {
            @Override
            public Processor<String, String, String, String> create() {
                return (key, value, context) -> process(key, value, context, store);
            }

            @Override
            public List<String> stores() {
                return List.of(store);
            }
        };
    }

    private static void process(String key, String value, ProcessorContext<String, String> context, String store)
            throws Exception {
        KeyValueStore<String, String> rows = context.store(store);
        String row = rows.get(key);
        if (value == null) {
            rows.delete(key);
        } else {
            rows.put(key, Functions.join(Functions.some(row), value));
        }
        context.forward(key, Functions.join(Functions.some(row), Functions.some(value)));
    }

    static org.apache.kafka.streams.processor.api.ProcessorSupplier<String, String, String, String> kafkas(
            String store) {
        return new org.apache.kafka.streams.processor.api.ProcessorSupplier<>() {
            @Override
            public org.apache.kafka.streams.processor.api.Processor<String, String, String, String> get() {
                return new ContextualProcessor<>() {
                    @Override
                    public void process(Record<String, String> record) {
                        org.apache.kafka.streams.state.KeyValueStore<String, String> rows =
                                context().getStateStore(store);
                        String row = rows.get(record.key());
                        rows.put(
                                record.key(),
                                record.value() == null ? null : Functions.join(Functions.some(row), record.value()));
                        context()
                                .forward(record.withValue(
                                        Functions.join(Functions.some(row), Functions.some(record.value()))));
                    }
                };
            }

            @Override
            public Set<StoreBuilder<?>> stores() {
                return Set.of(Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore(store), Serdes.String(), Serdes.String()));
            }
        };
    }
}
