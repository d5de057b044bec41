package io.millrace.streams.operator;

import org.jspecify.annotations.Nullable;

/**
 * Takes updates of a table within a fragment. What a {@link Change} is between fragments, but without the object.
 *
 * <p>Called by the task's lane only.
 */
@FunctionalInterface
interface TableReceiver {

    /**
     * @param oldValue the row before, null for no row or if nobody downstream asked for it
     * @param newValue the row now, null for no row
     */
    void update(
            Object key, @Nullable Object oldValue, @Nullable Object newValue, long timestampMs, RecordContext context)
            throws Exception;
}
