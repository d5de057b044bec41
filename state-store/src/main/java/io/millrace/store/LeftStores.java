package io.millrace.store;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Stores that no operator opens any more and whose state is to be deleted. Their types may be gone: they are bytes here. */
final class LeftStores {

    private static final long WINDOW_MS_ANY = 1;

    private final ShardState shard;
    private final StoreRegistry open;
    private final Predicate<String> names;
    private final Map<Integer, StoreSpec<byte[], byte[]>> leaving = new TreeMap<>();

    LeftStores(ShardState shard, StoreRegistry open, Predicate<String> names) {
        this.shard = shard;
        this.open = open;
        this.names = names;
    }

    /** Opens the store with this id if it is to be left; null if not. */
    @Nullable
    HeapStore find(int id, @Nullable String description) {
        if (description == null || open.isOpen(id)) {
            return null;
        }
        int space = description.indexOf(' ');
        String name = description.substring(space + 1);
        if (!names.test(name)) {
            return null;
        }
        StoreSpec.Kind kind = StoreSpec.Kind.valueOf(description.substring(0, space));
        StoreSpec<byte[], byte[]> spec = new StoreSpec<>(name, kind, KEYS, ValueCodec.BYTES);
        leaving.put(id, spec);
        return (HeapStore) openStore(spec);
    }

    private Object openStore(StoreSpec<byte[], byte[]> spec) {
        return switch (spec.kind()) {
            case KEY_VALUE -> shard.keyValue(spec);
            case WINDOW -> shard.window(spec, WINDOW_MS_ANY);
            case MULTIMAP -> shard.multimap(spec);
            case TIMER -> shard.timers(spec);
        };
    }

    /** @param storeTable forgets them, so that a store of any kind can have the name */
    void delete(StoreTable storeTable) {
        leaving.forEach((id, spec) -> {
            empty(spec);
            storeTable.remove(id);
        });
    }

    private void empty(StoreSpec<byte[], byte[]> spec) {
        switch (spec.kind()) {
            case KEY_VALUE -> ((HeapKeyValueStore<byte[], byte[]>) shard.keyValue(spec)).deleteAll();
            case WINDOW -> shard.window(spec, WINDOW_MS_ANY).dropBelow(Long.MAX_VALUE);
            case MULTIMAP -> shard.multimap(spec).dropBelow(Long.MAX_VALUE);
            case TIMER -> {
                TimerStore<byte[], byte[]> timers = shard.timers(spec);
                for (long ms = timers.firstMs(); ms != Long.MAX_VALUE; ms = timers.firstMs()) {
                    fire(timers, ms);
                }
            }
        }
    }

    private static void fire(TimerStore<byte[], byte[]> timers, long timeMs) {
        try {
            timers.fireFirst(timeMs, (key, ms, value) -> {});
        } catch (Exception e) {
            throw new StateStoreException("A timer could not be deleted.", e);
        }
    }

    private static final KeyCodec<byte[]> KEYS = new KeyCodec<>() {
        @Override
        public byte[] encode(byte[] key) {
            return key;
        }

        @Override
        public byte[] decode(byte[] bytes) {
            return bytes;
        }
    };
}
