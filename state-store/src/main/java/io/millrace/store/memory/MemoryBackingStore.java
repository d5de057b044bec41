package io.millrace.store.memory;

import io.millrace.store.BackingStore;
import io.millrace.store.DamagedStoreException;
import io.millrace.store.StateStoreException;
import io.millrace.store.StorePosition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A backing store on the heap that forgets as a disk would: {@link #crash} falls back to any batch written since the last
 * flush.
 *
 * <p>Each key has a chain of versions, newest first, each with the number of the batch that wrote it. A reader at batch
 * <i>n</i> takes the first version that is not newer than <i>n</i>; a batch is visible when its number is published, so it is
 * atomic for readers on other threads. Versions that neither an open snapshot nor a crash can need are cut when their key is
 * written again. Without a flush the history of batches is bounded: the oldest becomes durable by itself, as a memtable may
 * be flushed at any time.
 */
public final class MemoryBackingStore implements BackingStore {

    /** Batches a crash can take back at most. */
    public static final int UNFLUSHED_BATCHES_MAX = 256;

    private record Version(
            long batch, byte @Nullable [] value, @Nullable Version older) {}

    /** A batch a crash may fall back to. */
    private record Point(long batch, @Nullable StorePosition position) {}

    /** A removed key, which leaves the map when no reader and no crash can go back before its removal. */
    private record Grave(long batch, byte[] key) {}

    private final ConcurrentSkipListMap<byte[], Version> versions =
            new ConcurrentSkipListMap<>(Arrays::compareUnsigned);
    private final Set<VersionSnapshot> snapshots = ConcurrentHashMap.newKeySet();
    private final ArrayDeque<Grave> graves = new ArrayDeque<>();
    private final ArrayDeque<Point> unflushed = new ArrayDeque<>();
    private volatile Point durable = new Point(0, null);
    private volatile Point published = durable;
    private volatile @Nullable String flushFailure;
    private volatile @Nullable String damage;

    @Override
    public void write(List<Change> changes, @Nullable StorePosition position) {
        requireIntact();
        long batch = published.batch() + 1;
        long floor = oldestNeeded();
        for (Change change : changes) {
            Version older = prune(versions.get(change.key()), floor);
            versions.put(change.key(), new Version(batch, change.value(), older));
            if (change.value() == null) {
                graves.addLast(new Grave(batch, change.key()));
            }
        }
        Point point = new Point(batch, position == null ? published.position() : position);
        unflushed.addLast(point);
        if (unflushed.size() > UNFLUSHED_BATCHES_MAX) {
            durable = unflushed.removeFirst();
        }
        published = point;
        clearGraves(floor);
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        requireIntact();
        return valueAt(versions.get(key), published.batch());
    }

    @Override
    public Cursor range(byte[] from, byte @Nullable [] to) {
        requireIntact();
        VersionSnapshot view = new VersionSnapshot();
        return new VersionCursor(view, from, to, true);
    }

    @Override
    public Snapshot snapshot() {
        return new VersionSnapshot();
    }

    @Override
    public @Nullable StorePosition position() {
        return published.position();
    }

    @Override
    public @Nullable StorePosition durablePosition() {
        return durable.position();
    }

    /** From now on its disk refuses to be flushed, and says this. */
    public void failFlushes(String why) {
        flushFailure = why;
    }

    /** From now on its checksums fail, and say this. */
    public void damage(String what) {
        damage = what;
    }

    @Override
    public @Nullable String damage() {
        return damage;
    }

    private void requireIntact() {
        String found = damage;
        if (found != null) {
            throw new DamagedStoreException("The state is damaged: " + found);
        }
    }

    @Override
    public void flush() {
        requireIntact();
        if (flushFailure != null) {
            throw new StateStoreException("The state could not be flushed: " + flushFailure);
        }
        durable = published;
        unflushed.clear();
    }

    @Override
    public void close() {
        if (damage == null) {
            flush();
        }
    }

    /** Falls back to some batch between the last flush and the last write, chosen by the generator. */
    public void crash(RandomGenerator random) {
        List<Point> survivors = new ArrayList<>(unflushed);
        survivors.add(0, durable);
        Point survivor = survivors.get(random.nextInt(survivors.size()));
        if (survivor.position() == null) {
            survivor = new Point(0, null);
        }
        for (byte[] key : versions.keySet()) {
            Version version = versions.get(key);
            while (version != null && version.batch() > survivor.batch()) {
                version = version.older();
            }
            if (version == null || version.value() == null) {
                versions.remove(key);
            } else {
                versions.put(key, version);
            }
        }
        published = survivor;
        durable = survivor;
        unflushed.clear();
        graves.clear();
    }

    private long oldestNeeded() {
        long oldest = durable.batch();
        for (VersionSnapshot snapshot : snapshots) {
            oldest = Math.min(oldest, snapshot.batch);
        }
        return oldest;
    }

    /** Cuts what is older than the version seen at the floor. */
    private static @Nullable Version prune(@Nullable Version version, long floor) {
        if (version == null || version.older() == null) {
            return version;
        }
        Version older = version.batch() <= floor ? null : prune(version.older(), floor);
        return older == version.older() ? version : new Version(version.batch(), version.value(), older);
    }

    private void clearGraves(long floor) {
        while (!graves.isEmpty() && graves.getFirst().batch() <= floor) {
            Grave grave = graves.removeFirst();
            Version version = versions.get(grave.key());
            if (version != null && version.value() == null && version.batch() == grave.batch()) {
                versions.remove(grave.key());
            }
        }
    }

    private static byte @Nullable [] valueAt(@Nullable Version newest, long batch) {
        Version version = newest;
        while (version != null && version.batch() > batch) {
            version = version.older();
        }
        return version == null ? null : version.value();
    }

    /** Holds back pruning while it is open. */
    private final class VersionSnapshot implements Snapshot {

        /** Zero, which holds back everything, until the batch is chosen: nothing can be pruned in between. */
        private volatile long batch;

        VersionSnapshot() {
            snapshots.add(this);
            batch = published.batch();
        }

        @Override
        public byte @Nullable [] get(byte[] key) {
            return valueAt(versions.get(key), batch);
        }

        @Override
        public Cursor range(byte[] from, byte @Nullable [] to) {
            return new VersionCursor(this, from, to, false);
        }

        @Override
        public void close() {
            snapshots.remove(this);
        }
    }

    private final class VersionCursor implements Cursor {

        private final VersionSnapshot view;
        private final boolean ownsView;
        private final Iterator<Map.Entry<byte[], Version>> entries;
        private byte[] key = {};
        private byte[] value = {};

        VersionCursor(VersionSnapshot view, byte[] from, byte @Nullable [] to, boolean ownsView) {
            this.view = view;
            this.ownsView = ownsView;
            boolean isEmpty = to != null && Arrays.compareUnsigned(from, to) >= 0;
            entries = isEmpty
                    ? Collections.emptyIterator()
                    : (to == null ? versions.tailMap(from) : versions.subMap(from, to))
                            .entrySet()
                            .iterator();
        }

        @Override
        public boolean next() {
            while (entries.hasNext()) {
                Map.Entry<byte[], Version> entry = entries.next();
                byte[] visible = valueAt(entry.getValue(), view.batch);
                if (visible != null) {
                    key = entry.getKey();
                    value = visible;
                    return true;
                }
            }
            return false;
        }

        @Override
        public byte[] key() {
            return key;
        }

        @Override
        public byte[] value() {
            return value;
        }

        @Override
        public void close() {
            if (ownsView) {
                view.close();
            }
        }
    }
}
