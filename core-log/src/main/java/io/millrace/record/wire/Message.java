package io.millrace.record.wire;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A message or a struct within one, written by the code generator from Kafka's schemas. Mutable until it is written; a class
 * of this kind has a static {@code read(ByteReader, short)} as the counterpart of {@link #write}.
 */
public interface Message {

    /** Reads one kind of message. */
    @FunctionalInterface
    interface Decoder<T> {
        T read(ByteReader in, short version);
    }

    /**
     * Writes the fields that this version has. Version by version, a field that it has not must have its default value,
     * unless the schema says that it may be ignored.
     *
     * @throws IllegalArgumentException if the version is unknown, or cannot say what this message says
     */
    void write(ByteWriter out, short version);

    /** The encoded message alone. */
    default byte[] encode(short version) {
        ByteWriter out = new ByteWriter();
        write(out, version);
        return out.toByteArray();
    }

    /**
     * The encoded message behind a two-byte prefix, as records of internal topics have it: for a value its version, for a key
     * the type of the record.
     */
    default byte[] encode(short prefix, short version) {
        ByteWriter out = new ByteWriter();
        out.int16(prefix);
        write(out, version);
        return out.toByteArray();
    }

    /** Fails if a field has a value that the version to be written cannot carry. */
    static void checkDefault(boolean isDefault, String field, short version) {
        if (!isDefault) {
            throw new IllegalArgumentException("version " + version + " has no field " + field + ", which is set");
        }
    }

    /** Fails if a version is not one of those a message has. */
    static void checkVersion(String message, short version, short lowest, short highest) {
        if (version < lowest || version > highest) {
            throw new IllegalArgumentException(
                    message + " has versions " + lowest + " to " + highest + ", not " + version);
        }
    }

    /** The value of a field that must not be null in the version being written. */
    static <T> T required(@Nullable T value, String field) {
        if (value == null) {
            throw new IllegalArgumentException(field + " is null, which this version does not allow");
        }
        return value;
    }

    /** How a field appears in a message's text. */
    static String text(@Nullable Object value) {
        String text = Arrays.deepToString(new @Nullable Object[] {value});
        return text.substring(1, text.length() - 1);
    }
}
