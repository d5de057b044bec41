package io.millrace.record;

import java.util.Locale;
import java.util.zip.Deflater;

/**
 * How the records of a batch are compressed: all of them as one block, behind an uncompressed header. The framings are
 * those of Kafka's clients: gzip members, xerial's snappy stream, LZ4 frames of independent 64 KiB blocks, zstd frames.
 */
public enum Compression {
    NONE(0, 0, 0, 0),
    GZIP(1, Deflater.BEST_SPEED, Deflater.BEST_COMPRESSION, Deflater.DEFAULT_COMPRESSION),
    SNAPPY(2, 0, 0, 0),
    LZ4(3, 1, 17, 9),
    ZSTD(4, ZstdLevels.MIN, ZstdLevels.MAX, ZstdLevels.DEFAULT);

    /** What the records of one batch may grow to when decompressed, in bytes, unless a cursor is given its own limit. */
    public static final int DECOMPRESSED_BYTES_MAX = 128 << 20;

    static final int ID_MAX = 4;

    private static final Compression[] BY_ID = values();

    private final int id;
    private final int levelMin;
    private final int levelMax;
    private final int levelDefault;

    Compression(int id, int levelMin, int levelMax, int levelDefault) {
        this.id = id;
        this.levelMin = levelMin;
        this.levelMax = levelMax;
        this.levelDefault = levelDefault;
    }

    /** The codec with this number in a batch's attributes, 0 to 4. */
    public static Compression of(int id) {
        if (id < 0 || id > ID_MAX) {
            throw new IllegalArgumentException("compression " + id + " is not one of 0 to " + ID_MAX);
        }
        return BY_ID[id];
    }

    /**
     * The codec called none, gzip, snappy, lz4 or zstd, as in {@code compression.type}.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public static Compression named(String name) {
        for (Compression compression : BY_ID) {
            if (compression.configName().equals(name)) {
                return compression;
            }
        }
        throw new IllegalArgumentException(
                "unknown compression '" + name + "', it is one of none, gzip, snappy, lz4, zstd");
    }

    /** The number in a batch's attributes. */
    public int id() {
        return id;
    }

    /** The name in {@code compression.type}. */
    public String configName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The level used when none is asked for; Kafka's defaults. */
    public int levelDefault() {
        return levelDefault;
    }

    /**
     * A codec for one owner; it keeps native or heap state between calls.
     *
     * @throws IllegalArgumentException if the codec has no such level
     */
    Codec codec(int level) {
        if (level != levelDefault && (level < levelMin || level > levelMax)) {
            throw new IllegalArgumentException(
                    configName() + " has levels " + levelMin + " to " + levelMax + ", not " + level);
        }
        return switch (this) {
            case NONE -> throw new IllegalStateException("uncompressed records need no codec");
            case GZIP -> new GzipCodec(level);
            case SNAPPY -> new SnappyCodec();
            case LZ4 -> new Lz4Codec(level == levelDefault ? Lz4Codec.FAST : level);
            case ZSTD -> new ZstdCodec(level);
        };
    }
}
