package io.millrace.store;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The way down: what is committed but not yet in the backing store, commit by commit, oldest first.
 *
 * <p><b>An older version need not be written.</b> An entry that was committed again is skipped where its older commit stands
 * and written with its newest. The position of the older commit may still be claimed without it: a position promises that
 * replaying the committed changelog <em>from there</em> gives the state, and the newer version of the skipped key stands in
 * that tail, since its commit was appended later. Until it is written the key is pinned, so no reader of this shard asks the
 * backing store for it, and a query's view lays the pinned entries over its snapshot. Hence a key that changes all the time
 * is never written at all, and costs nothing here but the skip.
 *
 * <p>By the same argument a key that was made and removed before any of its versions was handed down need not be written
 * either: no batch that a crash can fall back to has it, unless it is older than the removal of an earlier life of the key,
 * and then that removal is replayed.
 *
 * <p>The same argument allows writing a version <em>before</em> its commit is complete below: replay overwrites it.
 */
final class Unwritten {

    /** The entry references kept beyond twice the pinned entries before stale ones are swept. */
    private static final int STALE_ENTRIES_MAX = 64 * 1024;

    /** Entries one slice passes over, of which it carries those that were not committed again. */
    private static final int PASSED_ENTRIES_MAX = 16 * 1024;

    private static final int INITIAL_ENTRIES = 16;

    private final ShardMemory memory;
    private final ArrayDeque<Commit> commits = new ArrayDeque<>();
    private Commit latest = new Commit(1);
    private final ArrayDeque<TakenSlice> inFlight = new ArrayDeque<>();
    private long listedCount;
    private long pinnedCount;

    Unwritten(ShardMemory memory) {
        this.memory = memory;
    }

    /** The entries of one commit; some may have been committed again since. */
    private static final class Commit {
        final long number;

        @Nullable
        StorePosition position;

        Entry[] entries = new Entry[INITIAL_ENTRIES];
        int count;
        int taken;

        Commit(long number) {
            this.number = number;
        }
    }

    /** The slice as the lane remembers it: which version of which entry it carries. */
    private record TakenSlice(
            List<BackingStore.Change> changes, @Nullable StorePosition position, Entry[] entries, long[] commitNumbers)
            implements ShardState.Slice {}

    /** The committed version of the entry is new and must be written. */
    void pin(Entry entry) {
        if (entry.pinnedCommit == 0) {
            pinnedCount++;
            memory.pinned(entry);
        }
        entry.pinnedCommit = latest.number;
        if (latest.count == latest.entries.length) {
            latest.entries = Arrays.copyOf(latest.entries, latest.count * 2);
        }
        latest.entries[latest.count++] = entry;
        listedCount++;
    }

    /** The entry was removed before any version of it was handed down: nothing need be written. */
    void forget(Entry entry) {
        if (entry.pinnedCommit != 0) {
            unpin(entry);
        }
    }

    /** All that was pinned since the last call is one commit, which ends at the position. */
    void complete(StorePosition position) {
        latest.position = position;
        closeLatest();
        if (listedCount > 2 * pinnedCount + STALE_ENTRIES_MAX) {
            sweep();
        }
    }

    long pinnedCount() {
        return pinnedCount;
    }

    ShardState.@Nullable Slice takeSlice(long bytesMax) {
        // A commit that is still growing (a restore) is cut here, so that a later version of a key that is in this
        // slice has
        // another number, and confirming this slice does not unpin it.
        if (latest.count > 0) {
            closeLatest();
        }
        SliceBuilder slice = new SliceBuilder(bytesMax);
        boolean isCommitTaken = true;
        while (isCommitTaken && !commits.isEmpty() && slice.hasRoom()) {
            Commit commit = commits.getFirst();
            while (commit.taken < commit.count && slice.hasRoom()) {
                listedCount--;
                slice.add(commit.entries[commit.taken++], commit.number);
            }
            isCommitTaken = commit.taken == commit.count;
            if (isCommitTaken) {
                commits.removeFirst();
                slice.position = commit.position == null ? slice.position : commit.position;
            }
        }
        if (slice.isEmpty()) {
            return null;
        }
        TakenSlice taken = slice.build();
        inFlight.addLast(taken);
        return taken;
    }

    void confirm(ShardState.Slice slice) {
        if (!(slice instanceof TakenSlice taken)) {
            throw new IllegalArgumentException("Not a slice of this shard: " + slice);
        }
        inFlight.removeIf(other -> other == taken);
        for (int i = 0; i < taken.entries.length; i++) {
            Entry entry = taken.entries[i];
            if (entry.pinnedCommit == taken.commitNumbers[i]) {
                unpin(entry);
                entry.mayBeBelow = entry.committed != Entry.ABSENT;
                if (entry.isClean() && !entry.home.keepsKeyBytes()) {
                    entry.keyBytes(null);
                }
                entry.home.settled(entry);
            }
        }
    }

    /** Copies what is committed but not confirmed, in order of key; empty for a removed key. */
    NavigableMap<byte[], Optional<byte[]>> pinnedChanges() {
        TreeMap<byte[], Optional<byte[]>> changes = new TreeMap<>(Arrays::compareUnsigned);
        for (TakenSlice slice : inFlight) {
            for (int i = 0; i < slice.entries.length; i++) {
                addIfPinned(changes, slice.entries[i], slice.commitNumbers[i]);
            }
        }
        for (Commit commit : commits) {
            for (int i = commit.taken; i < commit.count; i++) {
                addIfPinned(changes, commit.entries[i], commit.number);
            }
        }
        for (int i = 0; i < latest.count; i++) {
            addIfPinned(changes, latest.entries[i], latest.number);
        }
        return changes;
    }

    private static void addIfPinned(Map<byte[], Optional<byte[]>> changes, Entry entry, long commitNumber) {
        if (entry.pinnedCommit == commitNumber) {
            changes.put(entry.keyBytes(), Optional.ofNullable(entry.committedBytes()));
        }
    }

    private void unpin(Entry entry) {
        entry.pinnedCommit = 0;
        pinnedCount--;
        memory.unpinned(entry);
    }

    private void closeLatest() {
        commits.addLast(latest);
        latest = new Commit(latest.number + 1);
    }

    /** Forgets references to entries that were committed again. */
    private void sweep() {
        listedCount = 0;
        for (Commit commit : commits) {
            int kept = 0;
            for (int i = commit.taken; i < commit.count; i++) {
                Entry entry = commit.entries[i];
                if (entry.pinnedCommit == commit.number) {
                    commit.entries[kept++] = entry;
                }
            }
            commit.entries = Arrays.copyOf(commit.entries, Math.max(kept, 1));
            commit.count = kept;
            commit.taken = 0;
            listedCount += kept;
        }
    }

    /** Collects the entries whose newest version stands in the commits that are passed. */
    private static final class SliceBuilder {
        private final long bytesMax;
        private final List<BackingStore.Change> changes = new ArrayList<>();
        private Entry[] entries = new Entry[INITIAL_ENTRIES];
        private long[] commitNumbers = new long[INITIAL_ENTRIES];
        private long bytes;
        private int passedCount;
        private @Nullable StorePosition position;

        SliceBuilder(long bytesMax) {
            this.bytesMax = bytesMax;
        }

        /** Many entries may be passed and few added: that is cut too, once there is something to hand out. */
        boolean hasRoom() {
            return bytes < bytesMax && (passedCount < PASSED_ENTRIES_MAX || isEmpty());
        }

        boolean isEmpty() {
            return changes.isEmpty() && position == null;
        }

        void add(Entry entry, long commitNumber) {
            passedCount++;
            if (entry.pinnedCommit != commitNumber) {
                return;
            }
            int count = changes.size();
            if (count == entries.length) {
                entries = Arrays.copyOf(entries, count * 2);
                commitNumbers = Arrays.copyOf(commitNumbers, count * 2);
            }
            entries[count] = entry;
            commitNumbers[count] = commitNumber;
            byte[] value = entry.committedBytes();
            entry.mayBeBelow |= value != null;
            changes.add(new BackingStore.Change(entry.keyBytes(), value));
            bytes += entry.keyBytes().length + (value == null ? 0 : value.length);
        }

        TakenSlice build() {
            int count = changes.size();
            return new TakenSlice(
                    List.copyOf(changes), position, Arrays.copyOf(entries, count), Arrays.copyOf(commitNumbers, count));
        }
    }
}
