package io.millrace.streams;

/** A user's question about a record. Must not keep or change what it is given, and may throw anything: the operator's error policy applies. */
@FunctionalInterface
public interface KeyValuePredicate<K, V> {
    boolean test(K key, V value) throws Exception;
}
