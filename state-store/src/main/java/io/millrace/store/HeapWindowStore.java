package io.millrace.store;

import org.jspecify.annotations.Nullable;

/**
 * A window store: one {@link KeyedEntries} per window start. The starts that exist are always known here, also of panes whose
 * entries are all in the backing store, so that a window that never was costs no read.
 */
final class HeapWindowStore<K, V> implements WindowStore<K, V>, HeapStore, Eviction.Evictable {

    private final StoreIdentity<K, V> identity;
    private final ShardCore core;
    private final TimeDirectory<KeyedEntries<K, V>> panes = new TimeDirectory<>();

    /**
     * No pane that starts before this has a value. Panes that were dropped stay until their tombstones are written below, and
     * many may be dropped meanwhile: nobody walks over them again.
     */
    private long vacantBelowMs = Long.MIN_VALUE;

    HeapWindowStore(StoreIdentity<K, V> identity, ShardCore core) {
        this.identity = identity;
        this.core = core;
        if (!core.startedEmpty) {
            core.forEachStartBelow(identity.id, startMs -> addPane(startMs, false));
        }
    }

    @Override
    public @Nullable V get(K key, long windowStartMs) {
        KeyedEntries<K, V> pane = panes.find(windowStartMs);
        return pane == null ? null : pane.get(key);
    }

    @Override
    public @Nullable V getForUpdate(K key, long windowStartMs) {
        KeyedEntries<K, V> pane = panes.find(windowStartMs);
        return pane == null ? null : pane.getForUpdate(key);
    }

    @Override
    public void put(K key, long windowStartMs, V value) {
        pane(windowStartMs).put(key, value);
    }

    @Override
    public @Nullable V delete(K key, long windowStartMs) {
        KeyedEntries<K, V> pane = panes.find(windowStartMs);
        return pane == null ? null : pane.delete(key);
    }

    @Override
    public void range(K key, long fromMs, long toMs, WindowVisitor<? super K, ? super V> visitor) {
        boolean goOn = true;
        for (int at = panes.indexFrom(fromMs); goOn && at < panes.end() && panes.startAt(at) <= toMs; at++) {
            V value = panes.at(at).get(key);
            goOn = value == null || visitor.visit(key, panes.startAt(at), value);
        }
    }

    @Override
    public void range(long fromMs, long toMs, WindowVisitor<? super K, ? super V> visitor) {
        boolean goOn = true;
        for (int at = panes.indexFrom(fromMs); goOn && at < panes.end() && panes.startAt(at) <= toMs; at++) {
            long startMs = panes.startAt(at);
            goOn = panes.at(at).all((key, value) -> visitor.visit(key, startMs, value));
        }
    }

    @Override
    public long firstStartMs() {
        removeSpentPanes();
        int at = panes.indexFrom(vacantBelowMs);
        while (at < panes.end() && !panes.at(at).hasAny()) {
            at++;
        }
        vacantBelowMs = at < panes.end() ? panes.startAt(at) : Long.MAX_VALUE;
        return vacantBelowMs;
    }

    @Override
    public void dropBelow(long startMs) {
        removeSpentPanes();
        for (int at = panes.indexFrom(vacantBelowMs); at < panes.end() && panes.startAt(at) < startMs; at++) {
            panes.at(at).deleteAll();
        }
        vacantBelowMs = Math.max(vacantBelowMs, startMs);
    }

    @Nullable
    V committed(K key, long windowStartMs) {
        KeyedEntries<K, V> pane = panes.find(windowStartMs);
        return pane == null ? null : pane.committed(key);
    }

    /** Old panes first: they are likely to be asked for least. */
    @Override
    public long evict(long bytes) {
        long evicted = 0;
        for (int at = panes.first(); at < panes.end() && evicted < bytes; at++) {
            evicted += panes.at(at).evict(bytes - evicted);
        }
        return evicted;
    }

    @Override
    public StoreIdentity<?, ?> identity() {
        return identity;
    }

    @Override
    public void restore(byte[] changelogKey, byte @Nullable [] value) {
        pane(StoreKeys.timeOf(changelogKey)).restore(changelogKey, value);
    }

    @Override
    public void rolledBack() {
        vacantBelowMs = Long.MIN_VALUE;
    }

    /** The pane, which is about to get a value. */
    private KeyedEntries<K, V> pane(long startMs) {
        vacantBelowMs = Math.min(vacantBelowMs, startMs);
        KeyedEntries<K, V> pane = panes.find(startMs);
        return pane == null ? addPane(startMs, true) : pane;
    }

    private KeyedEntries<K, V> addPane(long startMs, boolean isComplete) {
        byte[] prefix = StoreKeys.timePrefix(identity.id, startMs);
        KeyedEntries<K, V> pane = new KeyedEntries<>(identity, core, prefix, isComplete);
        panes.add(startMs, pane);
        return pane;
    }

    /** Dropped panes leave once their tombstones are written, in order of start. */
    private void removeSpentPanes() {
        while (panes.first() < panes.end() && panes.at(panes.first()).isSpent()) {
            panes.removeFirst();
        }
    }
}
