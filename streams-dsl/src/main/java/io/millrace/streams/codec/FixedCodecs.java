package io.millrace.streams.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.UUID;

/** Codecs without configuration. */
final class FixedCodecs {

    static final Codec<String> STRING = new Text<>("string") {
        @Override
        String text(String value) {
            return value;
        }

        @Override
        String parse(String text) {
            return text;
        }
    };

    static final Codec<UUID> UUID_TEXT = new Text<>("uuid") {
        @Override
        String text(UUID value) {
            return value.toString();
        }

        @Override
        UUID parse(String text) {
            return UUID.fromString(text);
        }
    };

    static final Codec<byte[]> BYTES = new Named<>("bytes") {
        @Override
        public byte[] encode(byte[] value) {
            return value;
        }

        @Override
        public byte[] decode(byte[] bytes, int offset, int length) {
            return offset == 0 && length == bytes.length ? bytes : Arrays.copyOfRange(bytes, offset, offset + length);
        }
    };

    static final Codec<Integer> INT = new Named<>("int") {
        @Override
        public byte[] encode(Integer value) {
            byte[] bytes = new byte[Integer.BYTES];
            BigEndian.putInt(bytes, 0, value);
            return bytes;
        }

        @Override
        public Integer decode(byte[] bytes, int offset, int length) {
            checkLength(length, Integer.BYTES);
            return BigEndian.getInt(bytes, offset);
        }
    };

    static final Codec<Long> LONG = new Named<>("long") {
        @Override
        public byte[] encode(Long value) {
            byte[] bytes = new byte[Long.BYTES];
            BigEndian.putLong(bytes, 0, value);
            return bytes;
        }

        @Override
        public Long decode(byte[] bytes, int offset, int length) {
            checkLength(length, Long.BYTES);
            return BigEndian.getLong(bytes, offset);
        }
    };

    static final Codec<Double> DOUBLE = new Named<>("double") {
        @Override
        public byte[] encode(Double value) {
            byte[] bytes = new byte[Double.BYTES];
            BigEndian.putLong(bytes, 0, Double.doubleToLongBits(value));
            return bytes;
        }

        @Override
        public Double decode(byte[] bytes, int offset, int length) {
            checkLength(length, Double.BYTES);
            return Double.longBitsToDouble(BigEndian.getLong(bytes, offset));
        }
    };

    static final Set<Codec<?>> ALL = Set.of(STRING, UUID_TEXT, BYTES, INT, LONG, DOUBLE);

    private FixedCodecs() {}

    private abstract static class Named<T> implements Codec<T> {
        private final String name;

        Named(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public String toString() {
            return name;
        }

        void checkLength(int actual, int expected) {
            if (actual != expected) {
                throw new IllegalArgumentException(name + " has " + expected + " bytes, found " + actual);
            }
        }
    }

    private abstract static class Text<T> extends Named<T> {

        Text(String name) {
            super(name);
        }

        abstract String text(T value);

        abstract T parse(String text);

        @Override
        public byte[] encode(T value) {
            return text(value).getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public T decode(byte[] bytes, int offset, int length) {
            return parse(new String(bytes, offset, length, StandardCharsets.UTF_8));
        }
    }
}
