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
import io.millrace.client.NewTopic;
import io.millrace.client.Pending;
import io.millrace.client.TopicDescription;
import io.millrace.node.CreatedTopic;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes topics. On one node each partition has one replica, whatever is asked for by -1; more are refused as Kafka does. */
final class CreateTopicsHandler implements Handler<CreateTopicsRequest> {

    /** From here on a response tells the configuration of each new topic (KIP-525). */
    private static final short CONFIGS_ARE_TOLD = 5;

    private final Surroundings around;

    CreateTopicsHandler(Surroundings around) {
        this.around = around;
    }

    /** One topic's part; without what is to be made it is answered already. */
    private record Creation(
            CreatableTopicResult result, @Nullable NewTopic topic) {}

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
                creations.add(creation(call, topic, twice));
            }
        }
        List<NewTopic> wanted =
                creations.stream().map(Creation::topic).filter(Objects::nonNull).toList();
        return Answer.when(around.door().admin().createTopics(wanted, request.validateOnly()), made -> {
            fill(creations, made, call);
            return new CreateTopicsResponse()
                    .topics(creations.stream().map(Creation::result).toList());
        });
    }

    private Creation creation(Call call, CreatableTopic topic, Set<String> twice) {
        CreatableTopicResult result =
                new CreatableTopicResult().name(topic.name()).errorMessage(null);
        try {
            if (twice.contains(topic.name())) {
                throw new LogException(ErrorCode.INVALID_REQUEST, "Duplicate topic name.");
            }
            if (!around.allowsCreation(call, topic.name())) {
                throw new LogException(
                        ErrorCode.TOPIC_AUTHORIZATION_FAILED, ErrorCode.TOPIC_AUTHORIZATION_FAILED.meaning());
            }
            return new Creation(result, new NewTopicRequest(around, topic).checked());
        } catch (LogException refused) {
            refuse(result, refused.error(), refused.reason());
            return new Creation(result, null);
        }
    }

    private static void refuse(CreatableTopicResult result, ErrorCode why, String message) {
        result.errorCode(why.code()).errorMessage(message);
    }

    private void fill(List<Creation> creations, Pending<List<CreatedTopic>> made, Call call) {
        int next = 0;
        for (Creation creation : creations) {
            if (creation.topic() == null) {
                continue;
            }
            if (made.isFailed()) {
                refuse(creation.result(), made.error(), made.message());
            } else {
                fill(creation.result(), made.value().get(next++), call);
            }
        }
    }

    private void fill(CreatableTopicResult result, CreatedTopic created, Call call) {
        TopicDescription topic = created.topic();
        if (topic == null) {
            refuse(result, created.error(), created.message());
            return;
        }
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
