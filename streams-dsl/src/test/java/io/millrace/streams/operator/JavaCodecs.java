package io.millrace.streams.operator;

import io.millrace.store.KeyCodec;
import io.millrace.store.ValueCodec;
import io.millrace.streams.Windowed;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Codecs good enough for tests: keys are strings, in windows or not; values are whatever Java serializes. */
final class JavaCodecs {

    static final KeyCodec<Object> KEYS = new KeyCodec<>() {
        @Override
        public byte[] encode(Object key) {
            if (key instanceof Windowed<?> windowed) {
                byte[] inner = encode(windowed.key());
                return ByteBuffer.allocate(inner.length + 17)
                        .put((byte) 'w')
                        .put(inner, 1, inner.length - 1)
                        .put((byte) 0)
                        .putLong(windowed.startMs())
                        .putLong(windowed.endMs())
                        .rewind()
                        .array();
            }
            return ("s" + key).getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public Object decode(byte[] bytes) {
            if (bytes[0] == 'w') {
                int end = bytes.length - 17;
                ByteBuffer window = ByteBuffer.wrap(bytes, end + 1, 16);
                return new Windowed<>(
                        new String(bytes, 1, end - 1, StandardCharsets.UTF_8), window.getLong(), window.getLong());
            }
            return new String(bytes, 1, bytes.length - 1, StandardCharsets.UTF_8);
        }
    };

    static final ValueCodec<Object> VALUES = new ValueCodec<>() {
        @Override
        public byte[] encode(Object value) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
                out.writeObject(value);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return bytes.toByteArray();
        }

        @Override
        public Object decode(byte[] bytes) {
            try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
                return in.readObject();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public Object copy(Object value) {
            return value instanceof String || value instanceof Number ? value : decode(encode(value));
        }
    };

    private JavaCodecs() {}
}
