package io.millrace.store;

import java.util.Arrays;
import java.util.Comparator;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Timers: a table of all entries by (key, time), and the live ones in order of (time, key bytes). A rollback puts entries back
 * into the order, or takes them out.
 *
 * <p>All entries are on the heap: what the backing store holds is read when the store is opened.
 */
final class HeapTimerStore<K, V> implements TimerStore<K, V>, EntryHome, HeapStore {

    /** The changelog key begins with store id and time, so its order is the order of timers; the time alone often decides. */
    private static final Comparator<TimedEntry> DUE = Comparator.<TimedEntry>comparingLong(entry -> entry.timeMs)
            .thenComparing(Entry::keyBytes, Arrays::compareUnsigned);

    private final StoreIdentity<K, V> identity;
    private final ShardCore core;
    private final NodeTable<TimedEntry> table = new NodeTable<>();
    private final TreeSet<TimedEntry> due = new TreeSet<>(DUE);

    /** A key at a time, by content for byte arrays too. */
    private record TimerKey(Object key, long timeMs) {

        @Override
        public boolean equals(Object other) {
            return other instanceof TimerKey that && timeMs == that.timeMs && NodeTable.sameKey(key, that.key);
        }

        @Override
        public int hashCode() {
            return 31 * NodeTable.hash(key) + Long.hashCode(timeMs);
        }
    }

    HeapTimerStore(StoreIdentity<K, V> identity, ShardCore core) {
        this.identity = identity;
        this.core = core;
        if (!core.startedEmpty) {
            readAllBelow();
        }
    }

    // ---- access

    @Override
    public void set(K key, long timeMs, V value) {
        TimedEntry entry = find(key, timeMs);
        if (entry == null) {
            entry = add(key, timeMs);
            entry.knownAbsent();
        }
        core.write(identity, entry, value);
        index(entry);
    }

    @Override
    public void cancel(K key, long timeMs) {
        TimedEntry entry = find(key, timeMs);
        if (entry != null && entry.isLive()) {
            remove(entry);
        }
    }

    @Override
    public @Nullable V get(K key, long timeMs) {
        TimedEntry entry = find(key, timeMs);
        return entry == null || !entry.isLive() ? null : identity.value(entry.current());
    }

    @Override
    public long firstMs() {
        return due.isEmpty() ? Long.MAX_VALUE : due.first().timeMs;
    }

    @Override
    public boolean fireFirst(long untilMs, Handler<? super K, ? super V> handler) throws Exception {
        if (firstMs() > untilMs || due.isEmpty()) {
            return false;
        }
        TimedEntry entry = due.first();
        V value = identity.value(entry.current());
        remove(entry);
        handler.fire(identity.key(((TimerKey) entry.key).key()), entry.timeMs, value);
        return true;
    }

    private void remove(TimedEntry entry) {
        core.write(identity, entry, Entry.ABSENT);
        unindex(entry);
    }

    // ---- life of entries

    @Override
    public void restore(byte[] changelogKey, byte @Nullable [] value) {
        K key = identity.spec.keys().decode(StoreKeys.tail(changelogKey, StoreKeys.TIME_KEY_OFFSET));
        long timeMs = StoreKeys.timeOf(changelogKey);
        TimedEntry entry = find(key, timeMs);
        if (entry == null) {
            entry = add(key, timeMs);
        }
        core.restore(entry, changelogKey, value);
        settled(entry);
    }

    @Override
    public void settled(Entry settled) {
        TimedEntry entry = (TimedEntry) settled;
        if (entry.isLive()) {
            index(entry);
        } else {
            unindex(entry);
            if (entry.isVoid()) {
                table.remove(entry);
                core.memory.removed(entry);
            }
        }
    }

    private @Nullable TimedEntry find(K key, long timeMs) {
        TimerKey both = new TimerKey(key, timeMs);
        return table.find(both, NodeTable.hash(both));
    }

    private TimedEntry add(K key, long timeMs) {
        TimerKey both = new TimerKey(key, timeMs);
        TimedEntry entry = new TimedEntry(this, both, NodeTable.hash(both), identity.entryBytesGuess, timeMs, 0);
        table.insert(entry);
        core.memory.added(entry);
        return entry;
    }

    private void index(TimedEntry entry) {
        if (!entry.isIndexed) {
            entry.isIndexed = true;
            due.add(entry);
        }
    }

    private void unindex(TimedEntry entry) {
        if (entry.isIndexed) {
            due.remove(entry);
            entry.isIndexed = false;
        }
    }

    private void readAllBelow() {
        byte[] prefix = StoreKeys.idPrefix(identity.id);
        try (BackingStore.Cursor cursor = core.backing.range(prefix, StoreKeys.above(prefix))) {
            while (cursor.next()) {
                byte[] bytes = cursor.key();
                K key = identity.spec.keys().decode(StoreKeys.tail(bytes, StoreKeys.TIME_KEY_OFFSET));
                TimedEntry entry = add(key, StoreKeys.timeOf(bytes));
                entry.committed = new Entry.Encoded(cursor.value());
                core.memory.resize(entry, MemoryEstimate.entryBytes(bytes.length, cursor.value().length));
                index(entry);
            }
        }
    }

    // ---- bytes

    @Override
    public StoreIdentity<?, ?> identity() {
        return identity;
    }

    @Override
    public byte[] encodeKey(Entry entry) {
        TimerKey both = (TimerKey) entry.key;
        return StoreKeys.timeKey(
                identity.id, both.timeMs(), identity.spec.keys().encode(identity.key(both.key())));
    }

    @Override
    public byte[] encodeValue(Object value) {
        return identity.encodeValue(value);
    }

    @Override
    public Object decodeValue(byte[] bytes) {
        return identity.decodeValue(bytes);
    }

    /** The order of timers compares them. */
    @Override
    public boolean keepsKeyBytes() {
        return true;
    }
}
