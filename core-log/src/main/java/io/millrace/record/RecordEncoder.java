package io.millrace.record;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Appends encoded records to a growable array, behind room for a batch header. The two builders share it.
 *
 * <p>A record is measured before anything is written, so one that does not fit leaves no trace.
 */
final class RecordEncoder {

    private static final byte[] NOTHING = {};

    private final ByteStore store;

    RecordEncoder(int batchBytesMax) {
        this.store = new ByteStore(batchBytesMax);
        store.reserve(BatchLayout.RECORDS);
        clear();
    }

    void clear() {
        store.size(BatchLayout.RECORDS);
    }

    /** The array in which the header belongs at 0 and the records lie from {@link BatchLayout#RECORDS} on. */
    byte[] bytes() {
        return store.bytes();
    }

    /** Bytes of header and records so far. */
    int sizeInBytes() {
        return store.size();
    }

    int recordBytes() {
        return store.size() - BatchLayout.RECORDS;
    }

    /**
     * Appends one record.
     *
     * @param keySize size of the key slice, negative for null
     * @param valueSize size of the value slice, negative for null
     * @return 0 if it was appended, else the size the batch would have had, beyond the limit
     */
    long append(
            long timestampDelta,
            int offsetDelta,
            byte @Nullable [] key,
            int keyPosition,
            int keySize,
            byte @Nullable [] value,
            int valuePosition,
            int valueSize,
            Header[] headers) {
        long bodySize = 1L
                + Varint.sizeOf(timestampDelta)
                + Varint.sizeOf(offsetDelta)
                + sliceSize(keySize)
                + sliceSize(valueSize)
                + headersSize(headers);
        long total = store.size() + bodySize + (bodySize > Integer.MAX_VALUE ? 0 : Varint.sizeOf((int) bodySize));
        if (total > store.sizeMax()) {
            return total;
        }
        store.reserve(total - store.size());
        byte[] out = store.bytes();
        int next = Varint.put(out, store.size(), (int) bodySize);
        out[next++] = 0;
        next = Varint.put(out, next, timestampDelta);
        next = Varint.put(out, next, offsetDelta);
        next = putSlice(out, next, key, keyPosition, keySize);
        next = putSlice(out, next, value, valuePosition, valueSize);
        next = headers.length == 0 ? Varint.put(out, next, 0) : putHeaders(out, next, headers);
        store.size(next);
        return 0;
    }

    private static long sliceSize(int size) {
        return size < 0 ? 1 : (long) Varint.sizeOf(size) + size;
    }

    private static int putSlice(byte[] out, int position, byte @Nullable [] slice, int slicePosition, int size) {
        if (slice == null || size < 0) {
            out[position] = 1;
            return position + 1;
        }
        int next = Varint.put(out, position, size);
        System.arraycopy(slice, slicePosition, out, next, size);
        return next + size;
    }

    private static long headersSize(Header[] headers) {
        long size = Varint.sizeOf(headers.length);
        for (Header header : headers) {
            byte[] value = header.value();
            size += sliceSize(encoded(header.key()).length) + sliceSize(value == null ? -1 : value.length);
        }
        return size;
    }

    private static int putHeaders(byte[] out, int position, Header[] headers) {
        int next = Varint.put(out, position, headers.length);
        for (Header header : headers) {
            byte[] key = encoded(header.key());
            byte[] value = header.value();
            next = putSlice(out, next, key, 0, key.length);
            next = putSlice(out, next, value, 0, value == null ? -1 : value.length);
        }
        return next;
    }

    private static byte[] encoded(String key) {
        return key.isEmpty() ? NOTHING : key.getBytes(StandardCharsets.UTF_8);
    }
}
