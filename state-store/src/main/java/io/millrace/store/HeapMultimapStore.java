package io.millrace.store;

import org.jspecify.annotations.Nullable;

/**
 * A multimap: each value an entry that stands in two runs while the lane sees it, the one of its key, which joins probe, and
 * the one of its bucket of time, by which values expire. A rollback puts entries back into both.
 *
 * <p>Arrivals are counted per store, from above the largest that is known, so that no two values that exist, or are being
 * removed, share a changelog key.
 *
 * <p>All entries are on the heap: what the backing store holds is read when the store is opened.
 */
final class HeapMultimapStore<K, V> implements MultimapStore<K, V>, EntryHome, HeapStore {

    /** Wide enough for few buckets in a join of hours, narrow enough to insert disordered values near the end of one. */
    private static final long BUCKET_MS = 1024;

    private final StoreIdentity<K, V> identity;
    private final ShardCore core;
    private final NodeTable<KeyRun> keys = new NodeTable<>();
    private final TimeDirectory<TimedRun> buckets = new TimeDirectory<>();
    private long nextArrival;

    HeapMultimapStore(StoreIdentity<K, V> identity, ShardCore core) {
        this.identity = identity;
        this.core = core;
        if (!core.startedEmpty) {
            readAllBelow();
        }
    }

    // ---- access

    @Override
    public void add(K key, long timeMs, V value) {
        TimedEntry entry = newEntry(key, timeMs, nextArrival++);
        entry.knownAbsent();
        core.write(identity, entry, value);
        index(entry);
    }

    @Override
    public void range(K key, long fromMs, long toMs, Visitor<? super K, ? super V> visitor) {
        KeyRun run = keys.find(key, NodeTable.hash(key));
        if (run != null) {
            run.values.range(fromMs, toMs, entry -> visitor.visit(key, entry.timeMs, entry.arrival, value(entry)));
        }
    }

    @Override
    public void range(long fromMs, long toMs, Visitor<? super K, ? super V> visitor) {
        boolean goOn = true;
        int at = buckets.indexFrom(bucketOf(fromMs));
        while (goOn && at < buckets.end() && buckets.startAt(at) <= toMs) {
            long bucket = buckets.startAt(at);
            goOn = buckets.at(at)
                    .range(fromMs, toMs, entry -> visitor.visit(key(entry), entry.timeMs, entry.arrival, value(entry)));
            at = buckets.indexFrom(bucket + 1);
        }
    }

    @Override
    public long firstTimeMs() {
        return buckets.first() == buckets.end()
                ? Long.MAX_VALUE
                : buckets.at(buckets.first()).firstEntry().timeMs;
    }

    @Override
    public void remove(K key, long timeMs, long arrival) {
        KeyRun run = keys.find(key, NodeTable.hash(key));
        TimedEntry entry = run == null ? null : run.values.find(timeMs, arrival);
        if (entry != null) {
            removeEntry(entry);
        }
    }

    @Override
    public void dropBelow(long timeMs) {
        while (firstTimeMs() < timeMs) {
            removeEntry(buckets.at(buckets.first()).firstEntry());
        }
    }

    private void removeEntry(TimedEntry entry) {
        core.write(identity, entry, Entry.ABSENT);
        unindex(entry);
    }

    // ---- life of entries

    @Override
    public void restore(byte[] changelogKey, byte @Nullable [] value) {
        K key = decodeKey(changelogKey);
        long timeMs = StoreKeys.timeOf(changelogKey);
        long arrival = StoreKeys.arrivalOf(changelogKey);
        nextArrival = Math.max(nextArrival, arrival + 1);
        KeyRun run = keys.find(key, NodeTable.hash(key));
        TimedEntry entry = run == null ? null : run.values.find(timeMs, arrival);
        if (entry == null) {
            if (value == null) {
                return;
            }
            entry = newEntry(key, timeMs, arrival);
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
                core.memory.removed(entry);
            }
        }
    }

    private TimedEntry newEntry(K key, long timeMs, long arrival) {
        int hash = NodeTable.hash(key);
        TimedEntry entry = new TimedEntry(this, key, hash, identity.entryBytesGuess, timeMs, arrival);
        core.memory.added(entry);
        return entry;
    }

    private void index(TimedEntry entry) {
        if (entry.isIndexed) {
            return;
        }
        entry.isIndexed = true;
        KeyRun run = keys.find(entry.key, entry.hash);
        if (run == null) {
            run = new KeyRun(entry.key, entry.hash);
            keys.insert(run);
        }
        run.values.add(entry);
        entry.run = run;
        long start = bucketOf(entry.timeMs);
        TimedRun bucket = buckets.find(start);
        if (bucket == null) {
            bucket = new TimedRun();
            buckets.add(start, bucket);
        }
        bucket.add(entry);
    }

    private void unindex(TimedEntry entry) {
        KeyRun run = entry.run;
        if (!entry.isIndexed || run == null) {
            return;
        }
        entry.isIndexed = false;
        entry.run = null;
        run.values.remove(entry);
        if (run.values.isEmpty()) {
            keys.remove(run);
        }
        long start = bucketOf(entry.timeMs);
        TimedRun bucket = buckets.find(start);
        if (bucket != null) {
            bucket.remove(entry);
            if (bucket.isEmpty()) {
                buckets.remove(start);
            }
        }
    }

    private void readAllBelow() {
        byte[] prefix = StoreKeys.idPrefix(identity.id);
        try (BackingStore.Cursor cursor = core.backing.range(prefix, StoreKeys.above(prefix))) {
            while (cursor.next()) {
                byte[] bytes = cursor.key();
                long arrival = StoreKeys.arrivalOf(bytes);
                nextArrival = Math.max(nextArrival, arrival + 1);
                TimedEntry entry = newEntry(decodeKey(bytes), StoreKeys.timeOf(bytes), arrival);
                entry.committed = new Entry.Encoded(cursor.value());
                core.memory.resize(entry, MemoryEstimate.entryBytes(bytes.length, cursor.value().length));
                index(entry);
            }
        }
    }

    private static long bucketOf(long timeMs) {
        return Math.floorDiv(timeMs, BUCKET_MS) * BUCKET_MS;
    }

    // ---- bytes

    @Override
    public StoreIdentity<?, ?> identity() {
        return identity;
    }

    @Override
    public byte[] encodeKey(Entry encoded) {
        TimedEntry entry = (TimedEntry) encoded;
        return StoreKeys.arrivalKey(
                identity.id, entry.timeMs, entry.arrival, identity.spec.keys().encode(key(entry)));
    }

    @Override
    public byte[] encodeValue(Object value) {
        return identity.encodeValue(value);
    }

    @Override
    public Object decodeValue(byte[] bytes) {
        return identity.decodeValue(bytes);
    }

    @Override
    public boolean keepsKeyBytes() {
        return false;
    }

    private K decodeKey(byte[] bytes) {
        return identity.spec.keys().decode(StoreKeys.tail(bytes, StoreKeys.ARRIVAL_KEY_OFFSET));
    }

    private K key(TimedEntry entry) {
        return identity.key(entry.key);
    }

    private V value(TimedEntry entry) {
        return identity.value(entry.current());
    }
}
