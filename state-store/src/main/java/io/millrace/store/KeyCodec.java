package io.millrace.store;

/**
 * How a key becomes bytes and back. Canonical: equal keys have equal bytes and the other way round, for ever. Ranges are in
 * the unsigned order of the bytes.
 */
public interface KeyCodec<K> {

    byte[] encode(K key);

    K decode(byte[] bytes);
}
