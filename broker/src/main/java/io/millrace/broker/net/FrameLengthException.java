package io.millrace.broker.net;

/** What claims to be the length of a request cannot be one: this is no Kafka client, or it sends too much at once. */
final class FrameLengthException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FrameLengthException(String message) {
        super(message);
    }
}
