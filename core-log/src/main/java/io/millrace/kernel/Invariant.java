package io.millrace.kernel;

/** Assertions that stay on in production. A broken one stops the agent that owns the state. */
public final class Invariant {

    private Invariant() {}

    public static void check(boolean holds, String what) {
        if (!holds) {
            throw new BrokenInvariantException(what);
        }
    }

    public static void check(boolean holds, String what, long actual, long expected) {
        if (!holds) {
            throw new BrokenInvariantException(what + ": actual " + actual + ", expected " + expected);
        }
    }

    public static final class BrokenInvariantException extends IllegalStateException {
        private static final long serialVersionUID = 1L;

        BrokenInvariantException(String what) {
            super("broken invariant: " + what);
        }
    }
}
