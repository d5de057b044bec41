package io.millrace.connect.builtin;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * Where the bytes of a text come from. Immutable; each call of {@link #open} starts a reading of its own.
 *
 * <p>A name that ends in {@code .gz} is unpacked while it is read.
 */
public interface LineInput {

    /** A file of the local disk. A plain one is resumed by seeking, a packed one by reading it again. */
    static LineInput file(Path path) {
        return new FileInput(path);
    }

    /**
     * A resource of the class path.
     *
     * @param neighbour a class beside which, or from whose root, the resource is looked for
     * @param name relative to the class's package, or absolute with a leading slash
     */
    static LineInput resource(Class<?> neighbour, String name) {
        return new ResourceInput(neighbour, name);
    }

    /** What messages and positions call it: the last part of its path. */
    String name();

    /** Bytes as stored, packed ones if it is packed. */
    long sizeBytes() throws IOException;

    /**
     * Opens it {@code skippedBytes} behind its start. Must be able to if {@link #isSeekable}, else only 0 is asked for.
     *
     * @throws IOException if it cannot be read; the message says which input
     */
    InputStream open(long skippedBytes) throws IOException;

    /** Whether {@link #open} may start in the middle. */
    default boolean isSeekable() {
        return false;
    }

    default boolean isPacked() {
        return name().endsWith(".gz");
    }
}
