package io.millrace.record;

/**
 * Zigzag variable-length integers, as in Protocol Buffers: seven bits a byte, lowest first, the top bit says that more
 * follow. Small values of either sign take one byte. At most 5 bytes for an int and 10 for a long.
 */
final class Varint {

    static final int INT_BYTES_MAX = 5;
    static final int LONG_BYTES_MAX = 10;

    private Varint() {}

    /** Bytes that the encoding of an int takes; ceil(bits / 7) without a division. */
    static int sizeOf(int value) {
        int zigzag = (value << 1) ^ (value >> 31);
        return (352 - Integer.numberOfLeadingZeros(zigzag) * 9) >>> 6;
    }

    /** Bytes that the encoding of a long takes. */
    static int sizeOf(long value) {
        long zigzag = (value << 1) ^ (value >> 63);
        return (640 - Long.numberOfLeadingZeros(zigzag) * 9) >>> 6;
    }

    /** Writes an int and returns the position after it. One or two bytes, by far the most frequent, without a loop. */
    static int put(byte[] out, int position, int value) {
        int rest = (value << 1) ^ (value >> 31);
        if ((rest & ~0x7f) == 0) {
            out[position] = (byte) rest;
            return position + 1;
        }
        out[position] = (byte) (rest | 0x80);
        rest >>>= 7;
        if ((rest & ~0x7f) == 0) {
            out[position + 1] = (byte) rest;
            return position + 2;
        }
        return putRest(out, position + 1, rest);
    }

    /** Writes a long and returns the position after it. */
    static int put(byte[] out, int position, long value) {
        long rest = (value << 1) ^ (value >> 63);
        if ((rest & ~0x7fL) == 0) {
            out[position] = (byte) rest;
            return position + 1;
        }
        return putRest(out, position, rest);
    }

    private static int putRest(byte[] out, int position, long unsigned) {
        long rest = unsigned;
        int next = position;
        while ((rest & ~0x7fL) != 0) {
            out[next++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        out[next++] = (byte) rest;
        return next;
    }

    static int decoded(int zigzag) {
        return (zigzag >>> 1) ^ -(zigzag & 1);
    }

    static long decoded(long zigzag) {
        return (zigzag >>> 1) ^ -(zigzag & 1);
    }
}
