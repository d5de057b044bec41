package io.millrace.store;

/** How a value becomes bytes and back, and how it is copied before user code may change it. */
public interface ValueCodec<V> {

    byte[] encode(V value);

    V decode(byte[] bytes);

    /** The value itself if it can never change, else a deep copy. */
    V copy(V value);
}
