package io.millrace.broker.net;

import io.millrace.kernel.Signal;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * How much memory the requests of all connections of a node have together. Any thread.
 *
 * <p>When it is used up one connection at a time, the favoured one, may take more until it holds nothing: else half-read
 * requests could fill it and wait for each other for ever.
 */
final class RequestBudget {

    private final long bytesMax;
    private final AtomicLong used = new AtomicLong();
    private final AtomicReference<@Nullable Object> favoured = new AtomicReference<>();
    private final Set<Signal> waiting = ConcurrentHashMap.newKeySet();

    RequestBudget(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /**
     * Takes bytes if there are any left, be it more than are left.
     *
     * @param taker who is favoured if nobody is
     * @param onRoom raised when it is worth trying again, if this is refused
     */
    boolean take(Object taker, int bytes, Signal onRoom) {
        if (mayTake(taker)) {
            used.addAndGet(bytes);
            return true;
        }
        waiting.add(onRoom);
        if (hasRoom()) {
            raiseAll(); // it came between the two looks
        }
        return false;
    }

    /** Takes bytes whether any are left or not: for what is little. Always true. */
    boolean takeAnyway(int bytes) {
        used.addAndGet(bytes);
        return true;
    }

    /** Whether somebody was refused and has not been told of room since. */
    boolean isWanted() {
        return !waiting.isEmpty();
    }

    private boolean mayTake(Object taker) {
        return used.get() < bytesMax || favoured.get() == taker || favoured.compareAndSet(null, taker);
    }

    private boolean hasRoom() {
        return used.get() < bytesMax || favoured.get() == null;
    }

    /** @param isDone whether the taker holds nothing any more */
    void give(Object taker, int bytes, boolean isDone) {
        used.addAndGet(-bytes);
        if (isDone) {
            favoured.compareAndSet(taker, null);
        }
        if (!waiting.isEmpty() && hasRoom()) {
            raiseAll();
        }
    }

    private void raiseAll() {
        for (Iterator<Signal> each = waiting.iterator(); each.hasNext(); ) {
            Signal signal = each.next();
            each.remove(); // before it is raised: whoever is refused again adds it again
            signal.raise();
        }
    }

    long bytesMax() {
        return bytesMax;
    }

    long usedBytes() {
        return used.get();
    }
}
