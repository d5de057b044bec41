package io.millrace.record.wire;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Part of an array that is passed on without being copied, such as the records of a produce request. Compared by content.
 *
 * @param bytes the array; must not change while the slice is used
 * @param position where the part starts
 * @param size its size in bytes
 */
public record ByteSlice(byte[] bytes, int position, int size) implements Payload {

    public static final ByteSlice EMPTY = new ByteSlice(new byte[0], 0, 0);

    public ByteSlice {
        if (position < 0 || size < 0 || size > bytes.length - position) {
            throw new IllegalArgumentException(
                    size + " bytes at " + position + " are not within an array of " + bytes.length);
        }
    }

    public static ByteSlice of(byte[] bytes) {
        return new ByteSlice(bytes, 0, bytes.length);
    }

    /** The part on an array of its own. */
    public byte[] copy() {
        return Arrays.copyOfRange(bytes, position, position + size);
    }

    @Override
    public void copyTo(ByteWriter out) {
        out.raw(bytes, position, size);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ByteSlice that
                && Arrays.equals(
                        bytes, position, position + size, that.bytes, that.position, that.position + that.size);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = position; i < position + size; i++) {
            hash = 31 * hash + bytes[i];
        }
        return hash;
    }

    @Override
    public String toString() {
        return size + " bytes";
    }
}
