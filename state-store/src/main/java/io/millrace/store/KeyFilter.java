package io.millrace.store;

import java.util.Arrays;

/**
 * Says of most keys that were never put in that they were not: a set of hashes, which only grows. Full, it knows nothing any
 * more and says "perhaps" to all.
 */
final class KeyFilter {

    /** A quarter of a megabyte; beyond it, each probe asks the backing store. */
    static final int HASHES_MAX = 32 * 1024;

    private static final int INITIAL_SLOTS = 16;
    private static final int HEADER_BYTES = 40;

    /** 0 is free: no key has that hash. At most half full. */
    private int[] slots = new int[INITIAL_SLOTS];

    private int count;

    void add(int hash) {
        if (count >= HASHES_MAX || !place(slots, hash)) {
            return;
        }
        count++;
        if (count == HASHES_MAX) {
            slots = new int[INITIAL_SLOTS];
        } else if (count * 2 >= slots.length) {
            int[] larger = new int[slots.length * 2];
            Arrays.stream(slots).filter(slot -> slot != 0).forEach(slot -> place(larger, slot));
            slots = larger;
        }
    }

    boolean mayContain(int hash) {
        if (count >= HASHES_MAX) {
            return true;
        }
        int mask = slots.length - 1;
        int at = hash & mask;
        while (slots[at] != 0 && slots[at] != hash) {
            at = (at + 1) & mask;
        }
        return slots[at] == hash;
    }

    long heapBytes() {
        return HEADER_BYTES + (long) slots.length * Integer.BYTES;
    }

    /** Returns whether the hash was not there. */
    private static boolean place(int[] slots, int hash) {
        int mask = slots.length - 1;
        int at = hash & mask;
        while (slots[at] != 0 && slots[at] != hash) {
            at = (at + 1) & mask;
        }
        boolean isNew = slots[at] == 0;
        slots[at] = hash;
        return isNew;
    }
}
