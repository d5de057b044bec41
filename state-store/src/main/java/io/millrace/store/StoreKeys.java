package io.millrace.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The keys of the changelog, which are also the keys of the backing store.
 *
 * <pre>
 *   KEY_VALUE   | store id (4) | key bytes ... |
 *   WINDOW      | store id (4) | window start (8) | key bytes ... |
 *   MULTIMAP    | store id (4) | bucket start (8) | key bytes ... | time in bucket (2) | arrival (8) |
 *   TIMER       | store id (4) | time (8) | key bytes ... |
 *   store table | 0 (4)        | store id (4) |   value: kind, space, name, in UTF-8
 * </pre>
 *
 * All numbers are big-endian; times have their sign bit flipped, so that unsigned byte order is the order of time, below
 * zero too. Time stands before the key because that is how these stores are scanned and dropped: a pane, a bucket, or all that
 * is due, is one contiguous range below; in a bucket, the values of a key are another. The rest is of known length, so the key
 * needs none.
 *
 * <p>The store id is the CRC-32C of the store's name: it needs no registry to stay stable, and costs four bytes a record.
 * The store table makes the changelog self-describing and turns a collision of two names into an error instead of mixed
 * state. No store has the ids 0 and 0xFFFFFFFF; keys that begin with {@link #RESERVED_ID} are the caller's own.
 */
public final class StoreKeys {

    /** Prefix (4 bytes) that no key of a store begins with: for records of the caller in the same changelog. */
    public static final int RESERVED_ID = 0xFFFFFFFF;

    static final int STORE_TABLE_ID = 0;
    static final int ID_BYTES = 4;
    static final int TIME_BYTES = 8;
    static final int BUCKET_OFFSET_BYTES = 2;
    static final int ARRIVAL_BYTES = 8;
    static final int TIME_KEY_OFFSET = ID_BYTES + TIME_BYTES;

    /** Behind the key of a value in a multimap. */
    static final int PLACE_BYTES = BUCKET_OFFSET_BYTES + ARRIVAL_BYTES;

    private static final byte[] NOTHING = {};

    private StoreKeys() {}

    /** The id of the store with this name. */
    public static int storeId(String name) {
        CRC32C crc = new CRC32C();
        crc.update(name.getBytes(StandardCharsets.UTF_8));
        int id = (int) crc.getValue();
        if (id == STORE_TABLE_ID || id == RESERVED_ID) {
            throw new IllegalArgumentException("Store name '" + name + "' has a reserved id; use another name.");
        }
        return id;
    }

    /** The store id a changelog key begins with. */
    public static int storeIdOf(byte[] key) {
        if (key.length < ID_BYTES) {
            throw new IllegalArgumentException("A changelog key of " + key.length + " bytes has no store id.");
        }
        return (key[0] << 24) | ((key[1] & 0xFF) << 16) | ((key[2] & 0xFF) << 8) | (key[3] & 0xFF);
    }

    static byte[] idPrefix(int storeId) {
        byte[] prefix = new byte[ID_BYTES];
        putInt(prefix, 0, storeId);
        return prefix;
    }

    static byte[] timePrefix(int storeId, long timeMs) {
        return timeKey(storeId, timeMs, NOTHING);
    }

    static byte[] timeKey(int storeId, long timeMs, byte[] key) {
        byte[] all = new byte[TIME_KEY_OFFSET + key.length];
        putInt(all, 0, storeId);
        putLong(all, ID_BYTES, timeMs ^ Long.MIN_VALUE);
        System.arraycopy(key, 0, all, TIME_KEY_OFFSET, key.length);
        return all;
    }

    static <K> byte[] bucketKey(int storeId, KeyCodec<K> keys, K key, long timeMs, long arrival) {
        byte[] all = keys.encode(key, TIME_KEY_OFFSET, PLACE_BYTES);
        long startMs = TimeBucket.startOf(timeMs);
        int offset = (int) (timeMs - startMs);
        int place = all.length - PLACE_BYTES;
        putInt(all, 0, storeId);
        putLong(all, ID_BYTES, startMs ^ Long.MIN_VALUE);
        all[place] = (byte) (offset >>> 8);
        all[place + 1] = (byte) offset;
        putLong(all, place + BUCKET_OFFSET_BYTES, arrival);
        return all;
    }

    static long timeOf(byte[] key) {
        return longAt(key, ID_BYTES) ^ Long.MIN_VALUE;
    }

    /** The time of a value in a multimap. */
    static long bucketTimeOf(byte[] key) {
        int place = key.length - PLACE_BYTES;
        return timeOf(key) + ((key[place] & 0xFF) << 8 | (key[place + 1] & 0xFF));
    }

    static long arrivalOf(byte[] key) {
        return longAt(key, key.length - ARRIVAL_BYTES);
    }

    /** The key bytes of a value in a multimap. */
    static byte[] bucketUserKey(byte[] key) {
        return Arrays.copyOfRange(key, TIME_KEY_OFFSET, key.length - PLACE_BYTES);
    }

    static byte[] concat(byte[] prefix, byte[] tail) {
        byte[] all = new byte[prefix.length + tail.length];
        System.arraycopy(prefix, 0, all, 0, prefix.length);
        System.arraycopy(tail, 0, all, prefix.length, tail.length);
        return all;
    }

    static byte[] tail(byte[] key, int from) {
        byte[] tail = new byte[key.length - from];
        System.arraycopy(key, from, tail, 0, tail.length);
        return tail;
    }

    /** The smallest key above every key with this prefix; empty if there is none, which no store id allows. */
    static byte[] above(byte[] prefix) {
        int last = prefix.length - 1;
        while (last >= 0 && prefix[last] == (byte) 0xFF) {
            last--;
        }
        byte[] bound = new byte[last + 1];
        System.arraycopy(prefix, 0, bound, 0, bound.length);
        if (last >= 0) {
            bound[last]++;
        }
        return bound;
    }

    /** The smallest key above this one. */
    static byte[] successor(byte[] key) {
        byte[] next = new byte[key.length + 1];
        System.arraycopy(key, 0, next, 0, key.length);
        return next;
    }

    private static void putInt(byte[] to, int at, int value) {
        to[at] = (byte) (value >>> 24);
        to[at + 1] = (byte) (value >>> 16);
        to[at + 2] = (byte) (value >>> 8);
        to[at + 3] = (byte) value;
    }

    private static void putLong(byte[] to, int at, long value) {
        putInt(to, at, (int) (value >>> 32));
        putInt(to, at + 4, (int) value);
    }

    private static long longAt(byte[] from, int at) {
        long value = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            value = (value << 8) | (from[at + i] & 0xFF);
        }
        return value;
    }
}
