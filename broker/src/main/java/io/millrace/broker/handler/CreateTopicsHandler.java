package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Authorizer.Operation;
import io.millrace.broker.Authorizer.Resource;
import io.millrace.broker.Call;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.CreateTopicsRequest;
import io.millrace.broker.message.CreateTopicsRequest.CreatableTopic;
import io.millrace.broker.message.CreateTopicsResponse;
import io.millrace.broker.message.CreateTopicsResponse.CreatableTopicResult;
import io.millrace.broker.message.CreateTopicsResponse.CreatableTopicResult.CreatableTopicConfigs;
import io.millrace.client.ErrorCode;
import io.millrace.client.LogException;
import io.millrace.client.Pending;
import io.millrace.client.TopicDescription;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Makes topics. On one node each partition has one replica, whatever is asked for by -1; more are refused as Kafka does. */
final class CreateTopicsHandler implements Handler<CreateTopicsRequest> {

    /** From here on a response tells the configuration of each new topic (KIP-525). */
    private static final short CONFIGS_ARE_TOLD = 5;

    private final Surroundings around;

    CreateTopicsHandler(Surroundings around) {
        this.around = around;
    }

    private record Creation(CreatableTopicResult result, Pending<TopicDescription> pending) {}

    @Override
    public Answer handle(CreateTopicsRequest request, Call call) {
        Set<String> seen = new HashSet<>();
        Set<String> twice = new HashSet<>();
        request.topics().stream()
                .map(CreatableTopic::name)
                .filter(name -> !seen.add(name))
                .forEach(twice::add);
        List<Creation> creations = new ArrayList<>();
        for (CreatableTopic topic : request.topics()) {
            if (seen.remove(topic.name())) { // of one that is named twice there is one answer
                creations.add(new Creation(
                        new CreatableTopicResult().name(topic.name()).errorMessage(null),
                        twice.contains(topic.name())
                                ? Pending.failed(ErrorCode.INVALID_REQUEST, "Duplicate topic name.")
                                : create(call, topic, request.validateOnly())));
            }
        }
        return Answer.whenAll(creations.stream().map(Creation::pending).toList(), () -> {
            CreateTopicsResponse response = new CreateTopicsResponse();
            creations.forEach(creation -> {
                fill(creation, call);
                response.topics().add(creation.result());
            });
            return response;
        });
    }

    private Pending<TopicDescription> create(Call call, CreatableTopic topic, boolean validateOnly) {
        if (!around.allowsCreation(call, topic.name())) {
            return Pending.failed(ErrorCode.TOPIC_AUTHORIZATION_FAILED, ErrorCode.TOPIC_AUTHORIZATION_FAILED.meaning());
        }
        try {
            return around.door().admin().createTopic(new NewTopicRequest(around, topic).checked(), validateOnly);
        } catch (LogException refused) {
            return Pending.failed(refused.error(), refused.reason());
        }
    }

    private void fill(Creation creation, Call call) {
        CreatableTopicResult result = creation.result();
        if (creation.pending().isFailed()) {
            result.errorCode(creation.pending().error().code())
                    .errorMessage(creation.pending().message());
            return;
        }
        TopicDescription topic = creation.pending().value();
        result.topicId(topic.id());
        if (call.version() < CONFIGS_ARE_TOLD) {
            return;
        }
        if (around.allows(call, Operation.DESCRIBE_CONFIGS, Resource.TOPIC, topic.name())) {
            result.numPartitions(topic.partitionCount()).replicationFactor(Assignments.REPLICAS);
            tellConfigs(result, topic, call);
        } else {
            result.topicConfigErrorCode(ErrorCode.TOPIC_AUTHORIZATION_FAILED.code());
        }
    }

    private void tellConfigs(CreatableTopicResult into, TopicDescription topic, Call call) {
        List<CreatableTopicConfigs> told = new ArrayList<>();
        ConfigResource.catalog(around, call)
                .topic(topic)
                .forEach(config -> told.add(new CreatableTopicConfigs()
                        .name(config.name())
                        .value(config.value())
                        .readOnly(config.isReadOnly())
                        .configSource(config.source().code())
                        .isSensitive(config.isSensitive())));
        into.configs(told);
    }
}
