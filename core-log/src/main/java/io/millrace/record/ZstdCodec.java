package io.millrace.record;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.lang.ref.Cleaner;
import org.jspecify.annotations.Nullable;

/**
 * Zstandard frames (RFC 8878). Writes one with its content size; reads any number, also without it.
 *
 * <p>The native contexts are kept from call to call, because making one costs as much as 10 KB of work; they are freed when
 * the codec can no longer be reached, as the JDK frees those of gzip.
 */
final class ZstdCodec implements Codec {

    private static final int EXPANSION_GUESS = 8;
    private static final int SPARE_BYTES_MIN = 16 << 10;
    private static final long TARGET_TOO_SMALL = Zstd.errDstSizeTooSmall();

    private static final Cleaner CLEANER = Cleaner.create();

    private final int level;
    private @Nullable ZstdCompressCtx compressor;
    private @Nullable ZstdDecompressCtx decompressor;

    ZstdCodec(int level) {
        this.level = level;
    }

    @Override
    public void compress(byte[] source, int position, int size, ByteStore target) {
        target.reserve(Zstd.compressBound(size));
        target.added(
                compressor().compressByteArray(target.bytes(), target.size(), target.spare(), source, position, size));
    }

    /** Tries with twice the room until it suffices, because most producers do not write the content size. */
    @Override
    public void decompress(byte[] source, int position, int size, ByteStore target) {
        long claimed = claimedSize(source, position, size);
        long guess = Math.max(SPARE_BYTES_MIN, (long) size * EXPANSION_GUESS);
        long room = claimed > 0 ? Math.min(claimed, guess) : guess;
        while (true) {
            room = Math.min(Math.max(room, target.spare()), target.sizeMax() - target.size());
            target.reserveDecompressed(room);
            try {
                target.added(decompressor()
                        .decompressByteArray(target.bytes(), target.size(), target.spare(), source, position, size));
                return;
            } catch (ZstdException e) {
                if (e.getErrorCode() != TARGET_TOO_SMALL) {
                    throw new CorruptBatchException("malformed zstd data", e);
                }
                if (room >= target.sizeMax() - target.size()) {
                    throw new CorruptBatchException(
                            "malformed zstd data, or more than the limit of " + target.sizeMax() + " bytes", e);
                }
            }
            room = 2 * room;
        }
    }

    /** Not above 0 where the frame does not say; some versions of the library throw then, or for what is no frame. */
    private static long claimedSize(byte[] source, int position, int size) {
        try {
            return Zstd.getFrameContentSize(source, position, size);
        } catch (ZstdException e) {
            return 0;
        }
    }

    private ZstdCompressCtx compressor() {
        if (compressor == null) {
            ZstdCompressCtx context = new ZstdCompressCtx();
            context.setLevel(level);
            CLEANER.register(this, context::close);
            compressor = context;
        }
        return compressor;
    }

    private ZstdDecompressCtx decompressor() {
        if (decompressor == null) {
            ZstdDecompressCtx context = new ZstdDecompressCtx();
            CLEANER.register(this, context::close);
            decompressor = context;
        }
        return decompressor;
    }
}
