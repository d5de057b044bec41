package io.millrace.store;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Hash table of entries: open addressing with linear probes, removal by shifting back, at most half full. Entries carry their
 * hash, so that growing touches no key.
 *
 * <p>Iteration order is not deterministic; nothing that leaves the shard may depend on it.
 */
final class EntryTable {

    private static final int INITIAL_SLOTS = 16;

    private @Nullable Entry[] slots = new Entry[INITIAL_SLOTS];
    private int size;

    /** Spread, since keys may have poor hash codes; byte arrays are compared by content. */
    static int hash(Object key) {
        int code = key instanceof byte[] bytes ? Arrays.hashCode(bytes) : key.hashCode();
        int spread = code * 0x9E3779B9;
        return spread ^ (spread >>> 15);
    }

    static boolean sameKey(Object a, Object b) {
        return a == b || (a instanceof byte[] x ? b instanceof byte[] y && Arrays.equals(x, y) : a.equals(b));
    }

    @Nullable
    Entry find(Object key, int hash) {
        @Nullable Entry[] table = slots;
        int mask = table.length - 1;
        for (int at = hash & mask; ; at = (at + 1) & mask) {
            Entry entry = table[at];
            if (entry == null || (entry.hash == hash && sameKey(entry.key, key))) {
                return entry;
            }
        }
    }

    /** Adds an entry whose key is not in the table. */
    void insert(Entry entry) {
        if (size * 2 >= slots.length) {
            grow();
        }
        place(slots, entry);
        size++;
    }

    void remove(Entry entry) {
        int mask = slots.length - 1;
        for (int at = entry.hash & mask; slots[at] != null; at = (at + 1) & mask) {
            if (slots[at] == entry) {
                closeGap(at);
                size--;
                return;
            }
        }
    }

    int size() {
        return size;
    }

    /** Slots that {@link #at} takes. */
    int slotCount() {
        return slots.length;
    }

    @Nullable
    Entry at(int slot) {
        return slots[slot];
    }

    /** The entries in no particular order. */
    Entry[] toArray() {
        Entry[] all = new Entry[size];
        int count = 0;
        for (Entry entry : slots) {
            if (entry != null) {
                all[count++] = entry;
            }
        }
        return all;
    }

    private void grow() {
        @Nullable Entry[] larger = new Entry[slots.length * 2];
        for (Entry entry : slots) {
            if (entry != null) {
                place(larger, entry);
            }
        }
        slots = larger;
    }

    private static void place(@Nullable Entry[] table, Entry entry) {
        int mask = table.length - 1;
        int at = entry.hash & mask;
        while (table[at] != null) {
            at = (at + 1) & mask;
        }
        table[at] = entry;
    }

    /** Moves later entries of the probe chain forward, so that no marker of the removal is needed. */
    private void closeGap(int start) {
        int mask = slots.length - 1;
        int gap = start;
        int at = (gap + 1) & mask;
        for (Entry entry = slots[at]; entry != null; entry = slots[at]) {
            int distanceFromHome = (at - entry.hash) & mask;
            if (distanceFromHome >= ((at - gap) & mask)) {
                slots[gap] = entry;
                gap = at;
            }
            at = (at + 1) & mask;
        }
        slots[gap] = null;
    }
}
