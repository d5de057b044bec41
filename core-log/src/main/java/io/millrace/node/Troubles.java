package io.millrace.node;

import io.millrace.client.TopicPartition;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is regularly done for partitions and fails at the moment, and why. Owned by the log agent, which tells it of each
 * outcome; it says so in the log when a failure begins and when it ends, not each time.
 */
final class Troubles {

    /** What is done for a partition now and then. */
    enum Chore {
        /** Retention, and forgetting producers. */
        UPKEEP,
        COMPACTION
    }

    private record Failing(Partition partition, Chore chore) {}

    private static final Logger LOG = LoggerFactory.getLogger(Troubles.class);

    private final Map<Failing, String> reasons = new HashMap<>();

    /** What other threads see. */
    private volatile Map<TopicPartition, String> shown = Map.of();

    /** Any thread: partitions of which something fails, and why. */
    Map<TopicPartition, String> shown() {
        return shown;
    }

    /** Returns whether it is news. */
    boolean failed(Partition partition, Chore chore, String reason) {
        boolean isNew = reasons.put(new Failing(partition, chore), reason) == null;
        if (isNew) {
            LOG.warn("partition={} {} works -> fails, it is tried again: {}", partition.id(), chore, reason);
        }
        show();
        return isNew;
    }

    /** Returns whether it is news. */
    boolean passed(Partition partition, Chore chore) {
        boolean isNew = reasons.remove(new Failing(partition, chore)) != null;
        if (isNew) {
            LOG.info("partition={} {} fails -> works", partition.id(), chore);
            show();
        }
        return isNew;
    }

    /** Partitions that are gone have no troubles. */
    void forgetDeleted() {
        if (reasons.keySet().removeIf(failing -> failing.partition().handle().isDeleted())) {
            show();
        }
    }

    private void show() {
        Map<TopicPartition, String> all = new TreeMap<>();
        reasons.forEach((failing, reason) ->
                all.merge(failing.partition().id(), failing.chore() + ": " + reason, (a, b) -> a + "; " + b));
        shown = Map.copyOf(all);
    }
}
