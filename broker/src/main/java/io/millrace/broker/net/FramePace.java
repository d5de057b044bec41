package io.millrace.broker.net;

import io.millrace.broker.Answer;

/**
 * Whether a client whose request is half read sends on. Memory that is taken for the half may be what others wait for, so
 * who sends too little is cut off, but only then: see {@link Connection}. Pure; owned by the connection.
 */
final class FramePace {

    /** How long a client has for the next {@link #BYTES_MIN}. */
    static final long WINDOW_MS = 10_000;

    /** What must come of a request within {@link #WINDOW_MS}, unless it ends. */
    static final int BYTES_MIN = 16 << 10;

    private static final long NOBODY_IS_AWAITED = Answer.NO_DEADLINE;

    private long endMs = NOBODY_IS_AWAITED;
    private long bytesAtStart;

    /**
     * Looks at the connection as it is now.
     *
     * @param awaitsClient whether a request is half read, and nothing but the client keeps it so
     * @param readBytes of all requests so far
     * @param nowMs monotonic
     * @return whether too little has come in the window that ends now
     */
    boolean isTooSlow(boolean awaitsClient, long readBytes, long nowMs) {
        if (!awaitsClient) {
            endMs = NOBODY_IS_AWAITED;
            return false;
        }
        boolean begins = endMs == NOBODY_IS_AWAITED;
        if (!begins && nowMs < endMs) {
            return false;
        }
        boolean tooSlow = !begins && readBytes - bytesAtStart < BYTES_MIN;
        endMs = nowMs + WINDOW_MS;
        bytesAtStart = readBytes;
        return tooSlow;
    }

    /** When to look again, monotonic ms. */
    long deadlineMs() {
        return endMs;
    }
}
