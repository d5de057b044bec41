package io.millrace.record.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads values in Kafka's encoding from part of an array. The counterpart of {@link ByteWriter}, with the same meaning of
 * {@code flexible}; every method throws {@link MalformedMessageException} for what runs over the end.
 *
 * <p>A length is checked against the bytes that remain before anything is allocated for it, so a message never takes more
 * than a small multiple of its own size.
 */
public final class ByteReader {

    private static final int UUID_BYTES = 16;
    private static final int UVARINT_BYTES_MAX = 5;

    /** Of any string, as in Kafka; the encoding of flexible versions has room for longer ones. */
    private static final int STRING_BYTES_MAX = Short.MAX_VALUE;

    /** Lists get room for so many elements before the first one is read: a claimed count may be as large as the message. */
    private static final int CAPACITY_FIRST_MAX = 64;

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final byte[] bytes;
    private int position;
    private int limit;

    public ByteReader(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    public ByteReader(byte[] bytes, int position, int size) {
        if (position < 0 || size < 0 || size > bytes.length - position) {
            throw new IllegalArgumentException(
                    size + " bytes at " + position + " are not within an array of " + bytes.length);
        }
        this.bytes = bytes;
        this.position = position;
        this.limit = position + size;
    }

    /** Where the next value starts in the array. */
    public int position() {
        return position;
    }

    public int remaining() {
        return limit - position;
    }

    /** Fails unless everything was read. */
    public void checkEnd() {
        if (position != limit) {
            throw new MalformedMessageException(remaining() + " bytes follow the end of the message");
        }
    }

    private int claim(int count) {
        int start = position;
        if (count > limit - start) {
            throw new MalformedMessageException(
                    "a value of " + count + " bytes at " + start + ", " + (limit - start) + " are left");
        }
        position = start + count;
        return start;
    }

    public boolean bool() {
        return int8() != 0;
    }

    public byte int8() {
        return bytes[claim(1)];
    }

    public short int16() {
        return (short) SHORT.get(bytes, claim(2));
    }

    public int uint16() {
        return int16() & 0xffff;
    }

    public int int32() {
        return (int) INT.get(bytes, claim(4));
    }

    public long uint32() {
        return int32() & 0xffff_ffffL;
    }

    public long int64() {
        return (long) LONG.get(bytes, claim(8));
    }

    public double float64() {
        return Double.longBitsToDouble(int64());
    }

    public UUID uuid() {
        long high = int64();
        return new UUID(high, int64());
    }

    public int uvarint() {
        int value = 0;
        for (int shift = 0; shift < 7 * UVARINT_BYTES_MAX; shift += 7) {
            byte more = int8();
            value |= (more & 0x7f) << shift;
            if (more >= 0) {
                return value;
            }
        }
        throw new MalformedMessageException("a varint of more than " + UVARINT_BYTES_MAX + " bytes before " + position);
    }

    public @Nullable String string(boolean flexible) {
        int length = flexible ? uvarint() - 1 : int16();
        if (length == -1) {
            return null;
        }
        checkLength(length, 1);
        if (length > STRING_BYTES_MAX) {
            throw new MalformedMessageException(
                    "a string of " + length + " bytes before " + position + ", more than " + STRING_BYTES_MAX);
        }
        return new String(bytes, claim(length), length, StandardCharsets.UTF_8);
    }

    public byte @Nullable [] bytes(boolean flexible) {
        int count = count(flexible, 1);
        if (count < 0) {
            return null;
        }
        int start = claim(count);
        return Arrays.copyOfRange(bytes, start, start + count);
    }

    /** Bytes as a view of the array being read. */
    public @Nullable ByteSlice slice(boolean flexible) {
        int count = count(flexible, 1);
        return count < 0 ? null : new ByteSlice(bytes, claim(count), count);
    }

    /** The length of an array, -1 for null, checked against what remains if each element takes so many bytes at least. */
    public int count(boolean flexible, int elementBytesMin) {
        int count = flexible ? uvarint() - 1 : int32();
        if (count != -1) {
            checkLength(count, elementBytesMin);
        }
        return count;
    }

    private void checkLength(int length, int elementBytesMin) {
        if (length < 0 || (long) length * elementBytesMin > remaining()) {
            throw new MalformedMessageException(
                    "a length of " + length + " before " + position + ", " + remaining() + " bytes are left");
        }
    }

    public short @Nullable [] int16s(boolean flexible) {
        int count = count(flexible, 2);
        if (count < 0) {
            return null;
        }
        short[] values = new short[count];
        for (int i = 0; i < count; i++) {
            values[i] = int16();
        }
        return values;
    }

    public int @Nullable [] int32s(boolean flexible) {
        int count = count(flexible, 4);
        if (count < 0) {
            return null;
        }
        int[] values = new int[count];
        for (int i = 0; i < count; i++) {
            values[i] = int32();
        }
        return values;
    }

    public long @Nullable [] int64s(boolean flexible) {
        int count = count(flexible, 8);
        if (count < 0) {
            return null;
        }
        long[] values = new long[count];
        for (int i = 0; i < count; i++) {
            values[i] = int64();
        }
        return values;
    }

    public @Nullable List<String> strings(boolean flexible) {
        int count = count(flexible, 1);
        if (count < 0) {
            return null;
        }
        List<String> values = new ArrayList<>(Math.min(count, CAPACITY_FIRST_MAX));
        for (int i = 0; i < count; i++) {
            values.add(required(string(flexible), "a string in a list"));
        }
        return values;
    }

    public @Nullable List<UUID> uuids(boolean flexible) {
        int count = count(flexible, UUID_BYTES);
        if (count < 0) {
            return null;
        }
        List<UUID> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            values.add(uuid());
        }
        return values;
    }

    public <T> @Nullable List<T> structs(boolean flexible, short version, Message.Decoder<T> decoder) {
        int count = count(flexible, 1);
        if (count < 0) {
            return null;
        }
        List<T> values = new ArrayList<>(Math.min(count, CAPACITY_FIRST_MAX));
        for (int i = 0; i < count; i++) {
            values.add(decoder.read(this, version));
        }
        return values;
    }

    public <T> @Nullable T nullableStruct(short version, Message.Decoder<T> decoder) {
        return int8() < 0 ? null : decoder.read(this, version);
    }

    public <T> @Nullable T nullableTaggedStruct(short version, Message.Decoder<T> decoder) {
        return uvarint() == 0 ? null : decoder.read(this, version);
    }

    /** The number of tagged fields at the end of a struct; each takes a tag and a size at least. */
    public int tagCount() {
        int count = uvarint();
        checkLength(count, 2);
        return count;
    }

    /** Starts a tagged field behind its tag: what follows is read as if the message ended with it. Returns its end. */
    public int beginTag() {
        int size = uvarint();
        checkLength(size, 1);
        int end = limit;
        limit = position + size;
        return end;
    }

    /** Skips a tagged field that nobody here knows. */
    public void skipTag() {
        position = limit;
    }

    /** Ends a tagged field, given what {@link #beginTag} returned. */
    public void endTag(int end) {
        checkEnd();
        limit = end;
    }

    /** The value of a field that must not be null in the version being read. */
    public <T> T required(@Nullable T value, String field) {
        if (value == null) {
            throw new MalformedMessageException(field + " is null before " + position + ", which it must not be");
        }
        return value;
    }
}
