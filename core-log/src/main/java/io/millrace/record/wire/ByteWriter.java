package io.millrace.record.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Appends values in Kafka's encoding to an array that grows. Reusable after {@link #reset()}.
 *
 * <p>Where a method takes {@code flexible}, true means the compact form: lengths plus one as unsigned varints, 0 for null.
 * Otherwise lengths take two bytes for strings and four for everything else, and -1 means null.
 */
public final class ByteWriter {

    private static final int CAPACITY_MIN = 256;
    private static final int SIZE_MAX = Integer.MAX_VALUE - 8;
    private static final int UVARINT_BYTES_MAX = 5;
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /**
     * A payload that was left where it is.
     *
     * @param position how many bytes of the writer's array come before it
     */
    public record Detached(int position, Payload payload) {}

    private final int detachedBytesMin;
    private final List<Detached> detached = new ArrayList<>();
    private byte[] bytes = new byte[CAPACITY_MIN];
    private int size;
    private int detachedBytes;

    /** Copies everything. */
    public ByteWriter() {
        this(Integer.MAX_VALUE);
    }

    private ByteWriter(int detachedBytesMin) {
        this.detachedBytesMin = detachedBytesMin;
    }

    /** Leaves payloads of so many bytes or more where they are; what is written is then the array and {@link #detached}. */
    public static ByteWriter detaching(int bytesMin) {
        return new ByteWriter(bytesMin);
    }

    /** What was not copied, in the order in which it belongs between the bytes of the array. */
    public List<Detached> detached() {
        return detached;
    }

    /** The size of all that was written, in bytes: in the array, and detached. */
    public int totalSize() {
        return Math.addExact(size, detachedBytes);
    }

    /** The array that holds the first {@link #size()} bytes written; replaced when it grows. */
    public byte[] bytes() {
        return bytes;
    }

    public int size() {
        return size;
    }

    public void reset() {
        size = 0;
        detached.clear();
        detachedBytes = 0;
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    private int claim(int count) {
        int position = size;
        if (count > bytes.length - position) {
            if (count > SIZE_MAX - position) {
                throw new IllegalStateException("a message of more than " + SIZE_MAX + " bytes");
            }
            long doubled = Math.max((long) bytes.length * 2, (long) position + count);
            bytes = Arrays.copyOf(bytes, (int) Math.min(doubled, SIZE_MAX));
        }
        size = position + count;
        return position;
    }

    public void bool(boolean value) {
        int8((byte) (value ? 1 : 0));
    }

    public void int8(byte value) {
        int position = claim(1);
        bytes[position] = value;
    }

    public void int16(short value) {
        int position = claim(2);
        SHORT.set(bytes, position, value);
    }

    /** An unsigned number of two bytes, 0 to 65535. */
    public void uint16(int value) {
        if (value < 0 || value > 0xffff) {
            throw new IllegalArgumentException(value + " is not within 0 and 65535");
        }
        int16((short) value);
    }

    public void int32(int value) {
        int position = claim(4);
        INT.set(bytes, position, value);
    }

    /** Overwrites four bytes that were written before, such as a length that is known only now. */
    public void setInt32(int position, int value) {
        Objects.checkFromIndexSize(position, Integer.BYTES, size);
        INT.set(bytes, position, value);
    }

    /** An unsigned number of four bytes. */
    public void uint32(long value) {
        if (value < 0 || value > 0xffff_ffffL) {
            throw new IllegalArgumentException(value + " is not within 0 and 4294967295");
        }
        int32((int) value);
    }

    public void int64(long value) {
        int position = claim(8);
        LONG.set(bytes, position, value);
    }

    public void float64(double value) {
        int64(Double.doubleToRawLongBits(value));
    }

    public void uuid(UUID value) {
        int64(value.getMostSignificantBits());
        int64(value.getLeastSignificantBits());
    }

    /** An unsigned varint: seven bits a byte, lowest first. */
    public void uvarint(int value) {
        int position = claim(UVARINT_BYTES_MAX);
        size = put(position, value);
    }

    private int put(int position, int value) {
        int next = position;
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            bytes[next++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[next++] = (byte) rest;
        return next;
    }

    public void string(@Nullable String value, boolean flexible) {
        if (value == null) {
            stringLength(-1, flexible);
            return;
        }
        byte[] encoded = value.getBytes(StandardCharsets.UTF_8);
        stringLength(encoded.length, flexible);
        raw(encoded, 0, encoded.length);
    }

    private void stringLength(int length, boolean flexible) {
        if (length > Short.MAX_VALUE) {
            throw new IllegalArgumentException("a string of " + length + " bytes, the longest has " + Short.MAX_VALUE);
        }
        if (flexible) {
            uvarint(length + 1);
        } else {
            int16((short) length);
        }
    }

    public void bytes(byte @Nullable [] value, boolean flexible) {
        count(value == null ? -1 : value.length, flexible);
        if (value != null) {
            raw(value, 0, value.length);
        }
    }

    public void slice(@Nullable Payload value, boolean flexible) {
        count(value == null ? -1 : value.size(), flexible);
        if (value == null) {
            return;
        }
        if (value.size() < detachedBytesMin) {
            value.copyTo(this);
        } else {
            detached.add(new Detached(size, value));
            detachedBytes = Math.addExact(detachedBytes, value.size());
        }
    }

    /** Bytes as they are, without a length. */
    public void raw(byte[] source, int position, int count) {
        int target = claim(count);
        System.arraycopy(source, position, bytes, target, count);
    }

    /** The length of an array or of bytes, -1 for null. */
    public void count(int count, boolean flexible) {
        if (flexible) {
            uvarint(count + 1);
        } else {
            int32(count);
        }
    }

    public void int16s(short @Nullable [] values, boolean flexible) {
        count(values == null ? -1 : values.length, flexible);
        if (values != null) {
            for (short value : values) {
                int16(value);
            }
        }
    }

    public void int32s(int @Nullable [] values, boolean flexible) {
        count(values == null ? -1 : values.length, flexible);
        if (values != null) {
            for (int value : values) {
                int32(value);
            }
        }
    }

    public void int64s(long @Nullable [] values, boolean flexible) {
        count(values == null ? -1 : values.length, flexible);
        if (values != null) {
            for (long value : values) {
                int64(value);
            }
        }
    }

    public void strings(@Nullable List<String> values, boolean flexible) {
        count(values == null ? -1 : values.size(), flexible);
        if (values != null) {
            for (String value : values) {
                string(value, flexible);
            }
        }
    }

    public void uuids(@Nullable List<UUID> values, boolean flexible) {
        count(values == null ? -1 : values.size(), flexible);
        if (values != null) {
            for (UUID value : values) {
                uuid(value);
            }
        }
    }

    public void structs(@Nullable List<? extends Message> values, boolean flexible, short version) {
        count(values == null ? -1 : values.size(), flexible);
        if (values != null) {
            for (Message value : values) {
                value.write(this, version);
            }
        }
    }

    /** A struct that may be null, with the byte that says so. */
    public void nullableStruct(@Nullable Message value, short version) {
        int8((byte) (value == null ? -1 : 1));
        if (value != null) {
            value.write(this, version);
        }
    }

    /** The same as a tagged field, where that byte is another one. */
    public void nullableTaggedStruct(@Nullable Message value, short version) {
        uvarint(value == null ? 0 : 1);
        if (value != null) {
            value.write(this, version);
        }
    }

    /** Starts a tagged field; its value follows, then {@link #endTag} with what this returns. */
    public int beginTag(int tag) {
        uvarint(tag);
        return size;
    }

    /** Puts the size of a tagged field before its value, which moves. */
    public void endTag(int start) {
        if (!detached.isEmpty() && detached.get(detached.size() - 1).position() >= start) {
            throw new IllegalStateException("a payload within a tagged field cannot be detached");
        }
        int count = size - start;
        claim(UVARINT_BYTES_MAX);
        int prefix = count < 1 << 7 ? 1 : count < 1 << 14 ? 2 : count < 1 << 21 ? 3 : count < 1 << 28 ? 4 : 5;
        System.arraycopy(bytes, start, bytes, start + prefix, count);
        put(start, count);
        size = start + prefix + count;
    }
}
