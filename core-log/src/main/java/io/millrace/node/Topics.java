package io.millrace.node;

import io.millrace.client.ErrorCode;
import io.millrace.client.LogException;
import io.millrace.client.NewTopic;
import io.millrace.client.TopicDescription;
import io.millrace.client.TopicPartition;
import io.millrace.log.LogConfig;
import io.millrace.log.LogStorage;
import io.millrace.log.RecoveryHints;
import io.millrace.log.StorageException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates, changes and removes topics. Owned by the log agent. Each change is durable in the metadata image before anything
 * else happens, and then it counts: the directories of a new topic are made one by one between other work, so that a wide
 * topic keeps nobody waiting. A crash in between leaves a topic whose directories are made when they are first written to,
 * or a directory without a topic, which is left alone.
 */
final class Topics {

    private static final Logger LOG = LoggerFactory.getLogger(Topics.class);

    /** Kafka sets no limit of its own; this one keeps a mistyped number from filling the disk with directories. */
    static final int PARTITIONS_MAX = 100_000;

    /** Producer ids that are written off at once; those of a block that were not used before a restart are lost. */
    private static final int PRODUCER_ID_BLOCK = 1000;

    private final LogStorage storage;
    private final NodeConfig config;
    private final PartitionTable partitions;
    private final DeletedDirectories deleted;
    private final LogStarts logStarts;
    private final Deque<Partition> unopened = new ArrayDeque<>();

    /** Names of deleted topics whose directories still bear them. */
    private final Set<String> leaving = new HashSet<>();

    private final Metadata metadata;
    private TopicDefaults defaults;
    private long nextProducerId;

    Topics(
            LogStorage storage,
            NodeConfig config,
            PartitionTable partitions,
            DeletedDirectories deleted,
            LogStarts logStarts,
            Metadata metadata) {
        this.storage = storage;
        this.config = config;
        this.partitions = partitions;
        this.deleted = deleted;
        this.logStarts = logStarts;
        this.metadata = metadata;
        this.defaults = TopicDefaults.of(config, metadata.image().settings());
        this.nextProducerId = metadata.image().nextProducerId();
    }

    LogStarts logStarts() {
        return logStarts;
    }

    MetadataImage image() {
        return metadata.image();
    }

    /** The configuration of a topic with these overrides. */
    LogConfig configOf(Map<String, String> overrides) {
        return defaults.configOf(overrides);
    }

    /**
     * Changes what is set beside the configurations of topics. What gives topics their defaults counts at once.
     *
     * @param validateOnly whether it is only checked
     */
    void changeSettings(SettingsScope scope, SettingsChange change, boolean validateOnly) {
        Metadata.requireShort(scope);
        Map<String, String> after = Metadata.apply(change, image().settings().of(scope));
        SettingsImage settings = image().settings().with(scope, after);
        TopicDefaults next = scope.kind() == SettingsScope.Kind.NODE ? defaults.with(settings) : defaults;
        if (validateOnly) {
            return;
        }
        metadata.change(image().withSettings(settings));
        if (!next.isSameAs(defaults)) {
            defaults = next;
            image().topics().values().forEach(this::reconfigure);
        }
    }

    private void reconfigure(TopicDescription topic) {
        LogConfig logConfig = configOf(topic.configs());
        for (int i = 0; i < topic.partitionCount(); i++) {
            Partition partition = partitions.find(new TopicPartition(topic.name(), i));
            if (partition != null) {
                partition.reconfigure(logConfig);
            }
        }
    }

    /** Grows with each attempt to change what is kept of topics and settings. */
    long changes() {
        return metadata.changes();
    }

    /** A producer id that was never handed out before. */
    long freshProducerId() {
        if (nextProducerId == image().nextProducerId()) {
            metadata.change(image().withNextProducerId(nextProducerId + PRODUCER_ID_BLOCK));
        }
        return nextProducerId++;
    }

    TopicDescription create(NewTopic topic) {
        CreatedTopic created = create(List.of(topic), false).get(0);
        if (created.topic() == null) {
            throw new LogException(created.error(), created.message());
        }
        return created.topic();
    }

    /**
     * Makes topics, all by one change of the metadata; one answer for each, in their order.
     *
     * @param validateOnly whether they are only checked; the answers are the same but for the ids
     * @throws LogException if the disk refuses the change; then none is made
     */
    List<CreatedTopic> create(List<NewTopic> wanted, boolean validateOnly) {
        Map<String, String> taken = new HashMap<>();
        image().topics().keySet().forEach(name -> taken.put(TopicNames.inMetrics(name), name));
        List<CreatedTopic> answers = new ArrayList<>();
        List<TopicDescription> made = new ArrayList<>();
        for (NewTopic topic : wanted) {
            try {
                TopicDescription described = describe(topic, taken);
                taken.put(TopicNames.inMetrics(topic.name()), topic.name());
                made.add(described);
                answers.add(CreatedTopic.made(described));
            } catch (LogException refused) {
                answers.add(CreatedTopic.refused(refused.error(), refused.reason()));
            }
        }
        if (!validateOnly && !made.isEmpty()) {
            made.forEach(topic -> logStarts.forget(topic.name()));
            metadata.change(image().with(made));
            made.forEach(topic -> addPartitions(topic, 0));
            partitions.publish();
        }
        return answers;
    }

    /** @param taken names of topics there are, by what they are in metrics */
    private TopicDescription describe(NewTopic topic, Map<String, String> taken) {
        String name = topic.name();
        TopicNames.problem(name).ifPresent(problem -> {
            throw new LogException(ErrorCode.INVALID_TOPIC_EXCEPTION, problem);
        });
        String other = taken.get(TopicNames.inMetrics(name));
        if (name.equals(other)) {
            throw new LogException(ErrorCode.TOPIC_ALREADY_EXISTS, "topic " + name + " exists");
        }
        if (leaving.contains(name)) {
            throw new LogException(
                    ErrorCode.TOPIC_ALREADY_EXISTS,
                    "topic " + name + " is being deleted; its name is free when that is answered");
        }
        if (other != null) {
            throw new LogException(
                    ErrorCode.INVALID_TOPIC_EXCEPTION,
                    "topic " + name + " differs from " + other + " only in '.' and '_'");
        }
        requirePartitionCount(name, topic.partitionCount());
        defaults.check(Metadata.apply(before -> topic.configs(), Map.of()));
        return new TopicDescription(name, config.ids().get(), topic.partitionCount(), topic.configs(), false);
    }

    /** @param validateOnly whether it is only checked */
    TopicDescription addPartitions(String topic, int partitionCount, boolean validateOnly) {
        TopicDescription before = require(topic);
        if (before.internal()) {
            throw new LogException(
                    ErrorCode.INVALID_REQUEST,
                    topic + " belongs to the log, whose names are spread over its partitions");
        }
        requirePartitionCount(topic, partitionCount);
        if (partitionCount <= before.partitionCount()) {
            throw new LogException(
                    ErrorCode.INVALID_PARTITIONS,
                    "topic " + topic + " has " + before.partitionCount() + " partitions and can only get more, not "
                            + partitionCount);
        }
        TopicDescription after =
                new TopicDescription(topic, before.id(), partitionCount, before.configs(), before.internal());
        if (validateOnly) {
            return after;
        }
        metadata.change(image().with(after));
        addPartitions(after, before.partitionCount());
        partitions.publish();
        return after;
    }

    /** Readers find them after the table is published. */
    private void addPartitions(TopicDescription topic, int from) {
        LogConfig logConfig = configOf(topic.configs());
        for (int i = from; i < topic.partitionCount(); i++) {
            Partition partition = partition(topic, i, logConfig);
            if (storage.exists(partition.id().toString())) {
                moveAside(partition);
            }
            unopened.add(partition);
            partitions.add(partition);
        }
        partitions.route(topic);
    }

    /** Whether partitions of new topics have no directory yet. */
    boolean hasUnopened() {
        return !unopened.isEmpty();
    }

    /**
     * Makes the directory of one partition of a new topic. One that is written to first is made then; one that cannot be made
     * now is made, or refused, with its first append.
     */
    void openOne(long nowMs) {
        Partition partition = unopened.remove();
        if (partition.isOpen() || partition.handle().isDeleted()) {
            return;
        }
        try {
            partition.open(RecoveryHints.NONE, nowMs);
        } catch (StorageException e) {
            LOG.warn("partition={} has no directory yet: {}", partition.id(), e.getMessage());
        }
    }

    /** Makes the partition of a topic, not yet opened and not yet in the table. */
    Partition partition(TopicDescription topic, int index, LogConfig logConfig) {
        return new Partition(
                storage,
                config.nodeId(),
                image().leaderEpoch(),
                new TopicPartition(topic.name(), index),
                topic.id(),
                logConfig);
    }

    /** Sets the keys given; one without a value goes back to its default. */
    TopicDescription alter(String topic, Map<String, Optional<String>> changes) {
        changes.keySet().forEach(TopicDefaults::requireKnown);
        return alter(
                topic,
                before -> {
                    Map<String, String> after = new HashMap<>(before);
                    changes.forEach(
                            (key, value) -> value.ifPresentOrElse(set -> after.put(key, set), () -> after.remove(key)));
                    return after;
                },
                false);
    }

    /** @param validateOnly whether it is only checked */
    TopicDescription alter(String topic, SettingsChange change, boolean validateOnly) {
        TopicDescription before = require(topic);
        Map<String, String> configs = Metadata.apply(change, before.configs());
        defaults.check(configs);
        TopicDescription after =
                new TopicDescription(topic, before.id(), before.partitionCount(), configs, before.internal());
        if (validateOnly) {
            return after;
        }
        metadata.change(image().with(after));
        reconfigure(after);
        partitions.route(after);
        partitions.publish();
        return after;
    }

    /** @throws LogException if there is no such topic, or it is the log's own */
    private TopicDescription requireDeletable(String topic) {
        TopicDescription description = require(topic);
        if (description.internal()) {
            throw new LogException(ErrorCode.INVALID_REQUEST, topic + " belongs to the log and cannot be deleted");
        }
        return description;
    }

    /**
     * The topic is gone for everybody; its directories go once nothing that came before needs them ({@link #discard}), and then
     * its name is free ({@link #release}). After a crash in between, a directory is known by the topic id in it.
     */
    List<Partition> delete(String topic) {
        TopicDescription description = requireDeletable(topic);
        List<Partition> gone = partitions.all().stream()
                .filter(partition -> partition.id().topic().equals(topic))
                .toList();
        metadata.change(image().without(topic));
        leaving.add(topic);
        partitions.remove(description);
        partitions.publish();
        gone.forEach(partition -> partition.handle().delete());
        return gone;
    }

    /** Takes the directory of a deleted partition out of the way; it is removed in the background. */
    void discard(Partition gone) {
        if (gone.isOpen()) {
            gone.abandon();
            moveAside(gone);
        }
    }

    /** All directories of a deleted topic are out of the way: its name may be used again. */
    void release(String topic) {
        leaving.remove(topic);
    }

    /** A directory that stays keeps its own topic id, so nothing in it is ever taken for the records of another topic. */
    private void moveAside(Partition partition) {
        try {
            deleted.moveAside(partition.id());
        } catch (StorageException e) {
            LOG.warn("directory={} of a deleted topic stays: {}", partition.id(), e.getMessage());
        }
    }

    TopicDescription require(String topic) {
        TopicDescription description = image().topic(topic);
        if (description == null) {
            throw unknown(topic);
        }
        return description;
    }

    static LogException unknown(Object topicOrPartition) {
        return new LogException(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "there is no " + topicOrPartition);
    }

    private static void requirePartitionCount(String topic, int count) {
        if (count < 1 || count > PARTITIONS_MAX) {
            throw new LogException(
                    ErrorCode.INVALID_PARTITIONS,
                    "topic " + topic + " must have 1 to " + PARTITIONS_MAX + " partitions, not " + count);
        }
    }
}
