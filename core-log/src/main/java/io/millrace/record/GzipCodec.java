package io.millrace.record;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Gzip members (RFC 1952). Writes one; reads any number of them, with whatever optional header fields. Either direction
 * takes native memory once it is used, which the JDK frees when the codec can no longer be reached.
 */
final class GzipCodec implements Codec {

    private static final int HEADER_BYTES = 10;
    private static final int TRAILER_BYTES = 8;
    private static final int MAGIC = 0x8b1f;
    private static final int DEFLATE = 8;
    private static final int OS_UNKNOWN = 255;
    private static final int FLAG_HEADER_CRC = 2;
    private static final int FLAG_EXTRA = 4;
    private static final int FLAG_NAME = 8;
    private static final int FLAG_COMMENT = 16;

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final int level;
    private final CRC32 crc = new CRC32();
    private @Nullable Deflater deflater;
    private @Nullable Inflater inflater;

    GzipCodec(int level) {
        this.level = level;
    }

    @Override
    public void compress(byte[] source, int position, int size, ByteStore target) {
        target.reserve(HEADER_BYTES);
        byte[] out = target.bytes();
        int start = target.size();
        INT.set(out, start, MAGIC | DEFLATE << 16);
        INT.set(out, start + 4, 0);
        SHORT.set(out, start + 8, (short) (OS_UNKNOWN << 8));
        target.added(HEADER_BYTES);

        if (deflater == null) {
            deflater = new Deflater(level, true);
        }
        deflater.reset();
        deflater.setInput(source, position, size);
        deflater.finish();
        while (!deflater.finished()) {
            target.reserve(Math.max(TRAILER_BYTES, size / 4));
            target.added(deflater.deflate(target.bytes(), target.size(), target.spare()));
        }

        target.reserve(TRAILER_BYTES);
        INT.set(target.bytes(), target.size(), crcOf(source, position, size));
        INT.set(target.bytes(), target.size() + 4, size);
        target.added(TRAILER_BYTES);
    }

    @Override
    public void decompress(byte[] source, int position, int size, ByteStore target) {
        int end = position + size;
        int next = position;
        do {
            next = member(source, next, end, target);
        } while (next < end);
    }

    /** Reads one member and returns the position after it. */
    private int member(byte[] source, int position, int end, ByteStore target) {
        int data = skipHeader(source, position, end);
        int start = target.size();
        if (inflater == null) {
            inflater = new Inflater(true);
        }
        inflater.reset();
        inflater.setInput(source, data, end - data);
        try {
            while (!inflater.finished()) {
                target.reserveDecompressed(1);
                int count = inflater.inflate(target.bytes(), target.size(), target.spare());
                if (count == 0 && !inflater.finished()) {
                    throw new CorruptBatchException("gzip data ends early, or needs a dictionary");
                }
                target.added(count);
            }
        } catch (DataFormatException e) {
            throw new CorruptBatchException("malformed gzip data", e);
        }
        int trailer = end - inflater.getRemaining();
        if (end - trailer < TRAILER_BYTES) {
            throw new CorruptBatchException("gzip data ends before its trailer");
        }
        int count = target.size() - start;
        if ((int) INT.get(source, trailer) != crcOf(target.bytes(), start, count)
                || (int) INT.get(source, trailer + 4) != count) {
            throw new CorruptBatchException("gzip data does not have the checksum and size of its trailer");
        }
        return trailer + TRAILER_BYTES;
    }

    private static int skipHeader(byte[] source, int position, int end) {
        if (end - position < HEADER_BYTES + TRAILER_BYTES
                || (short) SHORT.get(source, position) != (short) MAGIC
                || source[position + 2] != DEFLATE) {
            throw new CorruptBatchException("no gzip header");
        }
        int flags = source[position + 3];
        int next = position + HEADER_BYTES;
        if ((flags & FLAG_EXTRA) != 0) {
            checkRoom(next, 2, end);
            next += 2 + Short.toUnsignedInt((short) SHORT.get(source, next));
        }
        if ((flags & FLAG_NAME) != 0) {
            next = afterZero(source, next, end);
        }
        if ((flags & FLAG_COMMENT) != 0) {
            next = afterZero(source, next, end);
        }
        if ((flags & FLAG_HEADER_CRC) != 0) {
            next += 2;
        }
        checkRoom(next, TRAILER_BYTES, end);
        return next;
    }

    private static int afterZero(byte[] source, int position, int end) {
        int next = position;
        while (next < end && source[next] != 0) {
            next++;
        }
        return next + 1;
    }

    private static void checkRoom(int position, int count, int end) {
        if (end - position < count) {
            throw new CorruptBatchException("gzip data ends within its header");
        }
    }

    private int crcOf(byte[] bytes, int position, int size) {
        crc.reset();
        crc.update(bytes, position, size);
        return (int) crc.getValue();
    }
}
