package io.millrace.node;

import io.millrace.client.LogClient;
import io.millrace.client.Pending;
import io.millrace.kernel.Signal;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How one client reaches the log agent: straight into its ring, and when that is full through a bounded queue of the
 * client's own, in order. Owned by the client's thread.
 */
final class Door {

    private final LogAgent agent;
    private final Signal signal;
    private final Deque<Work> queued = new ArrayDeque<>();

    Door(LogAgent agent, Signal signal) {
        this.agent = agent;
        this.signal = signal;
    }

    Signal signal() {
        return signal;
    }

    /** @throws IllegalStateException if the caller goes on although the queue is full */
    void send(Work work) {
        if (queued.isEmpty() && agent.offer(work, signal)) {
            return;
        }
        if (queued.size() >= LogClient.QUEUED_REQUESTS_MAX) {
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
