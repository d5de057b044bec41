package io.millrace.record.wire;

/** The bytes are not the message they should be. The message names the place and what was found there. */
public final class MalformedMessageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MalformedMessageException(String message) {
        super(message);
    }
}
