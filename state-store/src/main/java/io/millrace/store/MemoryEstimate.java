package io.millrace.store;

/**
 * How much heap an entry takes, guessed from the size of its bytes: exact walks of object graphs cost more than they tell.
 * Decoded objects are taken as twice their bytes and a header for the value and for the key.
 */
final class MemoryEstimate {

    /** Until the first value of a store has been encoded. */
    static final int UNKNOWN_ENTRY_BYTES = 192;

    private static final int ENTRY_AND_SLOTS_BYTES = 72;
    private static final int OBJECT_HEADERS_BYTES = 48;

    private MemoryEstimate() {}

    static int entryBytes(int keyBytes, int valueBytes) {
        long estimate = ENTRY_AND_SLOTS_BYTES + OBJECT_HEADERS_BYTES + 2L * keyBytes + 2L * valueBytes;
        return (int) Math.min(estimate, Integer.MAX_VALUE);
    }
}
