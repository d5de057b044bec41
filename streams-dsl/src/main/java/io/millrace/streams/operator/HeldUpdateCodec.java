package io.millrace.streams.operator;

import io.millrace.record.Header;
import io.millrace.store.ValueCodec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of a {@link HeldUpdate}. A field is its length, -1 for null, and its bytes.
 *
 * <pre>
 * timestamp: int64 | old: field | new: field | header count: int32 | { name: field | value: field }
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
        List<byte @Nullable []> fields = new ArrayList<>();
        fields.add(bytes(update.oldResult()));
        fields.add(bytes(update.newResult()));
        for (Header header : update.headers()) {
            fields.add(header.key().getBytes(StandardCharsets.UTF_8));
            fields.add(header.value());
        }
        int size = Long.BYTES + Integer.BYTES;
        for (byte[] field : fields) {
            size += Integer.BYTES + (field == null ? 0 : field.length);
        }
        ByteBuffer out = ByteBuffer.allocate(size).putLong(update.timestampMs());
        put(out, fields.get(0));
        put(out, fields.get(1));
        out.putInt(update.headers().size());
        for (byte[] field : fields.subList(2, fields.size())) {
            put(out, field);
        }
        return out.array();
    }

    @Override
    public HeldUpdate decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        long timestampMs = in.getLong();
        byte[] old = take(in);
        byte[] now = take(in);
        int count = in.getInt();
        List<Header> headers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            byte[] name = Objects.requireNonNull(take(in), "a header has a name");
            headers.add(new Header(new String(name, StandardCharsets.UTF_8), take(in)));
        }
        return new HeldUpdate(
                old == null ? null : values.decode(old), now == null ? null : values.decode(now), timestampMs, headers);
    }

    /** Results are never changed, so the record can be shared. */
    @Override
    public HeldUpdate copy(HeldUpdate update) {
        return update;
    }

    private byte @Nullable [] bytes(@Nullable Object value) {
        return value == null ? null : values.encode(value);
    }

    private static void put(ByteBuffer out, byte @Nullable [] bytes) {
        if (bytes == null) {
            out.putInt(NULL);
        } else {
            out.putInt(bytes.length).put(bytes);
        }
    }

    private static byte @Nullable [] take(ByteBuffer in) {
        int length = in.getInt();
        if (length == NULL) {
            return null;
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }
}
