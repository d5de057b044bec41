package io.millrace.kernel;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Lets a thread that drives no agent, such as a user's, wait for what an agent will do. Belongs to the thread that made it.
 *
 * <p>A raise that comes before the wait is not lost: the condition is looked at again after every wake-up, and at least every
 * {@link #LOOK_INTERVAL}.
 */
public final class Waiter implements Signal {

    /** How long a change that nobody signalled can go unnoticed. */
    public static final Duration LOOK_INTERVAL = Duration.ofMillis(5);

    private final Thread owner = Thread.currentThread();

    @Override
    public void raise() {
        LockSupport.unpark(owner);
    }

    /**
     * Waits until the condition holds.
     *
     * @return whether it held within the time
     * @throws InterruptedException if the thread is interrupted
     */
    public boolean await(BooleanSupplier condition, Duration timeout, Clock clock) throws InterruptedException {
        long startNs = clock.nanoTime();
        while (!condition.getAsBoolean()) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while waiting");
            }
            if (clock.nanoTime() - startNs >= timeout.toNanos()) {
                return false;
            }
            LockSupport.parkNanos(this, LOOK_INTERVAL.toNanos());
        }
        return true;
    }
}
