package io.millrace.client;

/** A request was refused; {@link #error} says why in Kafka's terms, the message what to do about it. */
public final class LogException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode error;
    private final String reason;

    public LogException(ErrorCode error, String message) {
        super(error + ": " + message);
        this.error = error;
        this.reason = message;
    }

    public ErrorCode error() {
        return error;
    }

    /** The message without the error's name. */
    public String reason() {
        return reason;
    }
}
