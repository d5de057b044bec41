package io.millrace.record;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Walks the records of a batch in place, one after the other, without allocating. Reusable, for one owner; what it says
 * holds until its next move.
 *
 * <p>Records of a compressed batch are decompressed into an array of the cursor's own, up to a limit. Keys and values are
 * given as positions in {@link #buffer()}. The cursor trusts nothing: sizes, counts and offsets are checked against each
 * other and against the end of the batch. It does not compute the batch's checksum.
 */
public final class RecordCursor {

    private static final byte[] NOTHING = {};

    private final @Nullable Codec[] codecs = new Codec[Compression.ID_MAX + 1];
    private final ByteStore decompressed;

    private byte[] buffer = NOTHING;
    private int next;
    private int limit;
    private int remaining;
    private long baseOffset;
    private int lastOffsetDelta;
    private long baseTimestamp;
    private long appendTimestamp;
    private boolean appendTime;

    private int offsetDelta;
    private long timestamp;
    private int keyPosition;
    private int keySize;
    private int valuePosition;
    private int valueSize;
    private int headersPosition;
    private int headerCount;

    /** Where the last varint of more than one byte ended. */
    private int after;

    /** A cursor that decompresses at most {@link Compression#DECOMPRESSED_BYTES_MAX}. */
    public RecordCursor() {
        this(Compression.DECOMPRESSED_BYTES_MAX);
    }

    /** A cursor with its own limit on the decompressed size of one batch, in bytes. */
    public RecordCursor(int decompressedBytesMax) {
        this.decompressed = new ByteStore(decompressedBytesMax);
    }

    /**
     * Goes before the first record of a batch.
     *
     * @throws CorruptBatchException if its records cannot be decompressed within the limit
     */
    public void wrap(RecordBatch batch) {
        int recordsPosition = batch.position() + BatchLayout.RECORDS;
        int recordsSize = batch.sizeInBytes() - BatchLayout.RECORDS;
        remaining = 0;
        next = 0;
        limit = 0;
        Compression compression = batch.compression();
        if (compression == Compression.NONE) {
            buffer = batch.bytes();
            next = recordsPosition;
            limit = recordsPosition + recordsSize;
        } else if (recordsSize > 0) {
            decompressed.size(0);
            codec(compression).decompress(batch.bytes(), recordsPosition, recordsSize, decompressed);
            buffer = decompressed.bytes();
            limit = decompressed.size();
        }
        remaining = batch.recordCount();
        baseOffset = batch.baseOffset();
        lastOffsetDelta = batch.lastOffsetDelta();
        baseTimestamp = batch.baseTimestamp();
        appendTime = batch.timestampType() == TimestampType.LOG_APPEND_TIME;
        appendTimestamp = batch.maxTimestamp();
        offsetDelta = -1;
    }

    private Codec codec(Compression compression) {
        Codec codec = codecs[compression.id()];
        if (codec == null) {
            codec = compression.codec(compression.levelDefault());
            codecs[compression.id()] = codec;
        }
        return codec;
    }

    /**
     * Goes to the next record.
     *
     * @return false after the last one
     * @throws CorruptBatchException if what follows is not a record of this batch; the cursor must then be wrapped anew
     */
    public boolean next() {
        if (remaining == 0) {
            if (next != limit) {
                throw corrupt("ends with " + (limit - next) + " bytes that belong to no record", baseOffset);
            }
            return false;
        }
        try {
            read();
        } catch (IndexOutOfBoundsException e) {
            throw new CorruptBatchException(
                    "the record after offset " + offset() + " runs over the end of its batch", e);
        }
        remaining--;
        return true;
    }

    /**
     * Reads a record. Varints are read ahead of the check that they lie within the record: at worst they come from bytes
     * after it, and then the sizes cannot add up, or from beyond the array, which the caller turns into corruption.
     */
    private void read() {
        byte[] bytes = buffer;
        int position = next;
        int size = bytes[position++];
        if (size < 0) {
            byte second = bytes[position++];
            size = size & 0x7f | second << 7;
            if (second < 0) {
                size = longer(bytes, position, size);
                position = after;
            }
        }
        size = Varint.decoded(size);
        if (size < BatchLayout.RECORD_BODY_BYTES_MIN || size > limit - position) {
            throw corrupt("has a record of " + size + " bytes, " + (limit - position) + " are left", offset());
        }
        int end = position + size;
        position++;

        long timestampDelta = bytes[position++];
        if (timestampDelta < 0) {
            timestampDelta = longest(bytes, position, timestampDelta);
            position = after;
        }
        int delta = bytes[position++];
        if (delta < 0) {
            byte second = bytes[position++];
            delta = delta & 0x7f | second << 7;
            if (second < 0) {
                delta = longer(bytes, position, delta);
                position = after;
            }
        }
        delta = Varint.decoded(delta);
        if (delta <= offsetDelta || delta > lastOffsetDelta) {
            throw corrupt("has a record with offset delta " + delta + ", the last one is " + lastOffsetDelta, offset());
        }

        int count = bytes[position++];
        if (count < 0) {
            byte second = bytes[position++];
            count = count & 0x7f | second << 7;
            if (second < 0) {
                count = longer(bytes, position, count);
                position = after;
            }
        }
        count = Varint.decoded(count);
        checkSlice(count, end - position, delta);
        keySize = count;
        keyPosition = position;
        position += Math.max(count, 0);

        count = bytes[position++];
        if (count < 0) {
            byte second = bytes[position++];
            count = count & 0x7f | second << 7;
            if (second < 0) {
                count = longer(bytes, position, count);
                position = after;
            }
        }
        count = Varint.decoded(count);
        checkSlice(count, end - position, delta);
        valueSize = count;
        valuePosition = position;
        position += Math.max(count, 0);

        if (bytes[position++] == 0) {
            headerCount = 0;
        } else {
            position = skipHeaders(bytes, position - 1, end, delta);
        }
        if (position != end) {
            throw corrupt("has a record whose parts end " + (position - end) + " bytes off", baseOffset + delta);
        }
        offsetDelta = delta;
        timestamp = appendTime ? appendTimestamp : baseTimestamp + Varint.decoded(timestampDelta);
        next = end;
    }

    private void checkSlice(int size, int available, int delta) {
        if (size < -1 || size > available) {
            throw corrupt(
                    "has a key, value or header of " + size + " bytes, " + available + " are left", baseOffset + delta);
        }
    }

    /** The rest of an int varint of which two bytes were read, both with their top bit set. */
    private int longer(byte[] bytes, int position, int firstTwo) {
        int value = firstTwo & 0x3fff;
        int at = position;
        for (int shift = 14; shift < 7 * Varint.INT_BYTES_MAX; shift += 7) {
            byte more = bytes[at++];
            value |= (more & 0x7f) << shift;
            if (more >= 0) {
                after = at;
                return value;
            }
        }
        throw corrupt("has a varint of more than " + Varint.INT_BYTES_MAX + " bytes", offset());
    }

    /** The rest of a long varint whose first byte had its top bit set. */
    private long longest(byte[] bytes, int position, long first) {
        long value = first & 0x7f;
        int at = position;
        for (int shift = 7; shift < 7 * Varint.LONG_BYTES_MAX; shift += 7) {
            byte more = bytes[at++];
            value |= (more & 0x7fL) << shift;
            if (more >= 0) {
                after = at;
                return value;
            }
        }
        throw corrupt("has a varint of more than " + Varint.LONG_BYTES_MAX + " bytes", offset());
    }

    private int varint(byte[] bytes, int position) {
        int value = bytes[position];
        after = position + 1;
        if (value < 0) {
            byte second = bytes[position + 1];
            after = position + 2;
            value = value & 0x7f | second << 7;
            if (second < 0) {
                value = longer(bytes, position + 2, value);
            }
        }
        return Varint.decoded(value);
    }

    private int skipHeaders(byte[] bytes, int position, int end, int delta) {
        int count = varint(bytes, position);
        int at = after;
        if (count < 0 || count > (end - at) / 2) {
            throw corrupt("has a record with " + count + " headers in " + (end - at) + " bytes", baseOffset + delta);
        }
        headerCount = count;
        headersPosition = at;
        for (int i = 0; i < count; i++) {
            int size = varint(bytes, at);
            checkSlice(size, end - after, delta);
            if (size < 0) {
                throw corrupt("has a header without a key", baseOffset + delta);
            }
            size = varint(bytes, after + size);
            checkSlice(size, end - after, delta);
            at = after + Math.max(size, 0);
        }
        return at;
    }

    private static CorruptBatchException corrupt(String what, long offset) {
        return new CorruptBatchException("the batch around offset " + offset + " " + what);
    }

    public long offset() {
        return baseOffset + offsetDelta;
    }

    /** Ms since 1970: the record's own, or the batch's time of appending. */
    public long timestamp() {
        return timestamp;
    }

    public boolean hasKey() {
        return keySize >= 0;
    }

    /** Size of the key in bytes, -1 if it is null. */
    public int keySize() {
        return keySize;
    }

    public int keyPosition() {
        return keyPosition;
    }

    public boolean hasValue() {
        return valueSize >= 0;
    }

    /** Size of the value in bytes, -1 if it is null. */
    public int valueSize() {
        return valueSize;
    }

    public int valuePosition() {
        return valuePosition;
    }

    /** The array that the positions refer to. It belongs to the batch or to the cursor. */
    public byte[] buffer() {
        return buffer;
    }

    /** A copy of the key, or null. */
    public byte @Nullable [] key() {
        return keySize < 0 ? null : Arrays.copyOfRange(buffer, keyPosition, keyPosition + keySize);
    }

    /** A copy of the value, or null. */
    public byte @Nullable [] value() {
        return valueSize < 0 ? null : Arrays.copyOfRange(buffer, valuePosition, valuePosition + valueSize);
    }

    public int headerCount() {
        return headerCount;
    }

    /** The headers, copied; {@link Header#NONE} if there are none. */
    public Header[] headers() {
        if (headerCount == 0) {
            return Header.NONE;
        }
        Header[] headers = new Header[headerCount];
        int at = headersPosition;
        for (int i = 0; i < headers.length; i++) {
            int size = varint(buffer, at);
            String key = new String(buffer, after, size, StandardCharsets.UTF_8);
            size = varint(buffer, after + size);
            at = after + Math.max(size, 0);
            headers[i] = new Header(key, size < 0 ? null : Arrays.copyOfRange(buffer, after, at));
        }
        return headers;
    }
}
