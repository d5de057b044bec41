package io.millrace.streams.codec;

import java.util.Arrays;

/** Bytes of a key while they are written. Grows; owned by one lane. */
final class KeyBuffer {

    private static final int CAPACITY_INITIAL = 128;

    private byte[] bytes = new byte[CAPACITY_INITIAL];
    private int length;

    void clear() {
        length = 0;
    }

    int length() {
        return length;
    }

    /** The buffer itself; valid up to {@link #length} until the next write. */
    byte[] array() {
        return bytes;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    /** With free bytes around. */
    byte[] toBytes(int freeBefore, int freeBehind) {
        byte[] all = new byte[freeBefore + length + freeBehind];
        System.arraycopy(bytes, 0, all, freeBefore, length);
        return all;
    }

    void put(int value) {
        reserve(1);
        bytes[length++] = (byte) value;
    }

    void putInt(int value) {
        reserve(Integer.BYTES);
        BigEndian.putInt(bytes, length, value);
        length += Integer.BYTES;
    }

    void putLong(long value) {
        reserve(Long.BYTES);
        BigEndian.putLong(bytes, length, value);
        length += Long.BYTES;
    }

    void put(byte[] more) {
        reserve(more.length);
        System.arraycopy(more, 0, bytes, length, more.length);
        length += more.length;
    }

    /** Makes room for {@code count} bytes behind {@link #length}, to be written to {@link #array} and then {@link #advance}d over. */
    byte[] room(int count) {
        reserve(count);
        return bytes;
    }

    void advance(int newLength) {
        length = newLength;
    }

    private void reserve(int count) {
        if (length + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + count, 2 * bytes.length));
        }
    }
}
