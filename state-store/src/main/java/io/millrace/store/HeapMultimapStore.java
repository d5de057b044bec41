package io.millrace.store;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A multimap: each value an entry that is found by its key, as joins probe, and, while the lane sees it, in the {@link
 * TimeBucket} of its time, by which values expire. A rollback puts entries back into their buckets.
 *
 * <p><b>Spill.</b> Under memory pressure the clean entries of the oldest buckets leave the heap. A probe then reads its own
 * key below, in those buckets whose filter knows it; expiry, a range over all keys, and the first touch after a restart read
 * a bucket whole. Whatever lies below, an entry on the heap hides it, a removed one too.
 *
 * <p>Arrivals are counted per store, from above the largest that is known, so that no two values that exist, or are being
 * removed, share a changelog key. Nothing is added to a bucket before it was read.
 */
final class HeapMultimapStore<K, V> implements MultimapStore<K, V>, EntryHome, HeapStore, Eviction.Evictable {

    private static final Comparator<TimedEntry> BY_TIME_AND_ARRIVAL =
            Comparator.<TimedEntry>comparingLong(entry -> entry.timeMs).thenComparingLong(entry -> entry.arrival);

    private final StoreIdentity<K, V> identity;
    private final ShardCore core;
    private final ValuesByKey entries = new ValuesByKey();

    /** Those with values, or that may have some. */
    private final TimeDirectory<TimeBucket> buckets = new TimeDirectory<>();

    /** Buckets that are not complete. */
    private int incompleteCount;

    private long nextArrival;

    HeapMultimapStore(StoreIdentity<K, V> identity, ShardCore core) {
        this.identity = identity;
        this.core = core;
        if (!core.startedEmpty) {
            core.forEachStartBelow(identity.id, startMs -> {
                buckets.add(startMs, new TimeBucket(startMs, false));
                incompleteCount++;
            });
        }
    }

    // ---- access

    @Override
    public void add(K key, long timeMs, V value) {
        TimeBucket bucket = buckets.find(TimeBucket.startOf(timeMs));
        if (bucket != null && !bucket.isRead()) {
            read(bucket);
        }
        TimedEntry entry = newEntry(key, NodeTable.hash(key), timeMs, nextArrival++);
        entry.knownAbsent();
        core.write(identity, entry, value);
        list(entry);
    }

    @Override
    public void range(K key, long fromMs, long toMs, Visitor<? super K, ? super V> visitor) {
        int hash = NodeTable.hash(key);
        if (incompleteCount == 0) {
            entries.range(key, hash, fromMs, toMs, entry -> !entry.isLive() || visit(key, entry, visitor));
            return;
        }
        List<TimedEntry> found = below(key, hash, fromMs, toMs);
        entries.range(key, hash, fromMs, toMs, entry -> !entry.isLive() || found.add(entry));
        found.sort(BY_TIME_AND_ARRIVAL);
        boolean goOn = true;
        for (int i = 0; goOn && i < found.size(); i++) {
            goOn = visit(key, found.get(i), visitor);
        }
    }

    @Override
    public void range(long fromMs, long toMs, Visitor<? super K, ? super V> visitor) {
        boolean goOn = true;
        int at = buckets.indexFrom(TimeBucket.startOf(fromMs));
        while (goOn && at < buckets.end() && buckets.startAt(at) <= toMs) {
            long startMs = buckets.startAt(at);
            TimeBucket bucket = complete(buckets.at(at));
            // The visitor may remove what it sees, or cause another bucket to be read and this one to be spilled.
            List<TimedEntry> found = new ArrayList<>();
            bucket.live.range(fromMs, toMs, found::add);
            for (int i = 0; goOn && i < found.size(); i++) {
                goOn = visit(identity.key(found.get(i).key), found.get(i), visitor);
            }
            at = buckets.indexFrom(startMs + 1);
        }
    }

    @Override
    public long firstTimeMs() {
        while (buckets.first() < buckets.end()) {
            TimeBucket bucket = buckets.at(buckets.first());
            if (bucket.isFirstKnown()) {
                return bucket.firstMs();
            }
            read(bucket);
        }
        return Long.MAX_VALUE;
    }

    @Override
    public void remove(K key, long timeMs, long arrival) {
        int hash = NodeTable.hash(key);
        TimedEntry entry = entries.find(key, hash, timeMs, arrival);
        if (entry == null) {
            entry = readOne(key, hash, timeMs, arrival);
        }
        if (entry != null && entry.isLive()) {
            removeEntry(entry);
        }
    }

    @Override
    public void dropBelow(long timeMs) {
        while (firstTimeMs() < timeMs) {
            TimeBucket bucket = complete(buckets.at(buckets.first()));
            while (!bucket.live.isEmpty() && bucket.live.firstEntry().timeMs < timeMs) {
                removeEntry(bucket.live.firstEntry());
            }
        }
    }

    private void removeEntry(TimedEntry entry) {
        core.write(identity, entry, Entry.ABSENT);
        unlist(entry);
    }

    private boolean visit(K key, TimedEntry entry, Visitor<? super K, ? super V> visitor) {
        return visitor.visit(key, entry.timeMs, entry.arrival, identity.valueOf(entry));
    }

    // ---- life of entries

    @Override
    public void restore(byte[] changelogKey, byte @Nullable [] value) {
        K key = decodeKey(changelogKey);
        int hash = NodeTable.hash(key);
        long timeMs = StoreKeys.bucketTimeOf(changelogKey);
        long arrival = StoreKeys.arrivalOf(changelogKey);
        nextArrival = Math.max(nextArrival, arrival + 1);
        TimedEntry entry = entries.find(key, hash, timeMs, arrival);
        if (entry == null) {
            TimeBucket bucket = buckets.find(TimeBucket.startOf(timeMs));
            if (value == null && (bucket == null || bucket.isComplete())) {
                return;
            }
            entry = newEntry(key, hash, timeMs, arrival);
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

    private TimedEntry newEntry(K key, int hash, long timeMs, long arrival) {
        TimedEntry entry = new TimedEntry(this, key, hash, identity.entryBytesGuess, timeMs, arrival);
        entries.add(entry);
        core.memory.added(entry);
        return entry;
    }

    private void forget(TimedEntry entry) {
        entries.remove(entry);
        core.memory.removed(entry);
    }

    private void list(TimedEntry entry) {
        if (entry.isListed) {
            return;
        }
        entry.isListed = true;
        long start = TimeBucket.startOf(entry.timeMs);
        TimeBucket bucket = buckets.find(start);
        if (bucket == null) {
            bucket = new TimeBucket(start, true);
            buckets.add(start, bucket);
        }
        bucket.live.add(entry);
    }

    private void unlist(TimedEntry entry) {
        if (!entry.isListed) {
            return;
        }
        entry.isListed = false;
        TimeBucket bucket = buckets.find(TimeBucket.startOf(entry.timeMs));
        if (bucket != null) {
            bucket.live.remove(entry);
            removeIfEmpty(bucket);
        }
    }

    private void removeIfEmpty(TimeBucket bucket) {
        if (bucket.isComplete() && bucket.live.isEmpty()) {
            buckets.remove(bucket.startMs);
        }
    }

    // ---- spill and reload

    /** The oldest buckets first; one that was just read gets a second chance. */
    @Override
    public long evict(long bytes) {
        long evicted = 0;
        for (int pass = 0; pass < 2; pass++) {
            for (int at = buckets.first(); at < buckets.end() && evicted < bytes; at++) {
                TimeBucket bucket = buckets.at(at);
                if (bucket.referenced) {
                    bucket.referenced = false;
                } else {
                    evicted += spill(bucket);
                }
            }
        }
        return evicted;
    }

    private long spill(TimeBucket bucket) {
        boolean wasComplete = bucket.isComplete();
        long filterBytes = bucket.filterBytes();
        long[] spilled = new long[1];
        bucket.live.removeIf(entry -> {
            if (!entry.isClean()) {
                return false;
            }
            bucket.spill(entry);
            entry.isListed = false;
            spilled[0] += entry.bytes;
            forget(entry);
            return true;
        });
        incompleteCount += wasComplete && !bucket.isComplete() ? 1 : 0;
        long growth = bucket.filterBytes() - filterBytes;
        core.memory.resized(growth);
        return spilled[0] - growth;
    }

    private TimeBucket complete(TimeBucket bucket) {
        if (!bucket.isComplete()) {
            read(bucket);
        }
        return bucket;
    }

    /** Puts all of the bucket on the heap, and takes it out of the directory if nothing is in it. */
    private void read(TimeBucket bucket) {
        core.makeRoom();
        byte[] prefix = StoreKeys.timePrefix(identity.id, bucket.startMs);
        try (BackingStore.Cursor cursor = core.backing.range(prefix, StoreKeys.above(prefix))) {
            while (cursor.next()) {
                byte[] bytes = cursor.key();
                long timeMs = StoreKeys.bucketTimeOf(bytes);
                long arrival = StoreKeys.arrivalOf(bytes);
                nextArrival = Math.max(nextArrival, arrival + 1);
                K key = decodeKey(bytes);
                int hash = NodeTable.hash(key);
                if (entries.find(key, hash, timeMs, arrival) == null) {
                    TimedEntry entry = newEntry(key, hash, timeMs, arrival);
                    core.loaded(entry, bytes.length, cursor.value());
                    entry.isListed = true;
                    bucket.live.add(entry);
                }
            }
        }
        core.memory.resized(-bucket.filterBytes());
        bucket.completed();
        incompleteCount--;
        removeIfEmpty(bucket);
    }

    /** The value that was spilled from this place, as an entry that is not in its bucket; null if there is none. */
    private @Nullable TimedEntry readOne(K key, int hash, long timeMs, long arrival) {
        TimeBucket bucket = buckets.find(TimeBucket.startOf(timeMs));
        if (bucket == null || !bucket.mayBeBelow(hash)) {
            return null;
        }
        byte[] bytes = StoreKeys.bucketKey(identity.id, identity.spec.keys(), key, timeMs, arrival);
        byte[] value = core.backing.get(bytes);
        if (value == null) {
            return null;
        }
        bucket.spilledRemoved();
        TimedEntry entry = newEntry(key, hash, timeMs, arrival);
        core.loaded(entry, bytes.length, value);
        return entry;
    }

    /** The values of a key that are only in the backing store, as entries that are nowhere on the heap; in no order. */
    private List<TimedEntry> below(K key, int hash, long fromMs, long toMs) {
        // First, since reading a bucket may spill others.
        int at = buckets.indexFrom(TimeBucket.startOf(fromMs));
        while (at < buckets.end() && buckets.startAt(at) <= toMs) {
            TimeBucket bucket = buckets.at(at);
            if (!bucket.isRead()) {
                read(bucket);
            }
            at = buckets.indexFrom(bucket.startMs + 1);
        }
        List<TimedEntry> found = new ArrayList<>();
        byte[] keyBytes = null;
        at = buckets.indexFrom(TimeBucket.startOf(fromMs));
        for (; at < buckets.end() && buckets.startAt(at) <= toMs; at++) {
            if (buckets.at(at).mayBeBelow(hash)) {
                keyBytes = keyBytes == null ? identity.spec.keys().encode(key) : keyBytes;
                addBelow(buckets.at(at), key, keyBytes, hash, fromMs, toMs, found);
            }
        }
        return found;
    }

    private void addBelow(
            TimeBucket bucket, K key, byte[] keyBytes, int hash, long fromMs, long toMs, List<TimedEntry> found) {
        byte[] prefix = StoreKeys.timeKey(identity.id, bucket.startMs, keyBytes);
        try (BackingStore.Cursor cursor = core.backing.range(prefix, StoreKeys.above(prefix))) {
            while (cursor.next()) {
                byte[] bytes = cursor.key();
                // A key that goes on where this one ends is longer.
                if (bytes.length == prefix.length + StoreKeys.PLACE_BYTES) {
                    long timeMs = StoreKeys.bucketTimeOf(bytes);
                    long arrival = StoreKeys.arrivalOf(bytes);
                    if (timeMs >= fromMs && timeMs <= toMs && entries.find(key, hash, timeMs, arrival) == null) {
                        TimedEntry entry = new TimedEntry(this, key, hash, 0, timeMs, arrival);
                        entry.committed = new Entry.Encoded(cursor.value());
                        found.add(entry);
                    }
                }
            }
        }
    }

    // ---- bytes

    @Override
    public StoreIdentity<K, V> identity() {
        return identity;
    }

    @Override
    public byte[] encodeKey(Entry encoded) {
        TimedEntry entry = (TimedEntry) encoded;
        return StoreKeys.bucketKey(
                identity.id, identity.spec.keys(), identity.key(entry.key), entry.timeMs, entry.arrival);
    }

    @Override
    public boolean keepsEncoded() {
        return true;
    }

    @Override
    public boolean keepsKeyBytes() {
        return false;
    }

    private K decodeKey(byte[] bytes) {
        return identity.spec.keys().decode(StoreKeys.bucketUserKey(bytes));
    }
}
