package io.millrace.streams.operator;

/** What the runtime asks of an operator with state, besides handing it records. Called by the task's lane only. */
public interface StatefulOperator {

    /** The node's id. */
    String id();

    /** Called once, before anything else, when state is as the last commit left it. */
    default void open() throws Exception {}

    /** Called once at the end, if it was opened. State is not kept any more. */
    default void close() throws Exception {}

    /**
     * Stream time may have moved without a record (an exchange's limit rose), or wall-clock timers may be due: closes windows
     * and fires timers. Called at frame boundaries, upstream operators before downstream ones.
     */
    default void advance(RecordContext context) throws Exception {}

    /** The epoch ends: hands on the updates that were held back for de-duplication, in first-dirty order. */
    default void barrier(RecordContext context) throws Exception {}

    /** Earliest wall-clock time (ms) at which {@link #advance} has something to do, {@link Long#MAX_VALUE} for never. */
    default long nextWallClockMs() {
        return Long.MAX_VALUE;
    }
}
