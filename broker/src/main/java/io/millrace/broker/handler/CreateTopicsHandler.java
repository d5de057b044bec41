package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Call;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.CreateTopicsRequest;
import io.millrace.broker.message.CreateTopicsRequest.CreatableTopic;
import io.millrace.broker.message.CreateTopicsResponse;
import io.millrace.broker.message.CreateTopicsResponse.CreatableTopicResult;
import io.millrace.client.ErrorCode;
import io.millrace.client.NewTopic;
import io.millrace.client.Pending;
import io.millrace.client.TopicDescription;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes topics. On one node each partition has one replica, whatever is asked for by -1; more are refused as Kafka does. */
final class CreateTopicsHandler implements Handler<CreateTopicsRequest> {

    /** From here on -1 stands for the node's own number of partitions and replicas (KIP-464). */
    private static final int DEFAULT = -1;

    private static final short REPLICAS = 1;

    private final Surroundings around;

    CreateTopicsHandler(Surroundings around) {
        this.around = around;
    }

    private record Creation(CreatableTopicResult result, Pending<TopicDescription> pending) {}

    @Override
    public Answer handle(CreateTopicsRequest request, Call call) {
        CreateTopicsResponse response = new CreateTopicsResponse();
        List<Creation> creations = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        Set<String> twice = new HashSet<>();
        request.topics().stream()
                .map(CreatableTopic::name)
                .filter(name -> !seen.add(name))
                .forEach(twice::add);
        for (CreatableTopic topic : request.topics()) {
            CreatableTopicResult result =
                    new CreatableTopicResult().name(topic.name()).errorMessage(null);
            response.topics().add(result);
            creations.add(new Creation(
                    result,
                    twice.contains(topic.name())
                            ? Pending.failed(
                                    ErrorCode.INVALID_REQUEST, "the request names topic " + topic.name() + " twice")
                            : create(call, topic, request.validateOnly())));
        }
        return Answer.whenAll(creations.stream().map(Creation::pending).toList(), () -> {
            creations.forEach(CreateTopicsHandler::fill);
            return response;
        });
    }

    private Pending<TopicDescription> create(Call call, CreatableTopic topic, boolean validateOnly) {
        if (!around.allowsCreation(call, topic.name())) {
            return Pending.failed(ErrorCode.TOPIC_AUTHORIZATION_FAILED, "not authorized to make " + topic.name());
        }
        if (topic.replicationFactor() != DEFAULT && topic.replicationFactor() != REPLICAS) {
            return Pending.failed(
                    ErrorCode.INVALID_REPLICATION_FACTOR,
                    "a cluster of one node has one replica of each partition, not " + topic.replicationFactor());
        }
        int partitions = topic.numPartitions() == DEFAULT ? around.config().partitionsDefault() : topic.numPartitions();
        if (!topic.assignments().isEmpty()) {
            boolean isHere = topic.assignments().stream()
                    .allMatch(one -> one.brokerIds().length == 1
                            && one.brokerIds()[0] == around.cluster().nodeId());
            if (!isHere) {
                return Pending.failed(
                        ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                        "there is one node, " + around.cluster().nodeId());
            }
            partitions = topic.assignments().size();
        }
        if (validateOnly) {
            return Pending.failed(
                    ErrorCode.UNSUPPORTED_VERSION, "this node cannot only check whether it would make a topic");
        }
        Map<String, String> configs = new HashMap<>();
        topic.configs().forEach(config -> {
            String value = config.value();
            if (value != null) {
                configs.put(config.name(), value);
            }
        });
        return around.door().client().createTopic(new NewTopic(topic.name(), partitions, configs));
    }

    private static void fill(Creation creation) {
        CreatableTopicResult result = creation.result();
        if (creation.pending().isFailed()) {
            result.errorCode(creation.pending().error().code())
                    .errorMessage(creation.pending().message());
            return;
        }
        TopicDescription topic = creation.pending().value();
        result.topicId(topic.id()).numPartitions(topic.partitionCount()).replicationFactor(REPLICAS);
    }
}
