package io.millrace.store;

import org.jspecify.annotations.Nullable;

/**
 * One value per key and window start. All windows of a store have one size; the entries of one start are a pane.
 *
 * <p>Times are event times in ms. The same rules for handed-out values as in {@link KeyValueStore}.
 */
public interface WindowStore<K, V> {

    @Nullable
    V get(K key, long windowStartMs);

    @Nullable
    V getForUpdate(K key, long windowStartMs);

    void put(K key, long windowStartMs, V value);

    /** Returns what was there. */
    @Nullable
    V delete(K key, long windowStartMs);

    /** The windows of one key with a start from {@code fromMs} to {@code toMs}, both inclusive, by ascending start. */
    void range(K key, long fromMs, long toMs, WindowVisitor<? super K, ? super V> visitor);

    /** Every window with a start from {@code fromMs} to {@code toMs}, both inclusive, by ascending start, then by key bytes. */
    void range(long fromMs, long toMs, WindowVisitor<? super K, ? super V> visitor);

    /** The smallest start that has an entry, {@link Long#MAX_VALUE} if there is none. */
    long firstStartMs();

    /** Drops every pane whose start is below {@code startMs}; the changelog gets a tombstone per key. */
    void dropBelow(long startMs);

    /** Sees windows one by one. */
    @FunctionalInterface
    interface WindowVisitor<K, V> {

        /** Returns whether to go on. */
        boolean visit(K key, long windowStartMs, V value);
    }
}
