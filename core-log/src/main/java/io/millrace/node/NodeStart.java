package io.millrace.node;

import io.millrace.client.TopicDescription;
import io.millrace.log.DirectoryMarks;
import io.millrace.log.LogConfig;
import io.millrace.log.LogStorage;
import io.millrace.log.RecoveryHints;
import io.millrace.log.TopicIds;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a data directory: identity, metadata, every partition that has a directory. The order matters for crashes: the new
 * leader epoch is durable, and the mark of the last clean end is gone, before anything is appended (R2, R8).
 */
final class NodeStart {

    private static final Logger LOG = LoggerFactory.getLogger(NodeStart.class);

    private static final int INTERNAL_PARTITIONS = 50;
    private static final long MS_PER_MINUTE = 60_000;

    private final LogStorage storage;
    private final NodeConfig config;
    private final long nowMs;

    NodeStart(LogStorage storage, NodeConfig config, long nowMs) {
        this.storage = storage;
        this.config = config;
        this.nowMs = nowMs;
    }

    /** What was found, with the leader epoch of this life. */
    MetadataImage metadata() {
        MetadataImage found = MetadataFile.read(storage).orElseGet(this::rebuilt);
        MetadataImage image = found.withLeaderEpoch(found.leaderEpoch() + 1);
        for (String internal : Set.of(TopicNames.CONSUMER_OFFSETS, TopicNames.TRANSACTION_STATE)) {
            if (image.topic(internal) == null) {
                image = image.with(internal(internal));
            }
        }
        MetadataFile.write(storage, image);
        return image;
    }

    private TopicDescription internal(String name) {
        Map<String, String> configs =
                Map.of("cleanup.policy", "compact", "segment.bytes", "104857600", "compression.type", "producer");
        UUID id = DirectoryScan.idOf(storage, name).orElseGet(config.ids());
        return new TopicDescription(name, id, INTERNAL_PARTITIONS, configs, true);
    }

    private MetadataImage rebuilt() {
        Map<String, TopicDescription> topics = DirectoryScan.topics(storage);
        if (!storage.exists(MetadataFile.FILE) && topics.isEmpty()) {
            return MetadataImage.EMPTY;
        }
        LOG.error(
                "file={} is missing or damaged; topics={} were found by their directories and keep all their records"
                        + " until their configurations are set again",
                MetadataFile.FILE,
                topics.keySet());
        // Beyond anything an earlier life can have used: nobody starts a node once a minute since 1970, or takes a
        // producer id every millisecond.
        return new MetadataImage((int) (nowMs / MS_PER_MINUTE), nowMs, topics, SettingsImage.EMPTY);
    }

    /** Opens every partition of these topics that has a directory, or should have one. */
    void openPartitions(Topics topics, PartitionTable table) {
        boolean clean = DirectoryMarks.takeCleanShutdown(storage);
        Checkpoints checkpoints = Checkpoints.read(storage);
        Set<String> directories = new HashSet<>(storage.list(""));
        for (TopicDescription topic : topics.image().topics().values()) {
            LogConfig logConfig = topics.configOf(topic.configs());
            for (int i = 0; i < topic.partitionCount(); i++) {
                Partition partition = topics.partition(topic, i, logConfig);
                long recoveryPoint = checkpoints.recoveryPoint(partition);
                long logStart = topics.logStarts().of(partition.id());
                if (directories.remove(partition.id().toString()) || recoveryPoint > logStart) {
                    partition.open(new RecoveryHints(recoveryPoint, logStart, clean), nowMs);
                    partition.resumeCleanedEnd(checkpoints.cleanedEnd(partition));
                }
                table.add(partition);
            }
            table.route(topic);
        }
        table.publish();
        directories.stream()
                .filter(name -> TopicIds.read(storage, name).isPresent())
                .filter(name -> !DeletedDirectories.isDeleted(name))
                .forEach(name -> LOG.warn("directory={} belongs to no topic and is left alone", name));
    }
}
