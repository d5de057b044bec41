package io.millrace.streams;

/**
 * A user's own operator. One instance per task, called by the task's lane only. What it throws is up to its error policy; if the
 * record is dropped or set aside, its changes of stores and timers are undone and nothing of it is forwarded.
 *
 * <p>Its order of life: {@link #init}, records and timers, {@link #close}. A job that fails and goes on by itself goes on with
 * new instances.
 */
public interface Processor<K, V, KO, VO> {

    /**
     * Called once, before the first record and timer, when the stores are as the last commit left them. Here is the place to
     * take stores from the context, and to set a first timer. What it changes is kept with the first epoch that commits. What it
     * throws fails the job's attempt to run, whatever the error policy: there is no record to leave out.
     *
     * <p>It is called again at each start, when timers that were set before are still there. The same key and time is the same
     * timer; so set one for a time that does not depend on the start, such as the next full minute, or each restart adds one.
     */
    default void init(ProcessorContext<KO, VO> context) throws Exception {}

    /** @param value null where the record has none; key alike */
    void process(K key, V value, ProcessorContext<KO, VO> context) throws Exception;

    /** A timer of this key is due. It is gone already; its deletion commits with what is done here. */
    default void onTimer(Object key, long timeMs, boolean eventTime, ProcessorContext<KO, VO> context)
            throws Exception {}

    /**
     * Called once, after the last record, if {@link #init} has returned: when the job stops, and before it goes on with new
     * instances after a failure. A process that is killed calls nothing. What it does to stores is lost, and what it throws is
     * logged.
     */
    default void close() throws Exception {}
}
