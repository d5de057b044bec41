package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Authorizer.Operation;
import io.millrace.broker.Authorizer.Resource;
import io.millrace.broker.Call;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.ConsumerGroupHeartbeatRequest;
import io.millrace.broker.message.ConsumerGroupHeartbeatResponse;
import io.millrace.broker.message.ConsumerGroupHeartbeatResponse.Assignment;
import io.millrace.broker.message.ConsumerGroupHeartbeatResponse.TopicPartitions;
import io.millrace.client.ErrorCode;
import io.millrace.coordinator.GroupReply.Beat;
import io.millrace.coordinator.GroupRequest.ConsumerHeartbeat;
import io.millrace.coordinator.assign.Partitions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A member of the consumer protocol joins its group, says what it has, is told what it may take, or leaves (KIP-848). */
final class ConsumerGroupHeartbeatHandler implements Handler<ConsumerGroupHeartbeatRequest> {

    /** From here on a member makes its id itself (KIP-1082). */
    private static final short ID_REQUIRED = 1;

    private final Surroundings around;

    ConsumerGroupHeartbeatHandler(Surroundings around) {
        this.around = around;
    }

    @Override
    public Answer handle(ConsumerGroupHeartbeatRequest request, Call call) {
        if (!around.allows(call, Operation.READ, Resource.GROUP, request.groupId())) {
            return Answer.of(refused(ErrorCode.GROUP_AUTHORIZATION_FAILED, null));
        }
        List<String> topics = request.subscribedTopicNames();
        if (topics != null && !topics.stream().allMatch(topic -> mayDescribe(call, topic))) {
            return Answer.of(refused(ErrorCode.TOPIC_AUTHORIZATION_FAILED, null));
        }
        String clientId = call.clientId();
        ConsumerHeartbeat beat = new ConsumerHeartbeat(
                request.groupId(),
                request.memberId(),
                request.memberEpoch(),
                request.instanceId(),
                request.rackId(),
                clientId == null ? "" : clientId,
                call.clientHost(),
                request.rebalanceTimeoutMs(),
                topics,
                request.subscribedTopicRegex(),
                request.serverAssignor(),
                owned(request.topicPartitions()),
                call.version() >= ID_REQUIRED,
                topic -> mayDescribe(call, topic));
        return Answer.when(
                around.door().consumerHeartbeat(beat),
                answer -> answer.isFailed() ? refused(answer.error(), null) : response(answer.value()));
    }

    private boolean mayDescribe(Call call, String topic) {
        return around.allows(call, Operation.DESCRIBE, Resource.TOPIC, topic);
    }

    private static @Nullable Partitions owned(@Nullable List<ConsumerGroupHeartbeatRequest.TopicPartitions> topics) {
        if (topics == null) {
            return null;
        }
        Map<UUID, SortedSet<Integer>> owned = new TreeMap<>();
        topics.forEach(topic -> Arrays.stream(topic.partitions())
                .forEach(partition -> owned.computeIfAbsent(topic.topicId(), id -> new TreeSet<>())
                        .add(partition)));
        return Partitions.of(owned);
    }

    private static ConsumerGroupHeartbeatResponse refused(ErrorCode error, @Nullable String message) {
        return new ConsumerGroupHeartbeatResponse().errorCode(error.code()).errorMessage(message);
    }

    private static ConsumerGroupHeartbeatResponse response(Beat beat) {
        if (beat.error() != ErrorCode.NONE) {
            return refused(beat.error(), beat.message());
        }
        Partitions assignment = beat.assignment();
        return new ConsumerGroupHeartbeatResponse()
                .memberId(beat.member())
                .memberEpoch(beat.epoch())
                .heartbeatIntervalMs(beat.intervalMs())
                .assignment(
                        assignment == null
                                ? null
                                : new Assignment()
                                        .topicPartitions(assignment.byTopic().entrySet().stream()
                                                .map(ofTopic -> new TopicPartitions()
                                                        .topicId(ofTopic.getKey())
                                                        .partitions(ofTopic.getValue().stream()
                                                                .mapToInt(Integer::intValue)
                                                                .toArray()))
                                                .toList()));
    }
}
