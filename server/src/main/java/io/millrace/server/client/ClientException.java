package io.millrace.server.client;

import io.millrace.client.ErrorCode;
import org.jspecify.annotations.Nullable;

/** What was asked cannot be had; the message is one sentence that says why. */
public final class ClientException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ErrorCode error;

    public ClientException(String sentence) {
        this(sentence, ErrorCode.UNKNOWN_SERVER_ERROR, null);
    }

    ClientException(String sentence, Throwable cause) {
        this(sentence, ErrorCode.NETWORK_EXCEPTION, cause);
    }

    private ClientException(String sentence, ErrorCode error, @Nullable Throwable cause) {
        super(sentence, cause);
        this.error = error;
    }

    /** A node refused; {@code message} is what it says itself, if anything. */
    public static ClientException refused(String what, short code, @Nullable String message) {
        ErrorCode error = ErrorCode.of(code);
        String name = error.code() == code ? error.name() : "error " + code;
        String reason = message != null && !message.isBlank()
                ? message
                : error.code() == code ? error.meaning() : "this version of Millrace has no name for it.";
        return new ClientException(what + ": " + name + ": " + reason, error, null);
    }

    /** Fails unless the code is that of no error. */
    public static void check(String what, short code, @Nullable String message) {
        if (code != ErrorCode.NONE.code()) {
            throw refused(what, code, message);
        }
    }

    /** Why, in Kafka's terms. */
    public ErrorCode error() {
        return error;
    }
}
