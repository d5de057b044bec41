package io.millrace.log;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The last offset of each key, in bounded memory: keys are kept as their MD5, 24 bytes an entry, whatever their size. Two keys
 * with one digest would be taken for one; at 2^64 keys that becomes likely. Owned by one compaction.
 */
final class KeyOffsets {

    private static final int DIGEST_BYTES = 16;
    private static final int LONGS_PER_ENTRY = 3;
    private static final int SLOTS_MIN = 16;
    private static final double LOAD_MAX = 0.9;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final MessageDigest digest;
    private final byte[] hash = new byte[DIGEST_BYTES];
    /** Digest, digest, offset + 1; an offset of 0 marks a free entry. */
    private final long[] entries;

    private final int slots;
    private int count;
    private long high;
    private long low;

    /**
     * @param keysMax how many keys there can be
     * @param memoryBytes not to be exceeded, however many there are
     */
    KeyOffsets(long keysMax, int memoryBytes) {
        int affordable = memoryBytes / (LONGS_PER_ENTRY * Long.BYTES);
        int wanted = (int) Math.min(affordable, Math.ceil(keysMax / LOAD_MAX) + 1);
        slots = Math.max(SLOTS_MIN, wanted);
        entries = new long[slots * LONGS_PER_ENTRY];
        try {
            digest = MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has MD5", e);
        }
    }

    /** Memory that it takes, used or not. */
    long memoryBytes() {
        return (long) entries.length * Long.BYTES;
    }

    int count() {
        return count;
    }

    /** Remembers a key's offset; false, with nothing remembered, if the key is new and there is no room. */
    boolean put(byte[] bytes, int position, int size, long offset) {
        int slot = slotOf(bytes, position, size);
        int at = slot * LONGS_PER_ENTRY;
        if (entries[at + 2] == 0) {
            if (count >= slots * LOAD_MAX) {
                return false;
            }
            entries[at] = high;
            entries[at + 1] = low;
            count++;
        }
        entries[at + 2] = offset + 1;
        return true;
    }

    /** The last offset of a key; -1 if it was never put. */
    long offsetOf(byte[] bytes, int position, int size) {
        return entries[slotOf(bytes, position, size) * LONGS_PER_ENTRY + 2] - 1;
    }

    private int slotOf(byte[] bytes, int position, int size) {
        digest.update(bytes, position, size);
        try {
            digest.digest(hash, 0, DIGEST_BYTES);
        } catch (DigestException e) {
            throw new IllegalStateException("an MD5 has 16 bytes", e);
        }
        high = (long) LONG.get(hash, 0);
        low = (long) LONG.get(hash, Long.BYTES);
        int slot = (int) Long.remainderUnsigned(low, slots);
        while (true) {
            int at = slot * LONGS_PER_ENTRY;
            if (entries[at + 2] == 0 || (entries[at] == high && entries[at + 1] == low)) {
                return slot;
            }
            slot = slot + 1 == slots ? 0 : slot + 1;
        }
    }
}
