package io.millrace.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The signal of one thread: everybody rings, the one owner answers and waits.
 *
 * <p>It exists before its thread does, so that what the thread will drive can hand it out. No ring is lost: a ringer
 * publishes its work, then swaps the flag (a full fence), then looks for a parked owner; the owner announces that it parks,
 * then looks at the flag. One of the two sees the other (Dekker). The owner clears the flag <em>before</em> it looks for
 * work, so that work published after that look rings again.
 */
public final class Doorbell implements Signal {

    private static final VarHandle RUNG;

    static {
        try {
            RUNG = MethodHandles.lookup().findVarHandle(Doorbell.class, "rung", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile boolean rung;
    private volatile @Nullable Thread parked;

    @Override
    public void raise() {
        if (!(boolean) RUNG.getAndSet(this, true)) {
            Thread owner = parked;
            if (owner != null) {
                LockSupport.unpark(owner);
            }
        }
    }

    /** Whether it was rung since the last answer; from now on it is silent. Owner only. */
    public boolean answer() {
        return rung && (boolean) RUNG.getAndSet(this, false);
    }

    /**
     * Returns at once if it was rung, else waits until it is or the deadline has come. Owner only. Does not answer.
     *
     * @param deadlineNs monotonic time of {@code clock}, {@link Long#MAX_VALUE} for none
     */
    void await(Clock clock, long deadlineNs, IdleStrategy idle) {
        for (int i = 0; i < idle.spins(); i++) {
            if (rung) {
                return;
            }
            Thread.onSpinWait();
        }
        for (int i = 0; i < idle.yields(); i++) {
            if (rung) {
                return;
            }
            Thread.yield();
        }
        parked = Thread.currentThread();
        try {
            while (!rung && !Thread.currentThread().isInterrupted()) {
                if (deadlineNs == Long.MAX_VALUE) {
                    LockSupport.park(this);
                } else {
                    long waitNs = deadlineNs - clock.nanoTime();
                    if (waitNs <= 0) {
                        return;
                    }
                    LockSupport.parkNanos(this, waitNs);
                }
            }
        } finally {
            parked = null;
        }
    }
}
