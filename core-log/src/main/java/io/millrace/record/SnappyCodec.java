package io.millrace.record;

import java.io.IOException;
import org.xerial.snappy.Snappy;
import org.xerial.snappy.SnappyError;

/**
 * Snappy in xerial's stream framing, which Kafka's Java clients write; a bare snappy block, which librdkafka writes, is
 * read as well.
 *
 * <pre>
 * stream   0x82 "SNAPPY" 0 | version (4) = 1 | lowest compatible version (4) = 1 | chunks
 * chunk    size (4) | snappy block of at most 32 KiB of input
 * </pre>
 */
final class SnappyCodec implements Codec {

    private static final long MAGIC = 0x82_53_4e_41_50_50_59_00L;
    private static final int VERSION = 1;
    private static final int HEADER_BYTES = 16;
    private static final int CHUNK_HEADER_BYTES = 4;
    private static final int CHUNK_INPUT_BYTES = 32 << 10;

    /** No snappy block grows more: the densest element copies 64 bytes and takes three. */
    private static final int EXPANSION_MAX = 22;

    @Override
    public void compress(byte[] source, int position, int size, ByteStore target) {
        target.reserve(HEADER_BYTES);
        int start = target.size();
        BatchLayout.putLong(target.bytes(), start, MAGIC);
        BatchLayout.putInt(target.bytes(), start + 8, VERSION);
        BatchLayout.putInt(target.bytes(), start + 12, VERSION);
        target.added(HEADER_BYTES);
        int end = position + size;
        for (int next = position; next < end; next += CHUNK_INPUT_BYTES) {
            int inputSize = Math.min(CHUNK_INPUT_BYTES, end - next);
            target.reserve(CHUNK_HEADER_BYTES + Snappy.maxCompressedLength(inputSize));
            int chunk = target.size();
            int count = rawCompress(source, next, inputSize, target.bytes(), chunk + CHUNK_HEADER_BYTES);
            BatchLayout.putInt(target.bytes(), chunk, count);
            target.added(CHUNK_HEADER_BYTES + count);
        }
    }

    @Override
    public void decompress(byte[] source, int position, int size, ByteStore target) {
        if (size < HEADER_BYTES || BatchLayout.longAt(source, position) != MAGIC) {
            block(source, position, size, target);
            return;
        }
        int end = position + size;
        int next = position + HEADER_BYTES;
        while (next < end) {
            int count = end - next < CHUNK_HEADER_BYTES ? -1 : BatchLayout.intAt(source, next);
            next += CHUNK_HEADER_BYTES;
            if (count < 0 || count > end - next) {
                throw new CorruptBatchException(
                        "a snappy chunk claims " + count + " bytes, " + (end - next) + " are left");
            }
            block(source, next, count, target);
            next += count;
        }
    }

    private static void block(byte[] source, int position, int size, ByteStore target) {
        try {
            long claimed = Snappy.uncompressedLength(source, position, size);
            if (claimed < 0 || claimed > (long) size * EXPANSION_MAX) {
                throw new CorruptBatchException("a snappy block of " + size + " bytes claims to hold " + claimed);
            }
            target.reserveDecompressed(claimed);
            target.added(Snappy.uncompress(source, position, size, target.bytes(), target.size()));
        } catch (IOException | SnappyError | IndexOutOfBoundsException e) {
            throw new CorruptBatchException("malformed snappy data", e);
        }
    }

    private static int rawCompress(byte[] source, int position, int size, byte[] target, int targetPosition) {
        try {
            return Snappy.compress(source, position, size, target, targetPosition);
        } catch (IOException e) {
            throw new IllegalStateException("snappy could not compress " + size + " bytes", e);
        }
    }
}
