package io.millrace.streams.operator;

import io.millrace.streams.Processor;
import org.jspecify.annotations.Nullable;

/** The bridge to user functions whose types were erased: they take nulls where their records have them, and their types cannot say so. */
final class Erased {

    private Erased() {}

    @SuppressWarnings("unchecked")
    static Processor<Object, Object, Object, Object> processor(Processor<?, ?, ?, ?> processor) {
        return (Processor<Object, Object, Object, Object>) processor;
    }

    @SuppressWarnings({"NullAway", "DataFlowIssue"})
    static Object nullable(@Nullable Object value) {
        return value;
    }
}
