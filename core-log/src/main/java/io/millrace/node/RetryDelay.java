package io.millrace.node;

/** How long to wait before the next attempt at what the disk refused: twice as long each time, up to a bound. One owner. */
final class RetryDelay {

    static final long MS_MIN = 1_000;
    static final long MS_MAX = 60_000;

    private long nextMs = MS_MIN;

    /** The delay (ms) before the coming attempt. */
    long next() {
        long delayMs = nextMs;
        nextMs = Math.min(MS_MAX, nextMs * 2);
        return delayMs;
    }

    /** An attempt has succeeded. */
    void reset() {
        nextMs = MS_MIN;
    }
}
