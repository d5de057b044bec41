package io.millrace.streams.codec;

/** A type that state cannot hold, or stored bytes whose type is not known. The message names the class and what to do. */
public final class TypeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TypeException(String message) {
        super(message);
    }

    public TypeException(String message, Throwable cause) {
        super(message, cause);
    }
}
