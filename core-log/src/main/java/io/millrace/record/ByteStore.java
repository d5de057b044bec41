package io.millrace.record;

import java.util.Arrays;

/** A growable byte array with a limit, reused from batch to batch by one owner. Takes no memory before it is used. */
final class ByteStore {

    private static final int BYTES_MIN = 4096;

    private static final byte[] NOTHING = {};

    private final int sizeMax;
    private byte[] bytes = NOTHING;
    private int size;

    ByteStore(int sizeMax) {
        this.sizeMax = sizeMax;
    }

    byte[] bytes() {
        return bytes;
    }

    int size() {
        return size;
    }

    int sizeMax() {
        return sizeMax;
    }

    void size(int newSize) {
        size = newSize;
    }

    void added(int count) {
        size += count;
    }

    /** How many bytes can be added without growing. */
    int spare() {
        return bytes.length - size;
    }

    /** Makes room for so many more bytes, which must fit. */
    void reserve(long more) {
        if (more > spare()) {
            if (more > sizeMax - size) {
                throw new IllegalStateException("no room for " + more + " bytes beside " + size + " of " + sizeMax);
            }
            grow(more);
        }
    }

    /** The same where the content comes from outside and may be malicious. */
    void reserveDecompressed(long more) {
        if (more > spare()) {
            if (more > sizeMax - size) {
                throw new CorruptBatchException(
                        "compressed records yield more than the limit of " + sizeMax + " bytes");
            }
            grow(more);
        }
    }

    private void grow(long more) {
        long doubled = Math.max(Math.max((long) bytes.length * 2, BYTES_MIN), size + more);
        bytes = Arrays.copyOf(bytes, (int) Math.min(doubled, sizeMax));
    }
}
