package io.millrace.node;

import io.millrace.client.NewTopic;
import io.millrace.client.Pending;
import io.millrace.client.TopicDescription;
import io.millrace.log.DiskSpace;
import io.millrace.log.LogStorage;
import java.util.List;

/**
 * What administrators ask of a node on top of what {@link io.millrace.client.LogClient} does: to only check a change, to set
 * what belongs to no topic, and where the data is. One thread owns it; no call blocks.
 */
public final class NodeAdmin {

    private final Door door;
    private final NodeConfig config;
    private final Metadata metadata;
    private final LogStorage storage;

    NodeAdmin(Door door, NodeConfig config, Metadata metadata, LogStorage storage) {
        this.door = door;
        this.config = config;
        this.metadata = metadata;
        this.storage = storage;
    }

    /** As the node was started. */
    public NodeConfig config() {
        return config;
    }

    /** What clients have set, at this moment. */
    public SettingsImage settings() {
        return metadata.settings();
    }

    /** Where the data is, for people. */
    public String location() {
        return storage.location();
    }

    /** How much room there is for data. Asks the operating system. */
    public DiskSpace space() {
        return storage.space();
    }

    /**
     * Makes topics by one change of the metadata, or says whether it would; one answer for each, in their order. Errors of
     * one: TOPIC_ALREADY_EXISTS, INVALID_TOPIC_EXCEPTION, INVALID_PARTITIONS, INVALID_CONFIG. Fails for all, and makes none,
     * with KAFKA_STORAGE_ERROR or THROTTLING_QUOTA_EXCEEDED.
     */
    public Pending<List<CreatedTopic>> createTopics(List<NewTopic> topics, boolean validateOnly) {
        List<NewTopic> wanted = List.copyOf(topics);
        return door.ask((log, request) -> log.topics().create(wanted, validateOnly));
    }

    /** Adds partitions to a topic, or says whether it would. Errors: UNKNOWN_TOPIC_OR_PARTITION, INVALID_PARTITIONS. */
    public Pending<TopicDescription> addPartitions(String topic, int partitionCount, boolean validateOnly) {
        return door.ask((log, request) -> log.topics().addPartitions(topic, partitionCount, validateOnly));
    }

    /**
     * Changes the configuration of a topic, at once for what is appended next, or says whether it would. Errors:
     * UNKNOWN_TOPIC_OR_PARTITION, INVALID_CONFIG, and what the change refuses with.
     */
    public Pending<TopicDescription> changeTopic(String topic, SettingsChange change, boolean validateOnly) {
        return door.ask((log, request) -> log.topics().alter(topic, change, validateOnly));
    }

    /** Changes what is set, durably, or says whether it would. Errors: what the change refuses with, INVALID_CONFIG. */
    public Pending<Void> changeSettings(SettingsScope scope, SettingsChange change, boolean validateOnly) {
        return door.ask((log, request) -> {
            log.topics().changeSettings(scope, change, validateOnly);
            return null;
        });
    }
}
