package io.millrace.broker.handler;

import io.millrace.broker.Surroundings;
import io.millrace.broker.message.CreateTopicsRequest.CreatableTopic;
import io.millrace.broker.message.CreateTopicsRequest.CreatableTopic.CreatableReplicaAssignment;
import io.millrace.broker.message.CreateTopicsRequest.CreatableTopic.CreatableTopicConfig;
import io.millrace.client.ErrorCode;
import io.millrace.client.LogException;
import io.millrace.client.NewTopic;
import io.millrace.log.LogConfig;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What a client says of a topic that it wants, checked in the order in which Kafka's controller does. Pure. */
final class NewTopicRequest {

    /** From here on -1 stands for the node's own number of partitions and replicas (KIP-464). */
    private static final int DEFAULT = -1;

    private static final String CLUSTER_METADATA = "__cluster_metadata";

    private final Surroundings around;
    private final CreatableTopic topic;

    NewTopicRequest(Surroundings around, CreatableTopic topic) {
        this.around = around;
        this.topic = topic;
    }

    /** @throws LogException with the code that the client is to see */
    NewTopic checked() {
        if (topic.name().equals(CLUSTER_METADATA)) {
            throw new LogException(
                    ErrorCode.INVALID_REQUEST, "Creation of internal topic " + CLUSTER_METADATA + " is prohibited.");
        }
        if (around.door().topics().named(topic.name()) != null) {
            throw new LogException(ErrorCode.TOPIC_ALREADY_EXISTS, "Topic '" + topic.name() + "' already exists.");
        }
        Map<String, String> configs = configs();
        return new NewTopic(topic.name(), topic.assignments().isEmpty() ? counted() : assigned(), configs);
    }

    private Map<String, String> configs() {
        Map<String, String> configs = new HashMap<>();
        Set<String> withoutValue = new TreeSet<>();
        for (CreatableTopicConfig config : topic.configs()) {
            String value = config.value();
            if (value == null) {
                withoutValue.add(config.name());
            } else {
                configs.put(config.name(), value);
            }
        }
        if (!withoutValue.isEmpty()) {
            throw new LogException(
                    ErrorCode.INVALID_CONFIG,
                    "Null value not supported for topic configs: " + String.join(",", withoutValue));
        }
        List<String> problems = LogConfig.problems(configs);
        if (!problems.isEmpty()) {
            throw new LogException(ErrorCode.INVALID_CONFIG, String.join("; ", problems));
        }
        return configs;
    }

    private int counted() {
        if (topic.replicationFactor() < DEFAULT || topic.replicationFactor() == 0) {
            throw new LogException(
                    ErrorCode.INVALID_REPLICATION_FACTOR,
                    "Replication factor must be larger than 0, or -1 to use the default value.");
        }
        if (topic.numPartitions() < DEFAULT || topic.numPartitions() == 0) {
            throw new LogException(
                    ErrorCode.INVALID_PARTITIONS, "Number of partitions was set to an invalid non-positive value.");
        }
        if (topic.replicationFactor() > Assignments.REPLICAS) {
            throw new LogException(
                    ErrorCode.INVALID_REPLICATION_FACTOR,
                    "Unable to replicate the partition " + topic.replicationFactor()
                            + " time(s): The target replication factor of " + topic.replicationFactor()
                            + " cannot be reached because only 1 broker(s) are registered.");
        }
        return topic.numPartitions() == DEFAULT ? around.config().partitionsDefault() : topic.numPartitions();
    }

    private int assigned() {
        if (topic.replicationFactor() != DEFAULT || topic.numPartitions() != DEFAULT) {
            String what = topic.replicationFactor() == DEFAULT ? "numPartitions" : "replication factor";
            throw new LogException(
                    ErrorCode.INVALID_REQUEST,
                    "A manual partition assignment was specified, but " + what + " was not set to -1.");
        }
        Set<Integer> partitions = new HashSet<>();
        for (CreatableReplicaAssignment assignment : topic.assignments()) {
            if (!partitions.add(assignment.partitionIndex())) {
                throw new LogException(
                        ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                        "Found multiple manual partition assignments for partition " + assignment.partitionIndex());
            }
            Assignments.check(assignment.brokerIds(), around.cluster().nodeId());
        }
        for (int i = 0; i < partitions.size(); i++) {
            if (!partitions.contains(i)) {
                throw new LogException(
                        ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                        "partitions should be a consecutive 0-based integer sequence");
            }
        }
        return partitions.size();
    }
}
