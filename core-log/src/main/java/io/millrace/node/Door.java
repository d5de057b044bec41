package io.millrace.node;

import io.millrace.client.LogClient;
import io.millrace.client.Pending;
import io.millrace.kernel.Signal;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How one client reaches the log agent: straight into its ring, and when that is full through a queue of the client's own,
 * in order. Owned by the client's thread.
 *
 * <p>The queue of a job is bounded by a number. That of a listener is bounded by what it begins: it begins no request while
 * something waits here, so what waits is part of one request, whose frame is bounded.
 */
final class Door {

    private static final int BOUNDED_BY_THE_REQUEST = Integer.MAX_VALUE;

    private final LogAgent agent;
    private final Signal signal;
    private final int queuedMax;
    private final Deque<Work> queued = new ArrayDeque<>();

    private Door(LogAgent agent, Signal signal, int queuedMax) {
        this.agent = agent;
        this.signal = signal;
        this.queuedMax = queuedMax;
    }

    /** For code that asks when it wants, and looks at {@link LogClient#isCongested}. */
    static Door ofClient(LogAgent agent, Signal signal) {
        return new Door(agent, signal, LogClient.QUEUED_REQUESTS_MAX);
    }

    /** For an owner that begins the next request of others only while nothing waits. */
    static Door ofListener(LogAgent agent, Signal signal) {
        return new Door(agent, signal, BOUNDED_BY_THE_REQUEST);
    }

    Signal signal() {
        return signal;
    }

    /** @throws IllegalStateException if a client goes on although its queue is full */
    void send(Work work) {
        if (queued.isEmpty() && agent.offer(work, signal)) {
            return;
        }
        if (queued.size() >= queuedMax) {
            throw new IllegalStateException(
                    queued.size() + " requests wait for the log already; stop sending while LogClient.isCongested");
        }
        queued.add(work);
    }

    /** Sends what has no state to look at but the log's. */
    <T> Pending<T> ask(Request.Body<T> body) {
        Pending<T> pending = new Pending<>(signal);
        send(new Request<>(pending, body));
        return pending;
    }

    boolean isCongested() {
        return !queued.isEmpty();
    }

    /** Moves what waits into the ring as far as there is space. */
    int flush() {
        int sent = 0;
        while (!queued.isEmpty() && agent.offer(queued.peek(), signal)) {
            queued.remove();
            sent++;
        }
        return sent;
    }

    /** The client is closed: what still waits is left to the log agent. */
    void close() {
        queued.forEach(agent::adopt);
        queued.clear();
    }
}
