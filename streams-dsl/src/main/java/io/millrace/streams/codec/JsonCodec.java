package io.millrace.streams.codec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Values as JSON text in UTF-8. */
final class JsonCodec<T> implements Codec<T> {

    /** Jackson alone, whatever modules are on the class path: what it writes depends on the class only. */
    static final ObjectMapper PLAIN = builder().build();

    /** With Jackson's modules on the class path, for types that Jackson alone cannot read or write. */
    static final ObjectMapper WITH_MODULES = builder().findAndAddModules().build();

    private static JsonMapper.Builder builder() {
        return JsonMapper.builder()
                .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                .disable(MapperFeature.SORT_CREATOR_PROPERTIES_FIRST)
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    }

    private final String name;
    private final ObjectWriter writer;
    private final ObjectReader reader;
    private final boolean canonical;

    JsonCodec(String name, ObjectMapper mapper, JavaType type, boolean canonical) {
        this.name = name;
        this.writer = mapper.writerFor(type);
        this.reader = mapper.readerFor(type);
        this.canonical = canonical;
    }

    /** Of a type that is described by a class. Canonical if nothing in it is left to chance or to the class path. */
    static <T> JsonCodec<T> of(JavaType type, String name) {
        boolean canonical = JsonForm.isFixed(PLAIN, type);
        return new JsonCodec<>("json(" + name + ")", canonical ? PLAIN : WITH_MODULES, type, canonical);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public byte[] encode(T value) {
        try {
            return writer.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(
                    name + " cannot write a " + value.getClass().getName(), e);
        }
    }

    @Override
    public T decode(byte[] bytes, int offset, int length) {
        try {
            T value = reader.readValue(bytes, offset, length);
            if (value == null) {
                throw new IllegalArgumentException(
                        name + " found the text null, which is not a value; a missing value has no bytes at all");
            }
            return value;
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot read these " + length + " bytes", e);
        }
    }

    @Override
    public boolean isCanonical() {
        return canonical;
    }

    @Override
    public String toString() {
        return name;
    }
}
