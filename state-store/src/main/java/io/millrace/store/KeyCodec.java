package io.millrace.store;

/**
 * How a key becomes bytes and back. Canonical: equal keys have equal bytes and the other way round, for ever. Ranges are in
 * the unsigned order of the bytes.
 */
public interface KeyCodec<K> {

    byte[] encode(K key);

    /** The bytes with free ones around them, for what the caller writes there. */
    default byte[] encode(K key, int freeBefore, int freeBehind) {
        byte[] bytes = encode(key);
        byte[] all = new byte[freeBefore + bytes.length + freeBehind];
        System.arraycopy(bytes, 0, all, freeBefore, bytes.length);
        return all;
    }

    K decode(byte[] bytes);
}
