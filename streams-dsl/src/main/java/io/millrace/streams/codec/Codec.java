package io.millrace.streams.codec;

/**
 * How a type becomes bytes on a topic and back. Null never reaches a codec. Immutable and safe to share between threads.
 *
 * <p>A codec of keys must be canonical: equal keys have equal bytes, for ever, as the bytes choose the partition.
 */
public interface Codec<T> {

    /** Stable name, such as {@code string} or {@code json(com.example.Flight)}: part of the plan, compared at each start. */
    String name();

    byte[] encode(T value);

    /** @throws RuntimeException if the bytes are not of this type; the source's error policy applies */
    T decode(byte[] bytes, int offset, int length);

    default T decode(byte[] bytes) {
        return decode(bytes, 0, bytes.length);
    }

    /** Whether equal values have equal bytes, so that it may encode keys. */
    default boolean isCanonical() {
        return true;
    }

    /** How many of the leading bytes of an encoded key choose its partition; all of them, but for windowed keys. */
    default int partitionLength(byte[] encoded) {
        return encoded.length;
    }
}
