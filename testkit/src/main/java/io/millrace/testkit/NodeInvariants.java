package io.millrace.testkit;

import io.millrace.client.IsolationLevel;
import io.millrace.client.LogClient;
import io.millrace.client.LogEnds;
import io.millrace.client.Pending;
import io.millrace.client.Subscription;
import io.millrace.client.TopicDescription;
import io.millrace.client.TopicPartition;
import io.millrace.node.NodeConfig;
import io.millrace.streams.Millrace;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What must be true of a node after each test, whatever the test was about: it can still write, and a second start finds every
 * partition up to the offset that was published before.
 */
final class NodeInvariants {

    private final Map<TopicPartition, Long> published;
    private final Optional<String> failure;

    private NodeInvariants(Map<TopicPartition, Long> published, Optional<String> failure) {
        this.published = published;
        this.failure = failure;
    }

    /** What readers of this node can see now. */
    static NodeInvariants of(Millrace millrace) {
        return new NodeInvariants(ends(millrace), millrace.node().failure());
    }

    /** @throws AssertionError if something was lost, or the node could not write any more */
    void check(Path directory, NodeConfig config) {
        failure.ifPresent(reason -> {
            throw new AssertionError("the node could not write any more: " + reason);
        });
        try (Millrace again = Millrace.open(directory, config)) {
            Map<TopicPartition, Long> found = ends(again);
            published.forEach((partition, end) -> {
                long foundEnd = found.getOrDefault(partition, -1L);
                if (foundEnd < end) {
                    throw new AssertionError(partition + " was published up to offset " + end
                            + ", but after a restart it ends at " + foundEnd);
                }
            });
        }
    }

    private static Map<TopicPartition, Long> ends(Millrace millrace) {
        Map<TopicPartition, Long> ends = new TreeMap<>();
        try (LogClient client = millrace.client();
                Subscription subscription = client.openSubscription(IsolationLevel.READ_COMMITTED, 1)) {
            for (TopicDescription topic : answer(client.listTopics())) {
                for (int index = 0; index < topic.partitionCount(); index++) {
                    TopicPartition partition = new TopicPartition(topic.name(), index);
                    subscription.seek(partition, 0);
                    LogEnds found = subscription.ends(partition);
                    ends.put(partition, found.highWatermark());
                }
            }
        }
        return ends;
    }

    /** The node's own threads answer; this one only looks. */
    private static List<TopicDescription> answer(Pending<List<TopicDescription>> pending) {
        while (!pending.isDone()) {
            Thread.onSpinWait();
        }
        return pending.value();
    }
}
