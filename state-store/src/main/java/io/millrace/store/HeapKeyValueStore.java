package io.millrace.store;

import org.jspecify.annotations.Nullable;

/** A key-value store: one {@link KeyedEntries} and the order of its keys. */
final class HeapKeyValueStore<K, V> implements KeyValueStore<K, V>, HeapStore, Eviction.Evictable {

    private final StoreIdentity<K, V> identity;
    private final KeyedEntries<K, V> entries;
    private final byte[] prefix;

    HeapKeyValueStore(StoreIdentity<K, V> identity, ShardCore core) {
        this.identity = identity;
        prefix = StoreKeys.idPrefix(identity.id);
        entries = new KeyedEntries<>(identity, core, prefix, core.startedEmpty);
    }

    @Override
    public @Nullable V get(K key) {
        return entries.get(key);
    }

    @Override
    public @Nullable V getForUpdate(K key) {
        return entries.getForUpdate(key);
    }

    @Override
    public void put(K key, V value) {
        entries.put(key, value);
    }

    @Override
    public @Nullable V delete(K key) {
        return entries.delete(key);
    }

    @Override
    public void range(@Nullable K from, @Nullable K to, EntryVisitor<? super K, ? super V> visitor) {
        byte[] first = from == null ? prefix : entries.encodedKey(from);
        byte[] end = to == null ? StoreKeys.above(prefix) : StoreKeys.successor(entries.encodedKey(to));
        entries.range(first, end, visitor);
    }

    void deleteAll() {
        entries.deleteAll();
    }

    @Nullable
    V committed(K key) {
        return entries.committed(key);
    }

    @Override
    public long evict(long bytes) {
        return entries.evict(bytes);
    }

    @Override
    public StoreIdentity<?, ?> identity() {
        return identity;
    }

    @Override
    public void restore(byte[] changelogKey, byte @Nullable [] value) {
        entries.restore(changelogKey, value);
    }
}
