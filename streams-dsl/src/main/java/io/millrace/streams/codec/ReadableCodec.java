package io.millrace.streams.codec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;

/** Writes any object for people: bytes as they are, text as UTF-8, what Jackson knows as JSON, all else as its text. Reads text. */
public final class ReadableCodec implements Codec<Object> {

    public static final ReadableCodec INSTANCE = new ReadableCodec();

    private static final ObjectMapper JSON = new ObjectMapper();

    private ReadableCodec() {}

    @Override
    public String name() {
        return "readable";
    }

    @Override
    public byte[] encode(Object value) {
        if (value instanceof byte[] bytes) {
            return bytes;
        }
        if (value instanceof CharSequence text) {
            return text.toString().getBytes(StandardCharsets.UTF_8);
        }
        try {
            return JSON.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            return value.toString().getBytes(StandardCharsets.UTF_8);
        }
    }

    @Override
    public Object decode(byte[] bytes, int offset, int length) {
        return new String(bytes, offset, length, StandardCharsets.UTF_8);
    }
}
