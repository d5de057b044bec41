package io.millrace.streams;

/** A user's side effect; at least once, as it lies outside of the log. Must not keep or change what it is given, and may throw anything: the operator's error policy applies. */
@FunctionalInterface
public interface KeyValueAction<K, V> {
    void accept(K key, V value) throws Exception;
}
