package io.millrace.store;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Timers: entries found by key and time, and the live ones in order of (time, key bytes). A rollback puts entries back into
 * the order, or takes them out.
 *
 * <p><b>Spill.</b> Everything that is due before the {@linkplain #horizon} is on the heap. Under memory pressure the clean
 * entries due last leave it, and the horizon comes nearer; when the first timer may lie beyond it, the next ones are read.
 * What lies beyond and is on the heap, removed or not, hides what lies below.
 */
final class HeapTimerStore<K, V> implements TimerStore<K, V>, EntryHome, HeapStore, Eviction.Evictable {

    /** Timers read from the backing store at once. */
    static final int READ_MAX = 512;

    /** Timers have no arrival. */
    private static final long NO_ARRIVAL = 0;

    /** The changelog key begins with store id and time, so its order is the order of timers; the time alone often decides. */
    private static final Comparator<TimedEntry> DUE = Comparator.<TimedEntry>comparingLong(entry -> entry.timeMs)
            .thenComparing(Entry::keyBytes, Arrays::compareUnsigned);

    private final StoreIdentity<K, V> identity;
    private final ShardCore core;
    private final ValuesByKey entries = new ValuesByKey();
    private final TreeSet<TimedEntry> due = new TreeSet<>(DUE);

    /** The changelog key from which on timers may be in the backing store only; null if all are on the heap. */
    private byte @Nullable [] horizon;

    HeapTimerStore(StoreIdentity<K, V> identity, ShardCore core) {
        this.identity = identity;
        this.core = core;
        horizon = core.startedEmpty ? null : StoreKeys.idPrefix(identity.id);
    }

    // ---- access

    @Override
    public void set(K key, long timeMs, V value) {
        TimedEntry entry = find(key, timeMs);
        if (entry == null) {
            entry = newEntry(key, timeMs);
            entry.knownAbsent();
        }
        core.write(identity, entry, value);
        list(entry);
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
        return entry == null || !entry.isLive() ? null : identity.valueOf(entry);
    }

    @Override
    public long firstMs() {
        TimedEntry entry = first();
        return entry == null ? Long.MAX_VALUE : entry.timeMs;
    }

    @Override
    public boolean fireFirst(long untilMs, Handler<? super K, ? super V> handler) throws Exception {
        TimedEntry entry = first();
        if (entry == null || entry.timeMs > untilMs) {
            return false;
        }
        V value = identity.valueOf(entry);
        remove(entry);
        handler.fire(identity.key(entry.key), entry.timeMs, value);
        return true;
    }

    private void remove(TimedEntry entry) {
        core.write(identity, entry, Entry.ABSENT);
        unlist(entry);
    }

    // ---- life of entries

    @Override
    public void restore(byte[] changelogKey, byte @Nullable [] value) {
        K key = decodeKey(changelogKey);
        long timeMs = StoreKeys.timeOf(changelogKey);
        TimedEntry entry = entries.find(key, NodeTable.hash(key), timeMs, NO_ARRIVAL);
        if (entry == null) {
            if (value == null && !isBeyondHorizon(changelogKey)) {
                return;
            }
            entry = newEntry(key, timeMs);
        }
        core.restore(entry, changelogKey, value);
        settled(entry);
    }

    @Override
    public void settled(Entry settled) {
        TimedEntry entry = (TimedEntry) settled;
        if (entry.isLive()) {
            list(entry);
        } else {
            unlist(entry);
            if (entry.isVoid()) {
                forget(entry);
            }
        }
    }

    private TimedEntry newEntry(K key, long timeMs) {
        TimedEntry entry = new TimedEntry(this, key, NodeTable.hash(key), identity.entryBytesGuess, timeMs, NO_ARRIVAL);
        entries.add(entry);
        core.memory.added(entry);
        return entry;
    }

    private void forget(TimedEntry entry) {
        entries.remove(entry);
        core.memory.removed(entry);
    }

    private void list(TimedEntry entry) {
        if (!entry.isListed) {
            entry.isListed = true;
            due.add(entry);
        }
    }

    private void unlist(TimedEntry entry) {
        if (entry.isListed) {
            due.remove(entry);
            entry.isListed = false;
        }
    }

    // ---- spill and reload

    @Override
    public long evict(long bytes) {
        long evicted = 0;
        Iterator<TimedEntry> lastFirst = due.descendingIterator();
        while (evicted < bytes && lastFirst.hasNext()) {
            TimedEntry entry = lastFirst.next();
            if (entry.isClean()) {
                lastFirst.remove();
                entry.isListed = false;
                if (!isBeyondHorizon(entry.keyBytes())) {
                    horizon = entry.keyBytes();
                }
                evicted += entry.bytes;
                forget(entry);
            }
        }
        return evicted;
    }

    /** The entry of a timer, read if need be; null if there is none. */
    private @Nullable TimedEntry find(K key, long timeMs) {
        TimedEntry entry = entries.find(key, NodeTable.hash(key), timeMs, NO_ARRIVAL);
        if (entry != null || horizon == null) {
            return entry;
        }
        byte[] bytes = encodedKey(key, timeMs);
        byte[] value = isBeyondHorizon(bytes) ? core.backing.get(bytes) : null;
        return value == null ? null : read(bytes, value);
    }

    /** The timer that is due first, null if none is set. */
    private @Nullable TimedEntry first() {
        while (true) {
            TimedEntry first = due.isEmpty() ? null : due.first();
            if (horizon == null || (first != null && !isBeyondHorizon(first.keyBytes()))) {
                return first;
            }
            core.makeRoom();
            readFrom(Objects.requireNonNull(horizon));
        }
    }

    private void readFrom(byte[] from) {
        byte[] end = StoreKeys.above(StoreKeys.idPrefix(identity.id));
        try (BackingStore.Cursor cursor = core.backing.range(from, end)) {
            byte[] key = from;
            int count = 0;
            while (count < READ_MAX && cursor.next()) {
                key = cursor.key();
                long timeMs = StoreKeys.timeOf(key);
                K userKey = decodeKey(key);
                if (entries.find(userKey, NodeTable.hash(userKey), timeMs, NO_ARRIVAL) == null) {
                    read(key, cursor.value());
                }
                count++;
            }
            horizon = count < READ_MAX ? null : StoreKeys.successor(key);
        }
    }

    private TimedEntry read(byte[] changelogKey, byte[] value) {
        TimedEntry entry = newEntry(decodeKey(changelogKey), StoreKeys.timeOf(changelogKey));
        entry.keyBytes(changelogKey);
        core.loaded(entry, changelogKey.length, value);
        list(entry);
        return entry;
    }

    private boolean isBeyondHorizon(byte[] changelogKey) {
        return horizon != null && Arrays.compareUnsigned(changelogKey, horizon) >= 0;
    }

    // ---- bytes

    @Override
    public StoreIdentity<K, V> identity() {
        return identity;
    }

    @Override
    public byte[] encodeKey(Entry encoded) {
        TimedEntry entry = (TimedEntry) encoded;
        return encodedKey(identity.key(entry.key), entry.timeMs);
    }

    @Override
    public boolean keepsEncoded() {
        return true;
    }

    /** The order of timers compares them. */
    @Override
    public boolean keepsKeyBytes() {
        return true;
    }

    private byte[] encodedKey(K key, long timeMs) {
        return StoreKeys.timeKey(identity.id, timeMs, identity.spec.keys().encode(key));
    }

    private K decodeKey(byte[] changelogKey) {
        return identity.spec.keys().decode(StoreKeys.tail(changelogKey, StoreKeys.TIME_KEY_OFFSET));
    }
}
