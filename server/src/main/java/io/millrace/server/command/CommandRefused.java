package io.millrace.server.command;

/** A command that cannot be done; the message is one sentence that says why and what to do. */
public final class CommandRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public CommandRefused(String sentence) {
        super(sentence);
    }
}
