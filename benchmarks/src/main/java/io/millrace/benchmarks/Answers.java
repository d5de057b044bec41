package io.millrace.benchmarks;

import io.millrace.client.LogClient;
import io.millrace.client.Pending;
import java.util.concurrent.locks.LockSupport;

/** Waits for the log's answers on the thread that owns the client. */
final class Answers {

    private static final long LOOK_NS = 50_000;

    private Answers() {}

    /**
     * Returns when the request has succeeded.
     *
     * @throws io.millrace.client.LogException if it was refused
     */
    static void await(LogClient client, Pending<?> pending) {
        while (!pending.isDone()) {
            client.poll(System.currentTimeMillis());
            if (!pending.isDone()) {
                LockSupport.parkNanos(LOOK_NS);
            }
        }
        pending.value();
    }
}
