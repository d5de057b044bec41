package io.millrace.streams;

import org.jspecify.annotations.Nullable;

/**
 * How records become one result: the same object serves tumbling windows, session merges and, if it can remove, tables.
 *
 * <p>The accumulator may be changed in place: an operator hands in its own copy. It must be a type that state can hold.
 *
 * @param <K> key of the group
 * @param <V> values that are added
 * @param <A> accumulator, kept as state
 * @param <R> result, computed from the accumulator when it is emitted
 */
public interface Aggregate<K, V, A, R> {

    /** The accumulator of nothing. */
    A empty() throws Exception;

    /** The accumulator with one more value. */
    A add(K key, V value, A accumulator) throws Exception;

    /** Both together; associative. */
    A merge(K key, A left, A right) throws Exception;

    /** Whether {@link #remove} may be called. */
    default boolean canRemove() {
        return false;
    }

    /** The accumulator without a value that was added before. Only if {@link #canRemove}. */
    default A remove(K key, V value, A accumulator) throws Exception {
        throw new IllegalStateException("this aggregate cannot remove: " + this);
    }

    /** What the outside sees; null deletes the row of a result table. */
    @Nullable
    R result(A accumulator) throws Exception;
}
