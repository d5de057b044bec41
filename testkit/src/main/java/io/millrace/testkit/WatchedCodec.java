package io.millrace.testkit;

import io.millrace.store.ValueCodec;

/** A state's codec that tells the audit what went in and what came out. */
final class WatchedCodec implements ValueCodec<Object> {

    private final ValueCodec<Object> codec;
    private final StateAudit audit;

    WatchedCodec(ValueCodec<Object> codec, StateAudit audit) {
        this.codec = codec;
        this.audit = audit;
    }

    @Override
    public byte[] encode(Object value) {
        byte[] bytes = codec.encode(value);
        if (!audit.isRemembered(value)) {
            audit.remember(value, bytes, codec);
        }
        return bytes;
    }

    @Override
    public Object decode(byte[] bytes) {
        Object value = codec.decode(bytes);
        audit.remember(value, codec.encode(value), codec);
        return value;
    }

    @Override
    public Object copy(Object value) {
        return codec.copy(value);
    }
}
