package io.millrace.streams.operator;

import org.jspecify.annotations.Nullable;

/** The bridge to user functions whose types were erased: they take nulls where their records have them, and their types cannot say so. */
final class Erased {

    private Erased() {}

    @SuppressWarnings({"NullAway", "DataFlowIssue"})
    static Object nullable(@Nullable Object value) {
        return value;
    }
}
