package io.millrace.kernel;

/** Where a driver reads the time. Cores are handed the time as an argument and never hold a clock. */
public interface Clock {

    /** Wall-clock time in milliseconds since 1970-01-01T00:00Z. May jump. */
    long wallMs();

    /** Monotonic time in nanoseconds from an arbitrary origin; only differences mean something. */
    long nanoTime();
}
