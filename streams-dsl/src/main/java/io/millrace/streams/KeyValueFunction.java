package io.millrace.streams;

/** A user's function of a record's key and value. Must not keep or change what it is given, and may throw anything: the operator's error policy applies. */
@FunctionalInterface
public interface KeyValueFunction<K, V, R> {
    R apply(K key, V value) throws Exception;
}
