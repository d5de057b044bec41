package io.millrace.log;

import io.millrace.client.ErrorCode;
import org.jspecify.annotations.Nullable;

/** A file operation that did not do what it was asked for. The message names the operation, the file and the cause. */
public final class StorageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What went wrong, as far as the caller may act differently. */
    public enum Kind {
        /** There is no such file. */
        MISSING,
        /** The file system is full: writing may work again when space was freed. */
        NO_SPACE,
        /** Another process owns the directory. */
        LOCKED,
        /** The device or the file system failed. */
        IO,
        /** A sync failed earlier: the directory accepts no write until the process is started again (S6). */
        FAILED
    }

    private final Kind kind;

    public StorageException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    /**
     * What whoever asked for the operation is told: a full disk may have room later, a failed one has not before the process
     * is started again.
     */
    public ErrorCode error() {
        return kind == Kind.NO_SPACE ? ErrorCode.THROTTLING_QUOTA_EXCEEDED : ErrorCode.KAFKA_STORAGE_ERROR;
    }
}
