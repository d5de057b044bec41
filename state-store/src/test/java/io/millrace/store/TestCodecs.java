package io.millrace.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Codecs of the suites; the value is mutable on purpose, so that a missing copy shows. */
public final class TestCodecs {

    private TestCodecs() {}

    /** A mutable value. */
    public static final class Counter {
        public long count;

        public Counter(long count) {
            this.count = count;
        }

        @Override
        public String toString() {
            return "Counter(" + count + ")";
        }
    }

    public static final KeyCodec<String> STRINGS = new KeyCodec<>() {
        @Override
        public byte[] encode(String key) {
            return key.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String decode(byte[] bytes) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    };

    public static final ValueCodec<Counter> COUNTERS = new ValueCodec<>() {
        @Override
        public byte[] encode(Counter value) {
            return ByteBuffer.allocate(Long.BYTES).putLong(value.count).array();
        }

        @Override
        public Counter decode(byte[] bytes) {
            return new Counter(ByteBuffer.wrap(bytes).getLong());
        }

        @Override
        public Counter copy(Counter value) {
            return new Counter(value.count);
        }
    };

    /** The key in a changelog key of a key-value store. */
    public static String keyOf(byte[] changelogKey) {
        return STRINGS.decode(StoreKeys.tail(changelogKey, StoreKeys.ID_BYTES));
    }

    public static StoreSpec<String, Counter> spec(String name, StoreSpec.Kind kind) {
        return new StoreSpec<>(name, kind, STRINGS, COUNTERS);
    }
}
