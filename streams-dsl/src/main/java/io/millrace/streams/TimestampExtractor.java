package io.millrace.streams;

/** Takes the event time (ms since 1970) out of a record; a negative one drops it. Must not keep or change what it is given, and may throw anything: the operator's error policy applies. */
@FunctionalInterface
public interface TimestampExtractor<K, V> {
    long timestampMs(K key, V value, long recordTimestampMs) throws Exception;
}
