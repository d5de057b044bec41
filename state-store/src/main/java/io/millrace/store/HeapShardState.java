package io.millrace.store;

import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The stores of one shard as tables of decoded objects on the heap, over one {@link BackingStore} that takes what is committed.
 *
 * <p>The idea that carries it is {@link Entry}: all versions of a key in one object, found by one look-up. {@link Epochs}
 * lists what the open and the frozen epoch touched, {@link Unwritten} what is committed and on its way down.
 *
 * <p>Owned by the lane that owns the shard; only the slices leave its thread.
 */
public final class HeapShardState implements ShardState {

    private final ShardCore core;
    private final StoreRegistry stores;
    private boolean hasWritten;
    private @Nullable StorePosition committedPosition;

    /** @param backing of this shard alone; it is the caller's to close, after this shard is no longer used */
    public HeapShardState(BackingStore backing) {
        this(backing, MemoryBudget.unbounded());
    }

    /** @param budget shared by all shards of the process */
    public HeapShardState(BackingStore backing, MemoryBudget budget) {
        core = new ShardCore(backing, budget);
        stores = new StoreRegistry(core);
        committedPosition = backing.position();
    }

    // ---- stores

    @Override
    public <K, V> KeyValueStore<K, V> keyValue(StoreSpec<K, V> spec) {
        return open(spec, StoreSpec.Kind.KEY_VALUE, identity -> new HeapKeyValueStore<>(identity, core));
    }

    @Override
    public <K, V> WindowStore<K, V> window(StoreSpec<K, V> spec, long sizeMs) {
        if (sizeMs <= 0) {
            throw new IllegalArgumentException("Store '" + spec.name() + "': a window of " + sizeMs + " ms.");
        }
        return open(spec, StoreSpec.Kind.WINDOW, identity -> new HeapWindowStore<>(identity, core));
    }

    @Override
    public <K, V> MultimapStore<K, V> multimap(StoreSpec<K, V> spec) {
        return open(spec, StoreSpec.Kind.MULTIMAP, identity -> new HeapMultimapStore<>(identity, core));
    }

    @Override
    public <K, V> TimerStore<K, V> timers(StoreSpec<K, V> spec) {
        return open(spec, StoreSpec.Kind.TIMER, identity -> new HeapTimerStore<>(identity, core));
    }

    /** The same spec opens the same store again: operators may share one. */
    @SuppressWarnings("unchecked")
    private <K, V, S extends HeapStore> S open(
            StoreSpec<K, V> spec, StoreSpec.Kind kind, Function<StoreIdentity<K, V>, S> make) {
        if (spec.kind() != kind) {
            throw new IllegalArgumentException(
                    "Store '" + spec.name() + "' is of kind " + spec.kind() + " and cannot be opened as " + kind + ".");
        }
        return (S) stores.open(spec, make);
    }

    @Override
    public void leave(Predicate<String> names) {
        stores.leave(new LeftStores(this, stores, names));
    }

    @Override
    public void deleteLeft() {
        stores.deleteLeft();
    }

    // ---- restore

    @Override
    public void restore(byte[] changelogKey, byte @Nullable [] value) {
        if (hasWritten || core.epochs.isDirty() || core.epochs.isFrozen()) {
            throw new IllegalStateException("Restore comes before the first write.");
        }
        stores.restore(changelogKey, value);
    }

    @Override
    public void restored(StorePosition position) {
        core.unwritten.complete(position);
        committedPosition = position;
        core.balanceMemory();
    }

    @Override
    public @Nullable StorePosition position() {
        return core.backing.position();
    }

    // ---- epochs

    @Override
    public boolean isDirty() {
        return core.epochs.isDirty();
    }

    @Override
    public long pinnedBytes() {
        return core.epochs.bytes() + core.memory.unwrittenBytes();
    }

    @Override
    public void freeze() {
        hasWritten = true;
        core.epochs.freeze();
        core.balanceMemory();
    }

    @Override
    public void forEachFrozenChange(ChangeVisitor visitor) {
        core.epochs.forEachFrozenChange(visitor);
    }

    @Override
    public void commit(StorePosition position) {
        core.epochs.commit(position);
        committedPosition = position;
        core.balanceMemory();
    }

    @Override
    public @Nullable StorePosition committedPosition() {
        return committedPosition;
    }

    @Override
    public void dropUncommitted() {
        core.epochs.dropUncommitted();
        stores.rolledBack();
        core.eviction.retry();
        core.balanceMemory();
    }

    // ---- the way down

    @Override
    public @Nullable Slice takeSlice(long bytesMax) {
        return core.unwritten.takeSlice(bytesMax);
    }

    @Override
    public void confirm(Slice slice) {
        core.unwritten.confirm(slice);
        core.eviction.retry();
        core.balanceMemory();
    }

    // ---- what is committed, for queries

    @Override
    public <K, V> @Nullable V committedValue(KeyValueStore<K, V> store, K key) {
        if (store instanceof HeapKeyValueStore<K, V> heap) {
            return heap.committed(key);
        }
        throw new IllegalArgumentException("Not a store of this shard: " + store);
    }

    @Override
    public <K, V> @Nullable V committedValue(WindowStore<K, V> store, K key, long windowStartMs) {
        if (store instanceof HeapWindowStore<K, V> heap) {
            return heap.committed(key, windowStartMs);
        }
        throw new IllegalArgumentException("Not a store of this shard: " + store);
    }

    @Override
    public CommittedViewResult committedView(long pinnedMax) {
        long pinnedCount = core.unwritten.pinnedCount();
        if (pinnedCount > pinnedMax) {
            return new CommittedViewResult.Refused(pinnedCount, pinnedMax);
        }
        // The snapshot may hold more than was confirmed; what is pinned lies over it and is the same or newer.
        return new CommittedViewResult.Viewed(
                new CommittedView(core.backing.snapshot(), core.unwritten.pinnedChanges(), committedPosition));
    }

    // ---- the end

    @Override
    public void close() {
        core.memory.release();
    }
}
