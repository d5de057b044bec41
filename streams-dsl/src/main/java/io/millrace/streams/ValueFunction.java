package io.millrace.streams;

/** A user's function of a record's value. Must not keep or change what it is given, and may throw anything: the operator's error policy applies. */
@FunctionalInterface
public interface ValueFunction<V, R> {
    R apply(V value) throws Exception;
}
