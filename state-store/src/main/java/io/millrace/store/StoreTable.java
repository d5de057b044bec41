package io.millrace.store;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The names of the stores in the changelog: store id → kind and name. A store is entered by the write that first touches it,
 * and so stands in the changelog before its own first record, where it stays, since it is written once.
 */
final class StoreTable {

    private final KeyedEntries<Integer, String> entries;

    StoreTable(ShardCore core, boolean isComplete) {
        StoreSpec<Integer, String> spec = new StoreSpec<>("store table", StoreSpec.Kind.KEY_VALUE, IDS, DESCRIPTIONS);
        StoreIdentity<Integer, String> identity = StoreIdentity.ofStoreTable(spec);
        byte[] prefix = StoreKeys.idPrefix(StoreKeys.STORE_TABLE_ID);
        entries = new KeyedEntries<>(identity, core, prefix, isComplete);
    }

    void declare(StoreIdentity<?, ?> store) {
        if (entries.get(store.id) == null) {
            entries.put(store.id, describe(store.spec));
        }
        store.isDeclared = true;
    }

    @Nullable
    String description(int storeId) {
        return entries.get(storeId);
    }

    /** Sees the id and the description of every store, until it has seen enough. */
    void forEach(EntryVisitor<Integer, String> visitor) {
        entries.all(visitor);
    }

    void remove(int storeId) {
        entries.delete(storeId);
    }

    void restore(byte[] changelogKey, byte @Nullable [] value) {
        entries.restore(changelogKey, value);
    }

    static String describe(StoreSpec<?, ?> spec) {
        return spec.kind() + " " + spec.name();
    }

    private static final KeyCodec<Integer> IDS = new KeyCodec<>() {
        @Override
        public byte[] encode(Integer id) {
            return StoreKeys.idPrefix(id);
        }

        @Override
        public Integer decode(byte[] bytes) {
            return StoreKeys.storeIdOf(bytes);
        }
    };

    /** The kind, a space, the name. */
    private static final ValueCodec<String> DESCRIPTIONS = new ValueCodec<>() {
        @Override
        public byte[] encode(String value) {
            return value.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String decode(byte[] bytes) {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        @Override
        public String copy(String value) {
            return value;
        }
    };
}
