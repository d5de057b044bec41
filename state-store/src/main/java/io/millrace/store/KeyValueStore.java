package io.millrace.store;

import org.jspecify.annotations.Nullable;

/**
 * One value per key. Reads see the open epoch, then the frozen one, then what is committed.
 *
 * <p>Values handed out by {@link #get} must not be changed; {@link #getForUpdate} hands out one that may be.
 */
public interface KeyValueStore<K, V> {

    @Nullable
    V get(K key);

    /** As {@link #get}, but the value belongs to the open epoch: it was copied if an older version can still be needed. Follow with {@link #put}. */
    @Nullable
    V getForUpdate(K key);

    void put(K key, V value);

    /** Returns what was there. */
    @Nullable
    V delete(K key);

    /** All keys from {@code from} to {@code to}, both inclusive, null for open ends, in order of the key's bytes. The store must not change meanwhile. */
    void range(@Nullable K from, @Nullable K to, EntryVisitor<? super K, ? super V> visitor);
}
