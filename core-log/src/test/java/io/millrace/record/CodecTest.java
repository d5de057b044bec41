package io.millrace.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE;
import net.jpountz.lz4.LZ4FrameOutputStream.FLG.Bits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.xerial.snappy.Snappy;

/** The codecs alone, above all with data of other writers than ourselves. */
class CodecTest {

    private static final byte[] TEXT = "All the world's a stage, and all the men and women merely players. "
            .repeat(5_000)
            .getBytes(StandardCharsets.US_ASCII);

    @ParameterizedTest
    @EnumSource(value = Compression.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void makesTextSmallerAndBringsItBack(Compression compression) {
        for (int size : new int[] {0, 1, 100, 32 << 10, 64 << 10, (64 << 10) + 1, TEXT.length}) {
            Codec codec = compression.codec(compression.levelDefault());
            ByteStore packed = new ByteStore(1 << 20);
            codec.compress(TEXT, 0, size, packed);

            assertThat(decompressed(compression, Arrays.copyOf(packed.bytes(), packed.size())))
                    .as("%d bytes", size)
                    .isEqualTo(Arrays.copyOf(TEXT, size));
            assertThat(packed.size()).isLessThan(Math.max(size, 100));
        }
    }

    @ParameterizedTest
    @CsvSource({"GZIP,1", "GZIP,9", "LZ4,1", "LZ4,17", "ZSTD,-5", "ZSTD,1", "ZSTD,19"})
    void compressesAtEachLevel(Compression compression, int level) {
        ByteStore packed = new ByteStore(1 << 20);
        compression.codec(level).compress(TEXT, 0, TEXT.length, packed);

        assertThat(decompressed(compression, Arrays.copyOf(packed.bytes(), packed.size())))
                .isEqualTo(TEXT);
    }

    @ParameterizedTest
    @CsvSource({"GZIP,10", "SNAPPY,1", "LZ4,18", "LZ4,0", "ZSTD,23"})
    void namesTheLevelsThatThereAre(Compression compression, int level) {
        assertThatThrownBy(() -> compression.codec(level))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(compression.configName() + " has levels")
                .hasMessageContaining("not " + level);
    }

    @Test
    void theLevelsOfZstdAreThoseOfItsLibrary() {
        assertThat(List.of(ZstdLevels.MIN, ZstdLevels.MAX, ZstdLevels.DEFAULT))
                .containsExactly(
                        Zstd.minCompressionLevel(), Zstd.maxCompressionLevel(), Zstd.defaultCompressionLevel());
    }

    @Test
    void readsABareSnappyBlockAsLibrdkafkaWritesIt() throws IOException {
        assertThat(decompressed(Compression.SNAPPY, Snappy.compress(TEXT))).isEqualTo(TEXT);
    }

    @Test
    void readsSeveralGzipMembers() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int part = 0; part < 2; part++) {
            try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
                gzip.write(TEXT, 0, TEXT.length / 2);
            }
        }
        byte[] half = Arrays.copyOf(TEXT, TEXT.length / 2);

        byte[] both = decompressed(Compression.GZIP, out.toByteArray());

        assertThat(Arrays.copyOf(both, half.length)).isEqualTo(half);
        assertThat(Arrays.copyOfRange(both, half.length, both.length)).isEqualTo(half);
    }

    @Test
    void readsAGzipHeaderWithAllItsOptionalFields() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(TEXT);
        }
        byte[] plain = out.toByteArray();
        byte[] header = Arrays.copyOf(plain, 10);
        header[3] = 2 | 4 | 8 | 16;
        byte[] optional = {3, 0, 1, 2, 3, 'n', 'a', 'm', 'e', 0, 'w', 'h', 'y', 0, 0x12, 0x34};
        ByteArrayOutputStream full = new ByteArrayOutputStream();
        full.write(header);
        full.write(optional);
        full.write(plain, 10, plain.length - 10);

        assertThat(decompressed(Compression.GZIP, full.toByteArray())).isEqualTo(TEXT);
    }

    @Test
    void readsLz4FramesWithSizesAndChecksums() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (LZ4FrameOutputStream lz4 = new LZ4FrameOutputStream(
                out,
                BLOCKSIZE.SIZE_256KB,
                TEXT.length,
                Bits.BLOCK_INDEPENDENCE,
                Bits.BLOCK_CHECKSUM,
                Bits.CONTENT_CHECKSUM,
                Bits.CONTENT_SIZE)) {
            lz4.write(TEXT);
        }
        byte[] packed = out.toByteArray();
        assertThat(decompressed(Compression.LZ4, packed)).isEqualTo(TEXT);

        packed[packed.length - 1] ^= 1;
        assertThatThrownBy(() -> decompressed(Compression.LZ4, packed)).hasMessageContaining("checksum");
    }

    @Test
    void readsZstdFramesWithoutAContentSize() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int part = 0; part < 2; part++) {
            try (ZstdOutputStream zstd = new ZstdOutputStream(out)) {
                zstd.write(TEXT, part * (TEXT.length / 2), TEXT.length / 2);
            }
        }

        assertThat(decompressed(Compression.ZSTD, out.toByteArray())).isEqualTo(TEXT);
    }

    private static byte[] decompressed(Compression compression, byte[] packed) {
        ByteStore target = new ByteStore(1 << 20);
        compression.codec(compression.levelDefault()).decompress(packed, 0, packed.length, target);
        return Arrays.copyOf(target.bytes(), target.size());
    }
}
