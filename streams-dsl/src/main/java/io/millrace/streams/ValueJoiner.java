package io.millrace.streams;

/** Joins two values; the side that is missing in an outer or left join is null. Must not keep or change what it is given, and may throw anything: the operator's error policy applies. */
@FunctionalInterface
public interface ValueJoiner<A, B, R> {
    R join(A left, B right) throws Exception;
}
