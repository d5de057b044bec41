package io.millrace.store;

/**
 * What a store is, before it is opened in a shard.
 *
 * @param name stable for the life of the job: the changelog and the backing store know the store by it
 * @param kind how it is laid out
 * @param keys of the user's key
 * @param values of the user's value
 */
public record StoreSpec<K, V>(String name, Kind kind, KeyCodec<K> keys, ValueCodec<V> values) {

    /** The layouts; a store's kind never changes. */
    public enum Kind {
        /** One value per key. */
        KEY_VALUE,
        /** One value per key and window start, in panes that are dropped whole. */
        WINDOW,
        /** Any number of values per key, each with a time: the buffers of stream–stream joins. */
        MULTIMAP,
        /** A time per key, in order of time: timers. The value is what the timer carries. */
        TIMER
    }
}
