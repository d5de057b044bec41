package io.millrace.conformance.log;

import io.millrace.client.LogClient;
import io.millrace.client.Pending;
import io.millrace.kernel.DeterministicScheduler;
import io.millrace.kernel.ManualClock;
import io.millrace.kernel.Signal;
import io.millrace.node.LogNode;
import io.millrace.node.NodeConfig;
import io.millrace.node.NodeDoor;
import java.nio.file.Path;
import java.time.Duration;

/** A log node on real files, on the test's thread and in manual time: what it writes is known to the millisecond. */
final class SteppedNode implements AutoCloseable {

    private final ManualClock clock;
    private final DeterministicScheduler scheduler;
    private final LogNode node;
    private final LogClient client;

    SteppedNode(Path directory, NodeConfig config, long startMs) {
        clock = new ManualClock(startMs);
        node = LogNode.open(directory, config, clock);
        scheduler = DeterministicScheduler.roundRobin(clock).addAll(node.agents());
        client = node.newClient(Signal.NONE);
    }

    LogClient client() {
        return client;
    }

    /** The door of a listener, for members of other processes. */
    NodeDoor newDoor() {
        return node.newDoor(Signal.NONE);
    }

    long nowMs() {
        return clock.wallMs();
    }

    /** Waits for the answer and returns it; throws if it was refused. */
    <T> T answer(Pending<T> pending) {
        scheduler.runUntil(() -> {
            client.poll(clock.wallMs());
            return pending.isDone();
        });
        return pending.value();
    }

    /** Lets time pass, with everything that becomes due on the way: time-outs, expiry, checkpoints, compaction. */
    void passTime(Duration duration) {
        scheduler.runFor(duration);
    }

    @Override
    public void close() {
        client.close();
        node.close();
    }
}
