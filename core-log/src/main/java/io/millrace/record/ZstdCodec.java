package io.millrace.record;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;

/** Zstandard frames (RFC 8878). Writes one with its content size; reads any number, also without it. */
final class ZstdCodec implements Codec {

    private static final int EXPANSION_GUESS = 8;
    private static final int SPARE_BYTES_MIN = 16 << 10;
    private static final long TARGET_TOO_SMALL = Zstd.errDstSizeTooSmall();

    private final int level;

    ZstdCodec(int level) {
        this.level = level;
    }

    @Override
    public void compress(byte[] source, int position, int size, ByteStore target) {
        target.reserve(Zstd.compressBound(size));
        long count =
                Zstd.compressByteArray(target.bytes(), target.size(), target.spare(), source, position, size, level);
        if (Zstd.isError(count)) {
            throw new IllegalStateException("zstd could not compress " + size + " bytes: " + Zstd.getErrorName(count));
        }
        target.added((int) count);
    }

    /** Tries with twice the room until it suffices, because most producers do not write the content size. */
    @Override
    public void decompress(byte[] source, int position, int size, ByteStore target) {
        long claimed = contentSize(source, position, size);
        long guess = Math.max(SPARE_BYTES_MIN, (long) size * EXPANSION_GUESS);
        long room = Math.max(target.spare(), claimed > 0 ? Math.min(claimed, guess) : guess);
        while (true) {
            room = Math.min(room, target.sizeMax() - target.size());
            target.reserveDecompressed(room);
            long count = inflate(source, position, size, target);
            if (!Zstd.isError(count)) {
                target.added((int) count);
                return;
            }
            if (Zstd.getErrorCode(count) != TARGET_TOO_SMALL || target.spare() >= target.sizeMax() - target.size()) {
                throw new CorruptBatchException("malformed zstd data, or more than the limit of " + target.sizeMax()
                        + " bytes: " + Zstd.getErrorName(count));
            }
            room = 2L * target.spare();
        }
    }

    private static long contentSize(byte[] source, int position, int size) {
        return Zstd.getFrameContentSize(source, position, size);
    }

    private static long inflate(byte[] source, int position, int size, ByteStore target) {
        try {
            return Zstd.decompressByteArray(target.bytes(), target.size(), target.spare(), source, position, size);
        } catch (ZstdException e) {
            throw new CorruptBatchException("malformed zstd data", e);
        }
    }
}
