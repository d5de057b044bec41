package io.millrace.streams;

/** Puts two values of one type together. Must not keep or change what it is given, and may throw anything: the operator's error policy applies. */
@FunctionalInterface
public interface Reducer<V> {
    V reduce(V left, V right) throws Exception;
}
