package io.millrace.streams;

/** Something that the caller asked of Millrace could not be done; the message says what and what to do about it. */
public final class MillraceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MillraceException(String message) {
        super(message);
    }

    public MillraceException(String message, Throwable cause) {
        super(message, cause);
    }
}
