package io.millrace.store;

/** How a value becomes bytes and back, and how it is copied before user code may change it. */
public interface ValueCodec<V> {

    /** For values that are bytes already and that nobody changes. */
    ValueCodec<byte[]> BYTES = new ValueCodec<>() {
        @Override
        public byte[] encode(byte[] value) {
            return value;
        }

        @Override
        public byte[] decode(byte[] bytes) {
            return bytes;
        }

        @Override
        public byte[] copy(byte[] value) {
            return value;
        }
    };

    byte[] encode(V value);

    V decode(byte[] bytes);

    /** The value itself if it can never change, else a deep copy. */
    V copy(V value);
}
