package io.millrace.streams.operator;

import org.jspecify.annotations.Nullable;

/** Looks up rows of a table: in its store, or computed from the tables it is made of. Called by the task's lane only. */
@FunctionalInterface
interface TableView {

    /** The row of this key, null if there is none. The answer is valid during the call only and must not be changed. */
    @Nullable
    Stamped row(Object key, RecordContext context) throws Exception;
}
