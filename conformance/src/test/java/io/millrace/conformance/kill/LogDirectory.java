package io.millrace.conformance.kill;

import io.millrace.client.IsolationLevel;
import io.millrace.client.LogClient;
import io.millrace.client.TopicPartition;
import io.millrace.kernel.Doorbell;
import io.millrace.kernel.SystemClock;
import io.millrace.node.LogNode;
import io.millrace.node.NodeConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** The log of a data directory whose process is dead, recovered and opened for one reader. */
final class LogDirectory implements AutoCloseable {

    private static final Duration STABLE_MAX = Duration.ofSeconds(30);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(1);

    private final LogNode node;
    private final LogClient client;

    LogDirectory(Path directory) {
        node = LogNode.open(directory.resolve("log"), NodeConfig.DEFAULT, SystemClock.INSTANCE)
                .start((agent, failure) -> {
                    throw new IllegalStateException(agent + " failed", failure);
                });
        client = node.newClient(new Doorbell());
    }

    LogClient client() {
        return client;
    }

    /** Waits until everything below the offset is decided: the coordinator writes what markers the crash has left out. */
    void awaitStable(TopicPartition partition, long offset) {
        var endNs = System.nanoTime() + STABLE_MAX.toNanos();
        try (var subscription = client.openSubscription(IsolationLevel.READ_COMMITTED, 1024)) {
            subscription.seek(partition, offset);
            while (subscription.ends(partition).lastStableOffset() < offset) {
                if (System.nanoTime() > endNs) {
                    throw new IllegalStateException(partition + " is stable up to "
                            + subscription.ends(partition).lastStableOffset() + " only, not up to " + offset);
                }
                client.poll(System.currentTimeMillis());
                LockSupport.parkNanos(LOOK_AGAIN.toNanos());
            }
        }
    }

    @Override
    public void close() {
        client.close();
        node.close();
    }
}
