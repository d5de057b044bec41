package io.millrace.streams.operator;

import io.millrace.store.ValueCodec;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of a {@link HeldUpdate}.
 *
 * <pre>
 * timestamp: int64 | old length: int32, -1 for null | old | new length: int32, -1 for null | new
 * </pre>
 */
final class HeldUpdateCodec implements ValueCodec<HeldUpdate> {

    private static final int NULL = -1;

    private final ValueCodec<Object> values;

    HeldUpdateCodec(ValueCodec<Object> values) {
        this.values = values;
    }

    @Override
    public byte[] encode(HeldUpdate update) {
        byte[] old = bytes(update.oldResult());
        byte[] now = bytes(update.newResult());
        ByteBuffer out = ByteBuffer.allocate(Long.BYTES + 2 * Integer.BYTES + length(old) + length(now));
        out.putLong(update.timestampMs());
        put(out, old);
        put(out, now);
        return out.array();
    }

    @Override
    public HeldUpdate decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        long timestampMs = in.getLong();
        Object old = take(in);
        return new HeldUpdate(old, take(in), timestampMs);
    }

    /** Results are never changed, so the record can be shared. */
    @Override
    public HeldUpdate copy(HeldUpdate update) {
        return update;
    }

    private byte @Nullable [] bytes(@Nullable Object value) {
        return value == null ? null : values.encode(value);
    }

    private static int length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    private static void put(ByteBuffer out, byte @Nullable [] bytes) {
        if (bytes == null) {
            out.putInt(NULL);
        } else {
            out.putInt(bytes.length).put(bytes);
        }
    }

    private @Nullable Object take(ByteBuffer in) {
        int length = in.getInt();
        if (length == NULL) {
            return null;
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return values.decode(bytes);
    }
}
