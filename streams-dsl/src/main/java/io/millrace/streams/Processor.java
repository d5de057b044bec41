package io.millrace.streams;

/**
 * A user's own operator. One instance per task, called by the task's lane only. What it throws is up to its error policy; if the
 * record is dropped or set aside, its changes of stores and timers are undone and nothing of it is forwarded.
 */
public interface Processor<K, V, KO, VO> {

    void process(K key, V value, ProcessorContext<KO, VO> context) throws Exception;

    /** A timer of this key is due. It is gone already; its deletion commits with what is done here. */
    default void onTimer(Object key, long timeMs, boolean eventTime, ProcessorContext<KO, VO> context)
            throws Exception {}
}
