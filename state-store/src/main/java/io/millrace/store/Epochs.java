package io.millrace.store;

import java.util.Arrays;

/**
 * The open and the frozen epoch of a shard: which entries each has touched, in order of first touch. Every step costs as much
 * as was touched, not as much as there is.
 */
final class Epochs {

    private static final int INITIAL_ENTRIES = 256;

    private final Unwritten unwritten;
    private final ShardMemory memory;

    private Entry[] open = new Entry[INITIAL_ENTRIES];
    private int openCount;
    private long openBytes;

    private Entry[] frozen = new Entry[INITIAL_ENTRIES];
    private int frozenCount;
    private long frozenBytes;
    private boolean isFrozen;

    Epochs(Unwritten unwritten, ShardMemory memory) {
        this.memory = memory;
        this.unwritten = unwritten;
    }

    /** Gives the entry a version in the open epoch. */
    void write(Entry entry, Object version) {
        if (entry.dirty == null) {
            if (openCount == open.length) {
                open = Arrays.copyOf(open, openCount * 2);
            }
            open[openCount++] = entry;
            openBytes += entry.bytes;
        }
        entry.dirty = version;
    }

    boolean isDirty() {
        return openCount > 0;
    }

    boolean isFrozen() {
        return isFrozen;
    }

    long bytes() {
        return openBytes + frozenBytes;
    }

    void freeze() {
        if (isFrozen) {
            throw new IllegalStateException("An epoch is frozen already; commit or drop it first.");
        }
        for (int i = 0; i < openCount; i++) {
            Entry entry = open[i];
            entry.frozen = entry.dirty;
            entry.dirty = null;
        }
        Entry[] spare = frozen;
        frozen = open;
        frozenCount = openCount;
        frozenBytes = openBytes;
        isFrozen = true;
        open = spare;
        openCount = 0;
        openBytes = 0;
    }

    /**
     * The net changes: an entry whose frozen version says what the changelog already says (a key that was made and removed
     * within the epoch) is left out. If that is not known without asking the backing store, a tombstone is handed out.
     */
    void forEachFrozenChange(ShardState.ChangeVisitor visitor) {
        requireFrozen();
        for (int i = 0; i < frozenCount; i++) {
            Entry entry = frozen[i];
            Object version = entry.frozen;
            if (version == null || !entry.isFrozenNew()) {
                continue;
            }
            byte[] key = entry.keyBytes();
            if (version == Entry.ABSENT) {
                visitor.change(key, null);
            } else {
                byte[] value = entry.frozenBytes();
                memory.resize(entry, MemoryEstimate.entryBytes(key.length, value.length));
                visitor.change(key, value);
            }
        }
    }

    void commit(StorePosition position) {
        requireFrozen();
        for (int i = 0; i < frozenCount; i++) {
            Entry entry = frozen[i];
            commit(entry);
        }
        unwritten.complete(position);
        clearFrozen();
    }

    private void commit(Entry entry) {
        boolean isNew = entry.isFrozenNew();
        if (isNew) {
            entry.committed = entry.frozen;
        }
        entry.frozen = null;
        if (isNew && entry.committed == Entry.ABSENT && !entry.mayBeBelow) {
            unwritten.forget(entry);
            entry.home.settled(entry);
        } else if (isNew) {
            unwritten.pin(entry);
        } else {
            entry.home.settled(entry);
        }
    }

    void dropUncommitted() {
        // The open epoch first, so that an entry settles once it has no version left above the committed one.
        for (int i = 0; i < openCount; i++) {
            open[i].dirty = null;
        }
        for (int i = 0; i < frozenCount; i++) {
            frozen[i].frozen = null;
        }
        for (int i = 0; i < openCount; i++) {
            open[i].home.settled(open[i]);
        }
        for (int i = 0; i < frozenCount; i++) {
            frozen[i].home.settled(frozen[i]);
        }
        Arrays.fill(open, 0, openCount, null);
        openCount = 0;
        openBytes = 0;
        clearFrozen();
    }

    private void clearFrozen() {
        Arrays.fill(frozen, 0, frozenCount, null);
        frozenCount = 0;
        frozenBytes = 0;
        isFrozen = false;
    }

    private void requireFrozen() {
        if (!isFrozen) {
            throw new IllegalStateException("No epoch is frozen; freeze the open one first.");
        }
    }
}
