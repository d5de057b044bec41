package io.millrace.streams.codec;

import io.millrace.streams.Windowed;
import java.util.Arrays;

/**
 * Windowed keys on a topic:
 *
 * <pre>
 *   inner key (n bytes) | start in ms since 1970 (8 bytes, big-endian)
 * </pre>
 */
final class WindowedCodec<K> implements Codec<Windowed<K>> {

    private final Codec<K> inner;
    private final long sizeMs;

    WindowedCodec(Codec<K> inner, long sizeMs) {
        if (sizeMs <= 0) {
            throw new IllegalArgumentException("a window must be longer than 0 ms, was " + sizeMs);
        }
        this.inner = inner;
        this.sizeMs = sizeMs;
    }

    @Override
    public String name() {
        return "windowed(" + inner.name() + "," + sizeMs + ")";
    }

    @Override
    public byte[] encode(Windowed<K> value) {
        byte[] key = inner.encode(value.key());
        byte[] bytes = Arrays.copyOf(key, key.length + Long.BYTES);
        BigEndian.putLong(bytes, key.length, value.startMs());
        return bytes;
    }

    @Override
    public Windowed<K> decode(byte[] bytes, int offset, int length) {
        int keyLength = length - Long.BYTES;
        if (keyLength < 0) {
            throw new IllegalArgumentException(name() + " has 8 bytes or more, found " + length);
        }
        long startMs = BigEndian.getLong(bytes, offset + keyLength);
        return new Windowed<>(inner.decode(bytes, offset, keyLength), startMs, end(startMs));
    }

    @Override
    public boolean isCanonical() {
        return inner.isCanonical();
    }

    @Override
    public int partitionLength(byte[] encoded) {
        return encoded.length - Long.BYTES;
    }

    Codec<K> inner() {
        return inner;
    }

    /** As Kafka: a window that would end behind the end of time ends there. */
    private long end(long startMs) {
        long endMs = startMs + sizeMs;
        return endMs < 0 ? Long.MAX_VALUE : endMs;
    }

    @Override
    public String toString() {
        return name();
    }
}
