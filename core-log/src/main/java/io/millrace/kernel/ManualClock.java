package io.millrace.kernel;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A clock that stands still until it is moved. Any thread may read and move it, so that a node that runs on real threads can
 * live in manual time too.
 */
public final class ManualClock implements Clock {

    private static final long NS_PER_MS = 1_000_000L;

    private final AtomicLong monotonicNs = new AtomicLong();
    private final AtomicLong wallOriginMs;

    /** @param wallMs wall-clock time at which it starts, in ms; its monotonic time starts at 0 */
    public ManualClock(long wallMs) {
        this.wallOriginMs = new AtomicLong(wallMs);
    }

    /** Moves both clocks on. */
    public void advance(Duration by) {
        advanceNs(by.toNanos());
    }

    /** Moves both clocks on to this monotonic time (ns); does nothing if it is past. */
    public void advanceToNs(long monotonicNs) {
        long by = monotonicNs - this.monotonicNs.get();
        if (by > 0) {
            advanceNs(by);
        }
    }

    /** Moves the wall clock alone, forwards or backwards, as an operator or NTP does. */
    public void jumpWall(Duration by) {
        wallOriginMs.addAndGet(by.toMillis());
    }

    private void advanceNs(long ns) {
        if (ns < 0) {
            throw new IllegalArgumentException("a monotonic clock cannot go back by " + -ns + " ns");
        }
        monotonicNs.addAndGet(ns);
    }

    @Override
    public long wallMs() {
        return wallOriginMs.get() + monotonicNs.get() / NS_PER_MS;
    }

    @Override
    public long nanoTime() {
        return monotonicNs.get();
    }
}
