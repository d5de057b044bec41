package io.millrace.log;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * The files of one data directory: the only way in which this package reaches a disk.
 *
 * <p>One storage is one domain of failure. After a failed sync nobody knows what is on the disk, and a second sync may
 * succeed with data lost; so the failure is final: from then on every write, truncation, move, deletion and sync throws
 * {@link StorageException.Kind#FAILED}, while reading goes on (S6). It is never retried and ends with the process.
 *
 * <p>Paths are relative to the root, separated by {@code /}. All methods are callable from any thread and throw
 * {@link StorageException}. A new, moved or deleted name is durable only after {@link #syncDirectory} of its directory (S5).
 */
public interface LogStorage extends AutoCloseable {

    /** What {@link #open} does about a missing or present file. */
    enum Open {
        /** It must exist. */
        EXISTING,
        /** It is created if it is missing. */
        CREATE,
        /** It is created, or emptied if it exists. */
        EMPTY
    }

    LogFile open(String path, Open mode);

    boolean exists(String path);

    /** Names (not paths) in a directory, sorted; empty if there is no such directory. */
    List<String> list(String directory);

    /** Creates a directory and its missing parents, and makes the new names durable. */
    void createDirectory(String directory);

    /** Gives a file or a directory another name, atomically; replaces a file, never a directory. */
    void move(String from, String to);

    /** Removes a file or an empty directory; does nothing if it is missing. */
    void delete(String path);

    void syncDirectory(String directory);

    /** How much room there is now. Asks the operating system: not for every record. */
    DiskSpace space();

    /** Where it is, for people. */
    String location();

    /**
     * Sets so many bytes of the file system aside, in place of what was set aside before. They are really taken, so that
     * giving them back makes room on a full disk (the ballast of S9). Growing writes the difference, shrinking is cheap; it
     * survives the process.
     *
     * @throws StorageException of kind {@link StorageException.Kind#NO_SPACE} if it cannot grow; then it is as it was
     */
    void setAside(long bytes);

    /** How much is set aside. */
    long setAsideBytes();

    /**
     * Takes the directory for this process, until it is closed.
     *
     * @throws StorageException of kind {@link StorageException.Kind#LOCKED} if another process has it
     */
    void lock();

    /** Why this storage accepts no writes any more, if so. */
    Optional<String> failure();

    /** Declares the storage failed, as a failed sync does, for instance after a failed write. The first reason stays. */
    void fail(String reason);

    @Override
    void close();

    /** The whole content of a file. */
    default byte[] readAll(String path) {
        LogFile file = open(path, Open.EXISTING);
        try {
            byte[] content = new byte[Math.toIntExact(file.size())];
            int read = file.read(0, ByteBuffer.wrap(content));
            if (read != content.length) {
                throw new StorageException(
                        StorageException.Kind.IO,
                        path + " ended after " + read + " of " + content.length + " bytes",
                        null);
            }
            return content;
        } finally {
            file.close();
        }
    }

    /**
     * Replaces a file as a whole: after a crash it has its old content or its new one, never a part (S4). Whoever does so
     * depends on it, so an error of the disk, other than a full one, is the storage's failure (S6).
     */
    default void replace(String path, byte[] content) {
        try {
            replaceOrThrow(path, content);
        } catch (StorageException e) {
            if (e.kind() != StorageException.Kind.NO_SPACE) {
                fail(path + " could not be replaced: " + e.getMessage());
            }
            throw e;
        }
    }

    private void replaceOrThrow(String path, byte[] content) {
        String temporary = path + ".tmp";
        LogFile file = open(temporary, Open.EMPTY);
        try {
            file.write(0, ByteBuffer.wrap(content));
            file.sync();
        } finally {
            file.close();
        }
        move(temporary, path);
        syncDirectory(directoryOf(path));
    }

    /** The directory part of a path; empty for a name at the root. */
    static String directoryOf(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }
}
