package io.millrace.store;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * All stores of one shard, and the epochs they share. Owned by the lane that owns the shard.
 *
 * <p>Order of calls: open the stores; replay the changelog with {@link #restore}; then, again and again, write, {@link
 * #freeze}, hand out the net changes, write on in the next epoch, and {@link #commit} once the frozen epoch is decided and
 * durable. {@link #dropUncommitted} goes back to what is committed.
 */
public interface ShardState {

    <K, V> KeyValueStore<K, V> keyValue(StoreSpec<K, V> spec);

    /** @param sizeMs of every window of the store */
    <K, V> WindowStore<K, V> window(StoreSpec<K, V> spec, long sizeMs);

    <K, V> MultimapStore<K, V> multimap(StoreSpec<K, V> spec);

    <K, V> TimerStore<K, V> timers(StoreSpec<K, V> spec);

    /**
     * Opens the stores of an earlier plan that have one of these names, as far as nobody else has, for {@link #deleteLeft}.
     * After the other stores, before the restore.
     */
    void leave(Predicate<String> names);

    /** Deletes everything in the stores that {@link #leave} has opened, and what is known of them; in the open epoch, which holds all their keys. */
    void deleteLeft();

    // ---- restore

    /** Applies one committed changelog record; null value for a tombstone. Only before the first write. */
    void restore(byte[] changelogKey, byte @Nullable [] value);

    /** Says that the changelog below this position has been applied. */
    void restored(StorePosition position);

    /** Where the changelog must be replayed from; null for its start. */
    @Nullable
    StorePosition position();

    // ---- epochs

    /** Whether the open epoch wrote anything. */
    boolean isDirty();

    /** Estimated bytes of the open and the frozen epoch and of what is committed but not yet in the backing store. */
    long pinnedBytes();

    /** Closes the open epoch and opens the next. At most one epoch can be frozen. */
    void freeze();

    /** The net changes of the frozen epoch: one per key, in a deterministic order. Keys are as {@link #restore} takes them. */
    void forEachFrozenChange(ChangeVisitor visitor);

    /** The frozen epoch is decided and durable: it becomes the committed version and may go to the backing store. */
    void commit(StorePosition position);

    /** Forgets the frozen and the open epoch. */
    void dropUncommitted();

    /** Of the last {@link #commit} or {@link #restored}; at first that of the backing store. */
    @Nullable
    StorePosition committedPosition();

    // ---- the way down

    /**
     * A slice of committed changes to be written below, null if there is none. Its position is set only if, with it, the
     * store is complete up to there. The next slice can be taken before this one is confirmed.
     *
     * @param bytesMax about how much
     */
    @Nullable
    Slice takeSlice(long bytesMax);

    /** Everything in the slice has been written: its entries may be evicted. */
    void confirm(Slice slice);

    // ---- what is committed, for queries

    /** The committed value of a key, whatever the open epochs say; null if there is none. Must not be changed. */
    <K, V> @Nullable V committedValue(KeyValueStore<K, V> store, K key);

    /** As {@link #committedValue(KeyValueStore, Object)}, of one window. */
    <K, V> @Nullable V committedValue(WindowStore<K, V> store, K key, long windowStartMs);

    /**
     * All stores as the last commit left them, to be read on another thread.
     *
     * @param pinnedMax entries that are committed but not yet written, and so must be copied; with more it is refused
     */
    CommittedViewResult committedView(long pinnedMax);

    // ---- the end

    /** Gives its memory back to the process's budget. What it has not handed down stays in the changelog. */
    void close();

    /** Sees net changes. */
    @FunctionalInterface
    interface ChangeVisitor {
        void change(byte[] changelogKey, byte @Nullable [] value);
    }

    /** An immutable batch for {@link BackingStore#write}. */
    interface Slice {
        java.util.List<BackingStore.Change> changes();

        @Nullable
        StorePosition position();
    }
}
