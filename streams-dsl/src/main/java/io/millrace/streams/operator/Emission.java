package io.millrace.streams.operator;

import org.jspecify.annotations.Nullable;

/** When an aggregate's updates are handed on: one implementation for each {@link io.millrace.streams.Emit}. Owned by its operator. */
interface Emission {

    /** Whether the result before the coming change of this row is needed; computing it costs a call of user code. */
    boolean wantsOldResult(Stamped row);

    /**
     * A row has changed.
     *
     * @param windowStartMs 0 without windows
     * @param row as it is now; its value is null if it was deleted
     * @param oldResult if it was wanted
     */
    void updated(Object key, long windowStartMs, Stamped row, @Nullable Object oldResult, RecordContext context)
            throws Exception;

    /** A window closes: its row is dropped after this. */
    default void closed(Object key, long windowStartMs, Stamped row, RecordContext context) throws Exception {}

    /** Whether {@link #closed} does anything. */
    default boolean emitsClosed() {
        return false;
    }

    /** Stream time is now this. */
    default void advance(long streamTimeMs, RecordContext context) throws Exception {}

    /** The epoch ends. */
    default void barrier(RecordContext context) throws Exception {}

    /** The table as downstream has seen it. */
    default TableView view(TableView rows) {
        return rows;
    }
}
