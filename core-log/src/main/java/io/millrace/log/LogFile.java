package io.millrace.log;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * One open file of a {@link LogStorage}.
 *
 * <p>Writing, truncating and moving belong to the owner of the file; reading and {@link #sync} may run on any thread at the
 * same time. The handle stays valid when the file is moved. It need not hold an operating system resource between calls.
 *
 * <p>Every method throws {@link StorageException}.
 */
public interface LogFile {

    /** Where the file is now, relative to the root of its storage. */
    String path();

    /** Size in bytes. */
    long size();

    /**
     * Writes all remaining bytes of all sources, in order, from {@code position} on. When it throws, any prefix may have been
     * written: the owner truncates back before it writes again (S9).
     *
     * @param position in bytes; not beyond the end of the file
     */
    void write(long position, ByteBuffer... sources);

    /**
     * Reads until {@code target} is full or the file ends.
     *
     * @return how many bytes were read; 0 at or beyond the end
     */
    int read(long position, ByteBuffer target);

    /** Cuts the file to {@code size} bytes; a shorter file stays as it is. */
    void truncate(long size);

    /** Makes all completed writes and truncations durable, but not the file's name: see {@link LogStorage#syncDirectory}. */
    void sync();

    /** Gives the file another name, atomically replacing a file that had it. Durable after the directory was synced. */
    void moveTo(String path);

    /** Lends the file's channel; empty if it has none, as in memory. */
    default Optional<FileLease> lend() {
        return Optional.empty();
    }

    /** Releases what the handle holds. Does not sync. */
    void close();
}
