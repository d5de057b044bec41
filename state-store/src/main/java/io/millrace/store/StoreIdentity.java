package io.millrace.store;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One opened store: what it is, its id, and whether the changelog knows it by name. Shared by all of its parts. */
final class StoreIdentity<K, V> {

    final StoreSpec<K, V> spec;
    final int id;

    /** Whether the store table holds it, as the open epoch sees it. */
    boolean isDeclared;

    /** The size of the last value that was encoded, as a guess for the next new entry. */
    int entryBytesGuess = MemoryEstimate.UNKNOWN_ENTRY_BYTES;

    StoreIdentity(StoreSpec<K, V> spec) {
        this(spec, StoreKeys.storeId(spec.name()));
    }

    private StoreIdentity(StoreSpec<K, V> spec, int id) {
        this.spec = spec;
        this.id = id;
    }

    byte[] encodeValue(Object value) {
        byte[] bytes = spec.values().encode(value(value));
        entryBytesGuess = MemoryEstimate.entryBytes(StoreKeys.TIME_KEY_OFFSET + StoreKeys.PLACE_BYTES, bytes.length);
        return bytes;
    }

    Object decodeValue(byte[] bytes) {
        return Objects.requireNonNull(spec.values().decode(bytes), "a value codec decoded null");
    }

    /** A key of this store that lost its type in an entry. */
    @SuppressWarnings("unchecked")
    K key(Object key) {
        return (K) key;
    }

    /** A value of this store that lost its type in an entry; the entry must have one. */
    @SuppressWarnings("unchecked")
    V value(@Nullable Object value) {
        return (V) Objects.requireNonNull(value);
    }

    /** What the lane sees of an entry that has a value. Decoded anew each time, so nobody can change what is held. */
    V valueOf(TimedEntry entry) {
        Object version = entry.newest();
        return value(version instanceof Entry.Encoded encoded ? decodeValue(encoded.bytes()) : version);
    }

    /** The table needs no entry in itself. */
    static StoreIdentity<Integer, String> ofStoreTable(StoreSpec<Integer, String> spec) {
        StoreIdentity<Integer, String> identity = new StoreIdentity<>(spec, StoreKeys.STORE_TABLE_ID);
        identity.isDeclared = true;
        return identity;
    }
}
