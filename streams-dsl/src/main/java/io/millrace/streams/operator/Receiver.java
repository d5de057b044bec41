package io.millrace.streams.operator;

import org.jspecify.annotations.Nullable;

/** Takes records: one input of an operator, of a sink or of an exchange. Called by the task's lane only. */
@FunctionalInterface
public interface Receiver {

    /**
     * @param key null where the stream has none
     * @param value on a table's edge a {@link Change}
     * @param timestampMs event time, ms since 1970
     * @param context where the record came from; one object per task, valid during the call only
     */
    void accept(@Nullable Object key, @Nullable Object value, long timestampMs, RecordContext context) throws Exception;
}
