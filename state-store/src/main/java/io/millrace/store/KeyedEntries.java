package io.millrace.store;

import org.jspecify.annotations.Nullable;

/**
 * Entries under one key prefix, one per key: a whole key-value store, or one pane of a window store.
 *
 * <p>While it is {@linkplain #isComplete complete}, the heap holds every key that exists and a miss asks nobody; it stays so
 * from an empty start until the first eviction. Else a miss asks the backing store once, and its answer, "nothing" too,
 * becomes an entry.
 */
final class KeyedEntries<K, V> implements EntryHome, Eviction.Evictable {

    private final StoreIdentity<K, V> store;
    private final ShardCore core;
    private final byte[] prefix;
    private final NodeTable<Entry> table = new NodeTable<>();
    private final EntryOrder order = new EntryOrder(table);
    private boolean isComplete;

    /** Whether it is known that no key has a value: all were deleted, and their tombstones are on the way down. */
    private boolean isVacant;

    /** The entry found last, and the key it was found with: a read and the write that follows it look up once. */
    private @Nullable Entry last;

    private @Nullable K lastKey;

    /** The segment and the slot where the eviction clock stands. */
    private int handSegment;

    private int hand;

    /** An entry that had a value when it was last looked at. */
    private @Nullable Entry witness;

    KeyedEntries(StoreIdentity<K, V> store, ShardCore core, byte[] prefix, boolean isComplete) {
        this.store = store;
        this.core = core;
        this.prefix = prefix;
        this.isComplete = isComplete;
    }

    // ---- access

    @Nullable
    V get(K key) {
        return visible(loaded(key));
    }

    @Nullable
    V getForUpdate(K key) {
        Entry entry = loaded(key);
        V value = visible(entry);
        return value == null || entry == null || entry.dirty != null
                ? value
                : store.spec.values().copy(value);
    }

    void put(K key, V value) {
        Entry entry = found(key);
        if (entry == null) {
            entry = add(key, NodeTable.hash(key));
            if (isComplete) {
                entry.knownAbsent();
            }
        }
        V mine = value;
        // The object of an older version may come back unchanged; the open epoch needs one that is its own.
        if (entry.dirty == null && (value == entry.frozen || value == entry.committed)) {
            mine = store.spec.values().copy(value);
        }
        isVacant = false;
        core.write(store, entry, mine);
    }

    @Nullable
    V delete(K key) {
        Entry entry = loaded(key);
        V before = visible(entry);
        if (before != null && entry != null) {
            core.write(store, entry, Entry.ABSENT);
        }
        return before;
    }

    @Nullable
    V committed(K key) {
        Entry entry = found(key);
        if (entry == null ? !isComplete : entry.committed == null) {
            byte[] bytes = core.backing.get(encodedKey(key));
            return bytes == null ? null : store.spec.values().decode(bytes);
        }
        Object value = entry == null ? null : entry.committedDecoded();
        return value == null || value == Entry.ABSENT ? null : store.value(value);
    }

    /** Everything from {@code from} to below {@code to}, both full keys, in order; returns whether the visitor wants more. */
    boolean range(byte[] from, byte @Nullable [] to, EntryVisitor<? super K, ? super V> visitor) {
        return merge(order.range(from, to), from, to, visitor);
    }

    /** Everything, in order of key bytes; returns whether the visitor wants more. */
    boolean all(EntryVisitor<? super K, ? super V> visitor) {
        return merge(HeapWalk.of(order.all()), prefix, StoreKeys.above(prefix), visitor);
    }

    /** Deletes every key. Afterwards the heap knows of each that it is gone. */
    void deleteAll() {
        if (isVacant) {
            return;
        }
        if (!isComplete) {
            try (BackingStore.Cursor below = core.backing.range(prefix, StoreKeys.above(prefix))) {
                while (below.next()) {
                    K key = decodeKey(below.key());
                    int hash = NodeTable.hash(key);
                    if (table.find(key, hash) == null) {
                        add(key, hash);
                    }
                }
            }
        }
        for (Entry entry : order.all()) {
            if (entry.newest() != Entry.ABSENT) {
                core.write(store, entry, Entry.ABSENT);
            }
        }
        isComplete = true;
        isVacant = true;
    }

    /** Whether any key has a value. */
    boolean hasAny() {
        if (isVacant) {
            return false;
        }
        if (visible(witness) == null) {
            witness = anyVisible();
        }
        return witness != null || (!isComplete && !all((key, value) -> false));
    }

    private @Nullable Entry anyVisible() {
        for (int segment = 0; segment < table.segmentCount(); segment++) {
            for (int slot = 0; slot < table.slotCount(segment); slot++) {
                Entry entry = table.at(segment, slot);
                if (visible(entry) != null) {
                    return entry;
                }
            }
        }
        return null;
    }

    private boolean merge(
            HeapWalk heap, byte[] from, byte @Nullable [] to, EntryVisitor<? super K, ? super V> visitor) {
        MergedRange<K, V> merged = new MergedRange<>(this, heap);
        if (isComplete) {
            return merged.visitHeap(visitor);
        }
        try (BackingStore.Cursor below = core.backing.range(from, to)) {
            return merged.visit(below, visitor);
        }
    }

    // ---- life of entries

    void restore(byte[] changelogKey, byte @Nullable [] value) {
        K key = decodeKey(changelogKey);
        int hash = NodeTable.hash(key);
        Entry entry = table.find(key, hash);
        if (entry == null) {
            entry = add(key, hash);
        }
        isVacant = false;
        core.restore(entry, changelogKey, value);
    }

    @Override
    public void settled(Entry entry) {
        isVacant &= entry.newest() == Entry.ABSENT;
        if (!entry.isVoid()) {
            return;
        }
        if (entry.committed == null) {
            // A blind write or the deletion of a pane was rolled back: only the backing store knows this key.
            isComplete = false;
            forget(entry);
        } else if (isComplete) {
            forget(entry);
        } else {
            core.negatives.remember(entry);
        }
    }

    /** Takes the entry off the heap; what it held is in the backing store, or nothing. */
    void forget(Entry entry) {
        table.remove(entry);
        core.memory.removed(entry);
        if (last == entry) {
            last = null;
            lastKey = null;
        }
        if (witness == entry) {
            witness = null;
        }
        order.removed(entry);
    }

    /** At most two passes: the first may only take second chances away. */
    @Override
    public long evict(long bytes) {
        long evicted = 0;
        for (int segments = 2 * table.segmentCount(); segments >= 0 && evicted < bytes; segments--) {
            evicted += evictSegment(bytes - evicted);
        }
        return evicted;
    }

    /** From where the hand stands to the end of its segment. */
    private long evictSegment(long bytes) {
        long evicted = 0;
        while (hand < table.slotCount(handSegment) && evicted < bytes) {
            Entry entry = table.at(handSegment, hand);
            if (entry != null && entry.isClean() && !entry.referenced) {
                // The removal may have moved another entry into this slot: the hand stays.
                evicted += entry.bytes;
                isComplete = false;
                forget(entry);
            } else {
                if (entry != null) {
                    entry.referenced = false;
                }
                hand++;
            }
        }
        if (hand >= table.slotCount(handSegment)) {
            hand = 0;
            handSegment = (handSegment + 1) % table.segmentCount();
        }
        return evicted;
    }

    /** Whether nothing is left here or below. */
    boolean isSpent() {
        return isComplete && table.size() == 0;
    }

    // ---- bytes

    @Override
    public byte[] encodeKey(Entry entry) {
        return encodedKey(store.key(entry.key));
    }

    @Override
    public StoreIdentity<K, V> identity() {
        return store;
    }

    /** Objects of the user, often changed again: held decoded. */
    @Override
    public boolean keepsEncoded() {
        return false;
    }

    @Override
    public boolean keepsKeyBytes() {
        return order.isIndexed();
    }

    byte[] encodedKey(K key) {
        byte[] bytes = store.spec.keys().encode(key, prefix.length, 0);
        System.arraycopy(prefix, 0, bytes, 0, prefix.length);
        return bytes;
    }

    K decodeKey(byte[] changelogKey) {
        return store.spec.keys().decode(StoreKeys.tail(changelogKey, prefix.length));
    }

    // ---- the look-up

    private @Nullable Entry found(K key) {
        Entry entry = last;
        if (entry != null && lastKey == key && !(key instanceof byte[])) {
            return entry;
        }
        entry = table.find(key, NodeTable.hash(key));
        if (entry != null) {
            last = entry;
            lastKey = key;
            if (!entry.referenced) {
                entry.referenced = true;
            }
        }
        return entry;
    }

    /** The entry, with a version in it; null if the key does not exist and needs no entry to say so. */
    private @Nullable Entry loaded(K key) {
        Entry entry = found(key);
        if (entry == null) {
            if (isComplete) {
                return null;
            }
            core.makeRoom();
            entry = add(key, NodeTable.hash(key));
        }
        if (entry.dirty == null && entry.frozen == null && entry.committed == null) {
            fill(entry, core.backing.get(encodedKey(key)));
        }
        return entry;
    }

    private void fill(Entry entry, byte @Nullable [] value) {
        if (value == null) {
            entry.knownAbsent();
            settled(entry);
        } else {
            core.loaded(entry, prefix.length + Long.BYTES, value);
        }
    }

    private Entry add(K key, int hash) {
        // The only kind of key that its owner may fill again.
        Object own = key instanceof byte[] bytes ? bytes.clone() : key;
        Entry entry = new Entry(this, own, hash, store.entryBytesGuess);
        entry.referenced = true;
        table.insert(entry);
        core.memory.added(entry);
        order.added(entry);
        last = entry;
        lastKey = key;
        return entry;
    }

    K keyOf(Entry entry) {
        return store.key(entry.key);
    }

    V decoded(byte[] value) {
        return store.value(store.decodeValue(value));
    }

    @Nullable
    V visible(@Nullable Entry entry) {
        Object version = entry == null ? null : entry.current();
        return version == null || version == Entry.ABSENT ? null : store.value(version);
    }
}
