package io.millrace.streams.runtime;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Numbers that one lane publishes for the I/O agent and for metrics. Written by the lane, read by anybody. */
final class LaneGauges {

    /** Of {@link #fragment}. */
    static final int NOWHERE = -1;

    private final AtomicLong recordsIn = new AtomicLong();
    private final AtomicLong recordsOut = new AtomicLong();
    private final AtomicLong waitingBytes = new AtomicLong();
    private final AtomicLong pinnedBytes = new AtomicLong();
    private final AtomicInteger fragment = new AtomicInteger(NOWHERE);

    void measure(long recordsRun, long recordsWritten, long exchangeBytes) {
        recordsIn.setRelease(recordsRun);
        recordsOut.setRelease(recordsWritten);
        waitingBytes.setRelease(exchangeBytes);
    }

    void pinned(long bytes) {
        pinnedBytes.setRelease(bytes);
    }

    /** The lane goes into a fragment, or comes back: {@link #NOWHERE}. */
    void at(int index) {
        fragment.setRelease(index);
    }

    /** The fragment whose operators the lane runs at this moment. */
    int fragment() {
        return fragment.getAcquire();
    }

    /** Input records run in this attempt. */
    long recordsIn() {
        return recordsIn.getAcquire();
    }

    /** Records written to topics in this attempt, changelog not counted. */
    long recordsOut() {
        return recordsOut.getAcquire();
    }

    /** Estimated bytes of state that is dirty, frozen or not yet written below, and of records waiting in exchanges. */
    long heldBytes() {
        return waitingBytes.getAcquire() + pinnedBytes.getAcquire();
    }
}
