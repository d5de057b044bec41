package io.millrace.streams.codec;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.streams.Windowed;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** The codecs that come with Millrace. Where Kafka has a serializer for the type, the bytes are the same. */
public final class Codecs {

    private Codecs() {}

    /** UTF-8, as Kafka's StringSerializer. */
    public static Codec<String> string() {
        return FixedCodecs.STRING;
    }

    /** The bytes as they are; neither the caller nor the codec copies them. */
    public static Codec<byte[]> bytes() {
        return FixedCodecs.BYTES;
    }

    /** Four bytes, big-endian, as Kafka's IntegerSerializer. */
    public static Codec<Integer> ints() {
        return FixedCodecs.INT;
    }

    /** Eight bytes, big-endian, as Kafka's LongSerializer. */
    public static Codec<Long> longs() {
        return FixedCodecs.LONG;
    }

    /** Eight bytes of the IEEE 754 form, big-endian, as Kafka's DoubleSerializer. */
    public static Codec<Double> doubles() {
        return FixedCodecs.DOUBLE;
    }

    /** The 36 characters of its text, as Kafka's UUIDSerializer. */
    public static Codec<UUID> uuid() {
        return FixedCodecs.UUID_TEXT;
    }

    /**
     * JSON with sorted properties. Properties the class does not know are skipped, so that a writer may add some.
     *
     * <p>May encode keys if its text follows from the class alone: no unordered sets, no parts declared as {@code Object}, no
     * types that need a module of Jackson, such as {@code java.time}. Other classes are for values, and are written with the
     * modules on the class path.
     */
    public static <T> Codec<T> json(Class<T> type) {
        return JsonCodec.of(JsonCodec.PLAIN.constructType(type), type.getName());
    }

    /** As {@link #json(Class)}, for generic types: {@code json(new TypeReference<List<Flight>>() {})}. */
    public static <T> Codec<T> json(TypeReference<T> type) {
        var javaType = JsonCodec.PLAIN.constructType(type);
        return JsonCodec.of(javaType, javaType.toCanonical());
    }

    /** JSON as the user's mapper writes it. For values only, as Millrace cannot know whether it is canonical. */
    public static <T> Codec<T> json(Class<T> type, ObjectMapper mapper) {
        return new JsonCodec<>("json(" + type.getName() + ")", mapper, mapper.constructType(type), false);
    }

    /**
     * Keys in windows of one size: the inner key, then eight bytes of the start in ms, big-endian, as Kafka's
     * TimeWindowedSerializer. The inner key alone chooses the partition.
     *
     * @param size of the windows; it is not part of the bytes
     */
    public static <K> Codec<Windowed<K>> windowed(Codec<K> inner, Duration size) {
        return windowed(inner, size.toMillis());
    }

    /** As {@link #windowed(Codec, Duration)}, with the size in ms. */
    public static <K> Codec<Windowed<K>> windowed(Codec<K> inner, long sizeMs) {
        return new WindowedCodec<>(inner, sizeMs);
    }

    /**
     * Compact binary values for topics that only programs with the same classes read: each value begins with a fingerprint of
     * the classes, and others are refused. For values only. Prefer {@link #json(Class)} for topics that live long.
     *
     * @param others further classes that values contain where {@code type} declares an interface or collection
     */
    public static <T> Codec<T> kryo(Class<T> type, Class<?>... others) {
        return new KryoCodec<>(type, List.of(others));
    }

    /** Whether its bytes choose the same partition as those of the canonical form that inner keys have. */
    public static boolean isCanonicalForm(Codec<?> codec) {
        return codec instanceof WindowedCodec<?> windowed
                ? isCanonicalForm(windowed.inner())
                : FixedCodecs.ALL.contains(codec);
    }
}
