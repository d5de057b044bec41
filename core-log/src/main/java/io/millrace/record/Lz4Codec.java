package io.millrace.record;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import net.jpountz.xxhash.XXHash32;
import net.jpountz.xxhash.XXHashFactory;

/**
 * LZ4 frames of independent blocks. Writes 64 KiB blocks without checksums, as Kafka's clients do; reads every block size
 * and the optional content size and checksums. Integers are little-endian.
 *
 * <pre>
 * frame   0x184D2204 (4) | flags (1) | block size code (1) | [content size (8)] | header checksum (1)
 *         | blocks | 0 (4) | [content checksum (4)]
 * block   size (4), top bit set if stored uncompressed | data | [checksum (4)]
 * </pre>
 */
final class Lz4Codec implements Codec {

    /** Stands for the fast compressor, beside levels 1 to 17 of the slow one. */
    static final int FAST = 0;

    private static final int MAGIC = 0x184D2204;
    private static final int VERSION_MASK = 0xC0;
    private static final int VERSION = 0x40;
    private static final int FLAG_INDEPENDENT = 0x20;
    private static final int FLAG_BLOCK_CHECKSUM = 0x10;
    private static final int FLAG_CONTENT_SIZE = 0x08;
    private static final int FLAG_CONTENT_CHECKSUM = 0x04;
    private static final int FLAG_DICTIONARY = 0x01;
    private static final int BLOCK_CODE_MIN = 4;
    private static final int BLOCK_CODE_MAX = 7;
    private static final int BLOCK_BYTES = 64 << 10;
    private static final int STORED_BIT = 0x8000_0000;
    private static final int HEADER_BYTES = 7;
    private static final int WORD = 4;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final LZ4SafeDecompressor DECOMPRESSOR =
            LZ4Factory.fastestInstance().safeDecompressor();
    private static final XXHash32 HASH = XXHashFactory.fastestInstance().hash32();

    private final LZ4Compressor compressor;

    Lz4Codec(int level) {
        LZ4Factory factory = LZ4Factory.fastestInstance();
        this.compressor = level == FAST ? factory.fastCompressor() : factory.highCompressor(level);
    }

    @Override
    public void compress(byte[] source, int position, int size, ByteStore target) {
        target.reserve(HEADER_BYTES);
        int start = target.size();
        INT.set(target.bytes(), start, MAGIC);
        target.bytes()[start + 4] = (byte) (VERSION | FLAG_INDEPENDENT);
        target.bytes()[start + 5] = (byte) (BLOCK_CODE_MIN << 4);
        target.bytes()[start + 6] = headerChecksum(target.bytes(), start + 4, 2);
        target.added(HEADER_BYTES);
        int end = position + size;
        for (int next = position; next < end; next += BLOCK_BYTES) {
            block(source, next, Math.min(BLOCK_BYTES, end - next), target);
        }
        target.reserve(WORD);
        INT.set(target.bytes(), target.size(), 0);
        target.added(WORD);
    }

    private void block(byte[] source, int position, int size, ByteStore target) {
        target.reserve(WORD + compressor.maxCompressedLength(size));
        byte[] out = target.bytes();
        int start = target.size();
        int count = compressor.compress(source, position, size, out, start + WORD, out.length - start - WORD);
        if (count < size) {
            INT.set(out, start, count);
            target.added(WORD + count);
        } else {
            INT.set(out, start, size | STORED_BIT);
            System.arraycopy(source, position, out, start + WORD, size);
            target.added(WORD + size);
        }
    }

    @Override
    public void decompress(byte[] source, int position, int size, ByteStore target) {
        int end = position + size;
        int next = position;
        do {
            next = frame(source, next, end, target);
        } while (next < end);
    }

    private static int frame(byte[] source, int position, int end, ByteStore target) {
        checkRoom(position, HEADER_BYTES, end);
        int flags = source[position + 4];
        int blockCode = source[position + 5] >> 4;
        if ((int) INT.get(source, position) != MAGIC
                || (flags & VERSION_MASK) != VERSION
                || (flags & FLAG_INDEPENDENT) == 0
                || (flags & FLAG_DICTIONARY) != 0
                || blockCode < BLOCK_CODE_MIN
                || blockCode > BLOCK_CODE_MAX) {
            throw new CorruptBatchException("no LZ4 frame of independent blocks");
        }
        int descriptorBytes = (flags & FLAG_CONTENT_SIZE) == 0 ? 2 : 10;
        checkRoom(position, WORD + descriptorBytes + 1, end);
        int next = position + WORD + descriptorBytes;
        if (source[next] != headerChecksum(source, position + WORD, descriptorBytes)) {
            throw new CorruptBatchException("an LZ4 frame header does not have its checksum");
        }
        int start = target.size();
        next = blocks(source, next + 1, end, 1 << (8 + 2 * blockCode), (flags & FLAG_BLOCK_CHECKSUM) != 0, target);
        if ((flags & FLAG_CONTENT_CHECKSUM) != 0) {
            checkRoom(next, WORD, end);
            checkHash(source, next, target.bytes(), start, target.size() - start);
            next += WORD;
        }
        return next;
    }

    /** Reads blocks up to the end mark and returns the position after it. */
    private static int blocks(
            byte[] source, int position, int end, int blockBytesMax, boolean checksums, ByteStore target) {
        int next = position;
        while (true) {
            checkRoom(next, WORD, end);
            int word = (int) INT.get(source, next);
            next += WORD;
            if (word == 0) {
                return next;
            }
            int count = word & ~STORED_BIT;
            if (count > blockBytesMax) {
                throw new CorruptBatchException(
                        "an LZ4 block of " + count + " bytes, the frame allows " + blockBytesMax);
            }
            checkRoom(next, count, end);
            int blockStart = next;
            if ((word & STORED_BIT) != 0) {
                target.reserveDecompressed(count);
                System.arraycopy(source, next, target.bytes(), target.size(), count);
                target.added(count);
            } else {
                inflate(source, next, count, blockBytesMax, target);
            }
            next += count;
            if (checksums) {
                checkRoom(next, WORD, end);
                checkHash(source, next, source, blockStart, count);
                next += WORD;
            }
        }
    }

    private static void inflate(byte[] source, int position, int size, int blockBytesMax, ByteStore target) {
        int room = Math.min(blockBytesMax, target.sizeMax() - target.size());
        target.reserveDecompressed(Math.max(1, room));
        try {
            target.added(DECOMPRESSOR.decompress(source, position, size, target.bytes(), target.size(), room));
        } catch (LZ4Exception e) {
            throw new CorruptBatchException(
                    "malformed LZ4 block, or more than the limit of " + target.sizeMax() + " bytes", e);
        }
    }

    private static byte headerChecksum(byte[] bytes, int position, int size) {
        return (byte) (HASH.hash(bytes, position, size, 0) >> 8);
    }

    private static void checkHash(byte[] source, int at, byte[] content, int position, int size) {
        if ((int) INT.get(source, at) != HASH.hash(content, position, size, 0)) {
            throw new CorruptBatchException("LZ4 data does not have its checksum");
        }
    }

    private static void checkRoom(int position, int count, int end) {
        if (end - position < count) {
            throw new CorruptBatchException("LZ4 data ends early");
        }
    }
}
