package io.millrace.node;

import io.millrace.coordinator.GroupLimits;
import io.millrace.coordinator.TransactionLimits;
import io.millrace.log.LogConfig;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * How a log node runs.
 *
 * @param nodeId {@code node.id} in Kafka's sense, 0 or more
 * @param topicDefaults what a topic has that does not say otherwise, under Kafka's topic keys and {@code durability}; the
 *     internal topics too, so with {@code durability=os} as the default no decision of a transaction waits for the disk
 * @param ringCapacity requests on their way through the append pipeline, a power of two
 * @param syncThreads how many partitions are synced at the same time, 1 to {@link #SYNC_THREADS_MAX}
 * @param maintenanceInterval how often retention and compaction look at the partitions, and ids and groups expire
 * @param producerExpirationMs {@code producer.id.expiration.ms}: a producer that wrote nothing for so long is forgotten by
 *     a partition, 1 or more; a day
 * @param transactions bounds of transactions
 * @param groups bounds of groups
 * @param disk how much of the disk users' records leave free
 * @param scrub how old data is read again
 * @param ids where topic, cluster and directory ids come from; random, or drawn from a seed in a test
 */
public record NodeConfig(
        int nodeId,
        Map<String, String> topicDefaults,
        int ringCapacity,
        int syncThreads,
        Duration maintenanceInterval,
        long producerExpirationMs,
        TransactionLimits transactions,
        GroupLimits groups,
        DiskLimits disk,
        ScrubLimits scrub,
        Supplier<UUID> ids) {

    public static final int SYNC_THREADS_MAX = 64;

    /** Everything synced before it is acknowledged. */
    public static final NodeConfig DEFAULT = new NodeConfig(
            1,
            Map.of(),
            1024,
            4,
            Duration.ofSeconds(15),
            86_400_000L,
            TransactionLimits.DEFAULT,
            GroupLimits.DEFAULT,
            DiskLimits.DEFAULT,
            ScrubLimits.DEFAULT,
            UUID::randomUUID);

    public NodeConfig {
        topicDefaults = Map.copyOf(topicDefaults);
        if (nodeId < 0) {
            throw new IllegalArgumentException("node.id must be 0 or more, was " + nodeId);
        }
        if (Integer.bitCount(ringCapacity) != 1) {
            throw new IllegalArgumentException("the ring's capacity must be a power of two, was " + ringCapacity);
        }
        if (syncThreads < 1 || syncThreads > SYNC_THREADS_MAX) {
            throw new IllegalArgumentException(
                    "sync threads must be 1 to " + SYNC_THREADS_MAX + ", were " + syncThreads);
        }
        if (maintenanceInterval.isNegative() || maintenanceInterval.isZero()) {
            throw new IllegalArgumentException("the maintenance interval must be positive, was " + maintenanceInterval);
        }
        if (producerExpirationMs < 1) {
            throw new IllegalArgumentException(
                    "producer.id.expiration.ms must be 1 or more, was " + producerExpirationMs);
        }
        LogConfig.of(topicDefaults);
    }

    public NodeConfig withNodeId(int id) {
        return with(draft -> draft.nodeId = id);
    }

    public NodeConfig withSyncThreads(int threads) {
        return with(draft -> draft.syncThreads = threads);
    }

    public NodeConfig withMaintenanceInterval(Duration interval) {
        return with(draft -> draft.maintenanceInterval = interval);
    }

    public NodeConfig withProducerExpirationMs(long expirationMs) {
        return with(draft -> draft.producerExpirationMs = expirationMs);
    }

    /** With these defaults for topics and no others. */
    public NodeConfig withTopicDefaults(Map<String, String> defaults) {
        return with(draft -> draft.topicDefaults = defaults);
    }

    /** With another default for topics; {@code durability=os} is the one most asked for. */
    public NodeConfig withTopicDefault(String key, String value) {
        Map<String, String> defaults = new HashMap<>(topicDefaults);
        defaults.put(key, value);
        return with(draft -> draft.topicDefaults = defaults);
    }

    public NodeConfig withIds(Supplier<UUID> newIds) {
        return with(draft -> draft.ids = newIds);
    }

    public NodeConfig withRingCapacity(int newCapacity) {
        return with(draft -> draft.ringCapacity = newCapacity);
    }

    public NodeConfig withTransactions(TransactionLimits limits) {
        return with(draft -> draft.transactions = limits);
    }

    public NodeConfig withGroups(GroupLimits limits) {
        return with(draft -> draft.groups = limits);
    }

    public NodeConfig withDisk(DiskLimits limits) {
        return with(draft -> draft.disk = limits);
    }

    public NodeConfig withScrub(ScrubLimits limits) {
        return with(draft -> draft.scrub = limits);
    }

    private NodeConfig with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.done();
    }

    /** What can be changed one by one, while it is. */
    private static final class Draft {

        private int nodeId;
        private Map<String, String> topicDefaults;
        private int ringCapacity;
        private int syncThreads;
        private Duration maintenanceInterval;
        private long producerExpirationMs;
        private TransactionLimits transactions;
        private GroupLimits groups;
        private DiskLimits disk;
        private ScrubLimits scrub;
        private Supplier<UUID> ids;

        Draft(NodeConfig base) {
            nodeId = base.nodeId;
            topicDefaults = base.topicDefaults;
            ringCapacity = base.ringCapacity;
            syncThreads = base.syncThreads;
            maintenanceInterval = base.maintenanceInterval;
            producerExpirationMs = base.producerExpirationMs;
            transactions = base.transactions;
            groups = base.groups;
            disk = base.disk;
            scrub = base.scrub;
            ids = base.ids;
        }

        NodeConfig done() {
            return new NodeConfig(
                    nodeId,
                    topicDefaults,
                    ringCapacity,
                    syncThreads,
                    maintenanceInterval,
                    producerExpirationMs,
                    transactions,
                    groups,
                    disk,
                    scrub,
                    ids);
        }
    }
}
