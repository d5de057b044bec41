package io.millrace.server;

/** A command that cannot be done; the message is one sentence that says why and what to do. */
final class CommandRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CommandRefused(String sentence) {
        super(sentence);
    }
}
