package io.millrace.node;

import io.millrace.client.TopicPartition;
import io.millrace.log.LogStorage;
import io.millrace.log.OffsetCheckpoint;
import io.millrace.log.PartitionLog;
import io.millrace.log.TopicIds;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where recovery and compaction of every opened log begin, at one moment. Taken by the log agent, written by the maintenance
 * agent, which alone writes these files while the node runs.
 *
 * <p>Kafka's checkpoint files know topics by name only. A topic may have been deleted and created again since, and then what
 * they say would make a healthy log look as if its end were missing. So a file of ours, written after them, tells the ids of
 * the topics they speak of; what is said of another id is not believed, and that log is scanned from its start.
 *
 * @param recoveryPoints everything below is on the disk
 * @param cleanedEnds compaction has been through everything below
 * @param topicIds of all these topics
 */
record Checkpoints(
        Map<TopicPartition, Long> recoveryPoints, Map<TopicPartition, Long> cleanedEnds, Map<String, UUID> topicIds) {

    static final Checkpoints NONE = new Checkpoints(Map.of(), Map.of(), Map.of());

    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
    private static final String TOPIC_IDS = "millrace.checkpoint-topics";

    Checkpoints {
        recoveryPoints = Map.copyOf(recoveryPoints);
        cleanedEnds = Map.copyOf(cleanedEnds);
        topicIds = Map.copyOf(topicIds);
    }

    /** On the log agent. */
    static Checkpoints of(PartitionTable partitions) {
        Map<TopicPartition, Long> recoveryPoints = new HashMap<>();
        Map<TopicPartition, Long> cleanedEnds = new HashMap<>();
        Map<String, UUID> topicIds = new HashMap<>();
        for (Partition partition : partitions.all()) {
            PartitionLog opened = partition.log();
            if (opened != null) {
                recoveryPoints.put(partition.id(), opened.recoveryPoint());
                topicIds.put(partition.id().topic(), opened.topicId());
                if (partition.config().compacts()) {
                    cleanedEnds.put(partition.id(), opened.cleanedEnd());
                }
            }
        }
        return new Checkpoints(recoveryPoints, cleanedEnds, topicIds);
    }

    /** @param before what the files hold already */
    void write(LogStorage storage, Checkpoints before) {
        if (!recoveryPoints.equals(before.recoveryPoints)) {
            OffsetCheckpoint.write(storage, OffsetCheckpoint.RECOVERY_POINTS, recoveryPoints);
        }
        if (!cleanedEnds.equals(before.cleanedEnds)) {
            OffsetCheckpoint.write(storage, OffsetCheckpoint.CLEANER_OFFSETS, cleanedEnds);
        }
        if (!topicIds.equals(before.topicIds)) {
            StringBuilder text = new StringBuilder();
            new TreeMap<>(topicIds).forEach((topic, id) -> text.append(topic)
                    .append(' ')
                    .append(TopicIds.toText(id))
                    .append('\n'));
            storage.replace(TOPIC_IDS, text.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    /** What the files say that can be believed. */
    static Checkpoints read(LogStorage storage) {
        return new Checkpoints(
                offsets(storage, OffsetCheckpoint.RECOVERY_POINTS),
                offsets(storage, OffsetCheckpoint.CLEANER_OFFSETS),
                topicIds(storage));
    }

    long recoveryPoint(Partition partition) {
        return speaksOf(partition) ? recoveryPoints.getOrDefault(partition.id(), 0L) : 0;
    }

    long cleanedEnd(Partition partition) {
        return speaksOf(partition) ? cleanedEnds.getOrDefault(partition.id(), 0L) : 0;
    }

    private boolean speaksOf(Partition partition) {
        return partition.handle().topicId().equals(topicIds.get(partition.id().topic()));
    }

    static Map<TopicPartition, Long> offsets(LogStorage storage, String file) {
        OffsetCheckpoint.Found found = OffsetCheckpoint.read(storage, file);
        if (found instanceof OffsetCheckpoint.Found.Offsets offsets) {
            return offsets.byPartition();
        }
        if (found instanceof OffsetCheckpoint.Found.Unreadable unreadable) {
            LOG.warn("file={} says nothing, so the logs are read from their start: {}", file, unreadable.why());
        }
        return Map.of();
    }

    private static Map<String, UUID> topicIds(LogStorage storage) {
        Map<String, UUID> ids = new HashMap<>();
        if (storage.exists(TOPIC_IDS)) {
            String text = new String(storage.readAll(TOPIC_IDS), StandardCharsets.UTF_8);
            for (String line : text.split("\n", -1)) {
                int space = line.indexOf(' ');
                if (space > 0) {
                    ids.put(line.substring(0, space), idOrNone(line.substring(space + 1)));
                }
            }
        }
        return ids;
    }

    private static UUID idOrNone(String text) {
        try {
            return TopicIds.fromText(text);
        } catch (IllegalArgumentException e) {
            return new UUID(0, 0); // no topic has it, so nothing is believed
        }
    }
}
