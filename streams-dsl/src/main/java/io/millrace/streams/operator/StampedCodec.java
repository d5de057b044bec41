package io.millrace.streams.operator;

import io.millrace.store.ValueCodec;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

/**
 * Bytes of a {@link Stamped}: the value behind its timestamp.
 *
 * <pre>
 * timestamp: int64 big-endian | value: the rest
 * </pre>
 */
public final class StampedCodec implements ValueCodec<Stamped> {

    private final ValueCodec<Object> values;

    public StampedCodec(ValueCodec<Object> values) {
        this.values = values;
    }

    @Override
    public byte[] encode(Stamped row) {
        byte[] value = values.encode(Objects.requireNonNull(row.value, "a row in state has a value"));
        return ByteBuffer.allocate(Long.BYTES + value.length)
                .putLong(row.timestampMs)
                .put(value)
                .array();
    }

    @Override
    public Stamped decode(byte[] bytes) {
        long timestampMs = ByteBuffer.wrap(bytes).getLong();
        return new Stamped(values.decode(Arrays.copyOfRange(bytes, Long.BYTES, bytes.length)), timestampMs);
    }

    /** Always a new object, as the holder itself is changed in place. */
    @Override
    public Stamped copy(Stamped row) {
        return new Stamped(
                values.copy(Objects.requireNonNull(row.value, "a row in state has a value")), row.timestampMs);
    }
}
