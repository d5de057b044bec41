package io.millrace.record;

/** The levels of zstd, which its library knows too: but asking it loads native code, and most nodes start without any. */
final class ZstdLevels {

    static final int MIN = -(1 << 17);
    static final int MAX = 22;
    static final int DEFAULT = 3;

    private ZstdLevels() {}
}
