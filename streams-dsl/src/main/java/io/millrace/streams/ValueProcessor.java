package io.millrace.streams;

/**
 * A user's own operator that keeps the key: what it hands on has the key of the record or timer at hand, so no exchange is
 * needed behind it. Otherwise as {@link Processor}.
 */
public interface ValueProcessor<K, V, VO> {

    /** As {@link Processor#init}. There is no key yet: nothing can be forwarded and no timer set. */
    default void init(ValueProcessorContext<VO> context) throws Exception {}

    /** @param value null where the record has none; key alike */
    void process(K key, V value, ValueProcessorContext<VO> context) throws Exception;

    /** A timer of this key is due. It is gone already; its deletion commits with what is done here. */
    default void onTimer(K key, long timeMs, boolean eventTime, ValueProcessorContext<VO> context) throws Exception {}

    /** As {@link Processor#close}. */
    default void close() throws Exception {}
}
