package io.millrace.streams;

import org.jspecify.annotations.Nullable;

/**
 * Forgets type arguments that the DSL has checked: a topology holds operators of any types side by side. The one place where
 * that is done.
 */
final class Erased {

    private Erased() {}

    @SuppressWarnings("unchecked")
    static <R> KeyValueFunction<Object, Object, R> function(KeyValueFunction<?, ?, ? extends R> function) {
        return (KeyValueFunction<Object, Object, R>) function;
    }

    @SuppressWarnings("unchecked")
    static <V, R> KeyValueFunction<Object, Object, R> ofValue(ValueFunction<V, ? extends R> function) {
        return (key, value) -> function.apply((V) value);
    }

    @SuppressWarnings("unchecked")
    static <R> KeyValueFunction<Object, Object, R> anyFunction(KeyValueFunction<?, ?, ?> function) {
        return (KeyValueFunction<Object, Object, R>) function;
    }

    @SuppressWarnings("unchecked")
    static KeyValuePredicate<Object, Object> predicate(KeyValuePredicate<?, ?> predicate) {
        return (KeyValuePredicate<Object, Object>) predicate;
    }

    @SuppressWarnings("unchecked")
    static KeyValueAction<Object, Object> action(KeyValueAction<?, ?> action) {
        return (KeyValueAction<Object, Object>) action;
    }

    @SuppressWarnings("unchecked")
    static ValueJoiner<Object, Object, Object> joiner(ValueJoiner<?, ?, ?> joiner) {
        return (ValueJoiner<Object, Object, Object>) joiner;
    }

    @SuppressWarnings("unchecked")
    static Aggregate<Object, Object, Object, Object> aggregate(Aggregate<?, ?, ?, ?> aggregate) {
        return (Aggregate<Object, Object, Object, Object>) aggregate;
    }

    @SuppressWarnings("unchecked")
    static Partitioner<Object, Object> partitioner(Partitioner<?, ?> partitioner) {
        return (Partitioner<Object, Object>) partitioner;
    }

    @SuppressWarnings("unchecked")
    static TimestampExtractor<Object, Object> timestamps(TimestampExtractor<?, ?> extractor) {
        return (TimestampExtractor<Object, Object>) extractor;
    }

    @SuppressWarnings("unchecked")
    static ProcessorSupplier<Object, Object, Object, Object> supplier(ProcessorSupplier<?, ?, ?, ?> supplier) {
        return (ProcessorSupplier<Object, Object, Object, Object>) supplier;
    }

    @SuppressWarnings("unchecked")
    static ValueProcessorSupplier<Object, Object, Object> valueSupplier(ValueProcessorSupplier<?, ?, ?> supplier) {
        return (ValueProcessorSupplier<Object, Object, Object>) supplier;
    }

    @SuppressWarnings("unchecked")
    static ValueProcessor<Object, Object, Object> valueProcessor(ValueProcessor<?, ?, ?> processor) {
        return (ValueProcessor<Object, Object, Object>) processor;
    }

    @SuppressWarnings("unchecked")
    static Processor<Object, Object, Object, Object> processor(Processor<?, ?, ?, ?> processor) {
        return (Processor<Object, Object, Object, Object>) processor;
    }

    @SuppressWarnings("unchecked")
    static Source<Object, Object> source(Source<?, ?> source) {
        return (Source<Object, Object>) source;
    }

    @SuppressWarnings("unchecked")
    static Aggregates.Combiner3<Object, Object, Object, Object> combiner(Aggregates.Combiner3<?, ?, ?, ?> combiner) {
        return (Aggregates.Combiner3<Object, Object, Object, Object>) combiner;
    }

    @SuppressWarnings("unchecked")
    static <R> @Nullable R result(Aggregate<Object, Object, Object, Object> aggregate, Object accumulator)
            throws Exception {
        return (R) aggregate.result(accumulator);
    }
}
