package io.millrace.client;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** A running log for the contract suite, made new for each test. Says nothing of where the log is. */
public interface LogFixture extends AutoCloseable {

    /** The client that a test uses unless it needs two. */
    LogClient client();

    /** Another client of the same log. */
    LogClient openClient();

    /** Lets the log and its clients work until the condition holds; fails if it never does. */
    void until(BooleanSupplier condition);

    /** Lets everything finish that needs no further request and no passing of time. */
    void settle();

    /** Moves the log's clock on. */
    void passTime(Duration duration);

    /** The log's wall-clock time in ms. */
    long nowMs();

    @Override
    void close();

    /** Waits for the answer and returns it; throws {@link LogException} if it was refused. */
    default <T> T answer(Pending<T> pending) {
        until(pending::isDone);
        return pending.value();
    }

    /** Waits for a refusal and returns its error. */
    default ErrorCode refusal(Pending<?> pending) {
        until(pending::isDone);
        return pending.error();
    }
}
