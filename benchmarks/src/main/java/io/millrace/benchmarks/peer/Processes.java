package io.millrace.benchmarks.peer;

import java.util.concurrent.TimeUnit;

/** Ends child processes. */
public final class Processes {

    private static final int STOP_SECONDS_MAX = 60;

    private Processes() {}

    /** Waits for a process that was asked to end, and kills it if it takes too long or the wait is interrupted. */
    public static void awaitEnd(Process process) {
        try {
            if (process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}
