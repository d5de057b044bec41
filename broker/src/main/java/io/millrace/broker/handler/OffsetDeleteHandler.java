package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Authorizer.Operation;
import io.millrace.broker.Authorizer.Resource;
import io.millrace.broker.Call;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.OffsetDeleteRequest;
import io.millrace.broker.message.OffsetDeleteResponse;
import io.millrace.broker.message.OffsetDeleteResponse.OffsetDeleteResponseTopic;
import io.millrace.broker.message.OffsetDeleteResponse.OffsetDeleteResponseTopic.OffsetDeleteResponsePartition;
import io.millrace.client.ErrorCode;
import io.millrace.client.TopicPartition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Forgets positions of a group (KIP-496). */
final class OffsetDeleteHandler implements Handler<OffsetDeleteRequest> {

    private final Surroundings around;

    OffsetDeleteHandler(Surroundings around) {
        this.around = around;
    }

    @Override
    public Answer handle(OffsetDeleteRequest request, Call call) {
        if (!around.allows(call, Operation.DELETE, Resource.GROUP, request.groupId())) {
            return Answer.of(new OffsetDeleteResponse().errorCode(ErrorCode.GROUP_AUTHORIZATION_FAILED.code()));
        }
        List<TopicPartition> allowed = new ArrayList<>();
        Map<TopicPartition, ErrorCode> refused = new LinkedHashMap<>();
        request.topics().forEach(topic -> topic.partitions().forEach(partition -> {
            TopicPartition id = new TopicPartition(topic.name(), partition.partitionIndex());
            if (!around.allows(call, Operation.READ, Resource.TOPIC, topic.name())) {
                refused.put(id, ErrorCode.TOPIC_AUTHORIZATION_FAILED);
            } else if (around.door().partition(id) == null) {
                refused.put(id, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
            } else {
                allowed.add(id);
            }
        }));
        return Answer.when(around.door().deleteOffsets(request.groupId(), allowed), answer -> {
            if (answer.isFailed()) {
                return new OffsetDeleteResponse().errorCode(answer.error().code());
            }
            Map<TopicPartition, ErrorCode> all = new LinkedHashMap<>(refused);
            all.putAll(answer.value());
            return response(all);
        });
    }

    private static OffsetDeleteResponse response(Map<TopicPartition, ErrorCode> errors) {
        Map<String, OffsetDeleteResponseTopic> topics = new LinkedHashMap<>();
        errors.forEach(
                (id, error) -> topics.computeIfAbsent(id.topic(), name -> new OffsetDeleteResponseTopic().name(name))
                        .partitions()
                        .add(new OffsetDeleteResponsePartition()
                                .partitionIndex(id.partition())
                                .errorCode(error.code())));
        return new OffsetDeleteResponse().topics(new ArrayList<>(topics.values()));
    }
}
