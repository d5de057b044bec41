package io.millrace.testkit;

/**
 * A user's function changed an object that belongs to committed state, or that state and a stream share. In production such a
 * change would survive a rollback, or never reach the changelog. Copy before changing.
 */
public final class MutatedStateError extends AssertionError {
    private static final long serialVersionUID = 1L;

    MutatedStateError(String message) {
        super(message);
    }
}
