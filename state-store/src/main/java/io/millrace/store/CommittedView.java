package io.millrace.store;

import java.util.Arrays;
import java.util.NavigableMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All stores of a shard as they were after one commit: a snapshot of the backing store, under a copy of what was committed but
 * not yet written. Immutable; used by one thread at a time, any thread. Close it, soon: it holds back the backing store's
 * clean-up.
 *
 * <p>Stores are named by their specs. The codecs must be the reading thread's own: those of the lane are in use.
 */
public final class CommittedView implements AutoCloseable {

    private final BackingStore.Snapshot below;
    private final NavigableMap<byte[], Optional<byte[]>> pinned;
    private final @Nullable StorePosition position;

    CommittedView(
            BackingStore.Snapshot below,
            NavigableMap<byte[], Optional<byte[]>> pinned,
            @Nullable StorePosition position) {
        this.below = below;
        this.pinned = pinned;
        this.position = position;
    }

    /** Of the commit that this shows; null before the first. */
    public @Nullable StorePosition position() {
        return position;
    }

    /** The value of a key in a key-value store. */
    public <K, V> @Nullable V value(StoreSpec<K, V> spec, K key) {
        require(spec, StoreSpec.Kind.KEY_VALUE);
        return valueAt(spec, StoreKeys.idPrefix(StoreKeys.storeId(spec.name())), key);
    }

    /** The value of a key and window start in a window store. */
    public <K, V> @Nullable V value(StoreSpec<K, V> spec, K key, long windowStartMs) {
        require(spec, StoreSpec.Kind.WINDOW);
        return valueAt(spec, StoreKeys.timePrefix(StoreKeys.storeId(spec.name()), windowStartMs), key);
    }

    /** As {@link KeyValueStore#range}. */
    public <K, V> void range(
            StoreSpec<K, V> spec, @Nullable K from, @Nullable K to, EntryVisitor<? super K, ? super V> visitor) {
        require(spec, StoreSpec.Kind.KEY_VALUE);
        byte[] prefix = StoreKeys.idPrefix(StoreKeys.storeId(spec.name()));
        byte[] first =
                from == null ? prefix : StoreKeys.concat(prefix, spec.keys().encode(from));
        byte[] end = to == null
                ? StoreKeys.above(prefix)
                : StoreKeys.successor(StoreKeys.concat(prefix, spec.keys().encode(to)));
        try (BackingStore.Cursor cursor = cursor(first, end)) {
            boolean goOn = true;
            while (goOn && cursor.next()) {
                K key = spec.keys().decode(StoreKeys.tail(cursor.key(), StoreKeys.ID_BYTES));
                goOn = visitor.visit(key, spec.values().decode(cursor.value()));
            }
        }
    }

    /** As {@link WindowStore#range(long, long, WindowStore.WindowVisitor)}. */
    public <K, V> void windows(
            StoreSpec<K, V> spec, long fromMs, long toMs, WindowStore.WindowVisitor<? super K, ? super V> visitor) {
        require(spec, StoreSpec.Kind.WINDOW);
        int id = StoreKeys.storeId(spec.name());
        byte[] first = StoreKeys.timePrefix(id, fromMs);
        byte[] end = StoreKeys.above(StoreKeys.timePrefix(id, toMs));
        try (BackingStore.Cursor cursor = cursor(first, end)) {
            boolean goOn = true;
            while (goOn && cursor.next()) {
                K key = spec.keys().decode(StoreKeys.tail(cursor.key(), StoreKeys.TIME_KEY_OFFSET));
                V value = spec.values().decode(cursor.value());
                goOn = visitor.visit(key, StoreKeys.timeOf(cursor.key()), value);
            }
        }
    }

    /**
     * As {@link WindowStore#range(Object, long, long, WindowStore.WindowVisitor)}. Costs one or two look-ups for each start that
     * any key has, as the windows of a key lie apart.
     */
    public <K, V> void windows(
            StoreSpec<K, V> spec,
            K key,
            long fromMs,
            long toMs,
            WindowStore.WindowVisitor<? super K, ? super V> visitor) {
        require(spec, StoreSpec.Kind.WINDOW);
        int id = StoreKeys.storeId(spec.name());
        byte[] keyBytes = spec.keys().encode(key);
        byte[] end = StoreKeys.above(StoreKeys.timePrefix(id, toMs));
        boolean goOn = fromMs <= toMs;
        long startMs = fromMs;
        while (goOn) {
            byte[] wanted = StoreKeys.timeKey(id, startMs, keyBytes);
            try (BackingStore.Cursor cursor = cursor(wanted, end)) {
                if (!cursor.next()) {
                    return;
                }
                long foundMs = StoreKeys.timeOf(cursor.key());
                if (foundMs > startMs) {
                    startMs = foundMs;
                } else {
                    goOn = !Arrays.equals(cursor.key(), wanted)
                            || visitor.visit(key, startMs, spec.values().decode(cursor.value()));
                    goOn &= startMs < toMs;
                    startMs++;
                }
            }
        }
    }

    @Override
    public void close() {
        below.close();
    }

    private <K, V> @Nullable V valueAt(StoreSpec<K, V> spec, byte[] prefix, K key) {
        byte[] full = StoreKeys.concat(prefix, spec.keys().encode(key));
        Optional<byte[]> change = pinned.get(full);
        byte[] value = change == null ? below.get(full) : change.orElse(null);
        return value == null ? null : spec.values().decode(value);
    }

    private BackingStore.Cursor cursor(byte[] from, byte[] to) {
        byte[] end = Arrays.compareUnsigned(from, to) > 0 ? from : to;
        return new OverlayCursor(below.range(from, end), pinned.subMap(from, true, end, false));
    }

    private static void require(StoreSpec<?, ?> spec, StoreSpec.Kind kind) {
        if (spec.kind() != kind) {
            throw new IllegalArgumentException(
                    "Store '" + spec.name() + "' is of kind " + spec.kind() + ", not " + kind + ".");
        }
    }
}
