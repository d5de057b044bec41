package io.millrace.store;

/**
 * Any number of values per key, each with a time; equal times keep their order of arrival. The buffer of one side of a
 * stream–stream join.
 *
 * <p>Times are event times in ms. Values handed out must not be changed.
 */
public interface MultimapStore<K, V> {

    void add(K key, long timeMs, V value);

    /** The values of a key with a time from {@code fromMs} to {@code toMs}, both inclusive, by time, then arrival. */
    void range(K key, long fromMs, long toMs, Visitor<? super K, ? super V> visitor);

    /** Every value with a time from {@code fromMs} to {@code toMs}, both inclusive, by time, then arrival. */
    void range(long fromMs, long toMs, Visitor<? super K, ? super V> visitor);

    /** The smallest time that has a value, {@link Long#MAX_VALUE} if there is none. */
    long firstTimeMs();

    /** Removes the value that {@link #add} put at this place; nothing if it is gone. */
    void remove(K key, long timeMs, long arrival);

    /** Drops everything with a time below {@code timeMs}; the changelog gets a tombstone per value. */
    void dropBelow(long timeMs);

    /** Sees values one by one; may remove the one it sees. */
    @FunctionalInterface
    interface Visitor<K, V> {

        /**
         * @param arrival tells values with the same key and time apart, ascending
         * @return whether to go on
         */
        boolean visit(K key, long timeMs, long arrival, V value);
    }
}
