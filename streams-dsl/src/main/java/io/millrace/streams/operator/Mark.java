package io.millrace.streams.operator;

import io.millrace.store.ValueCodec;

/** The value of a timer that carries nothing but its key and its time: no bytes. */
enum Mark {
    SET;

    static final ValueCodec<Mark> CODEC = new ValueCodec<>() {
        @Override
        public byte[] encode(Mark value) {
            return new byte[0];
        }

        @Override
        public Mark decode(byte[] bytes) {
            return SET;
        }

        @Override
        public Mark copy(Mark value) {
            return value;
        }
    };
}
