package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Authorizer.Operation;
import io.millrace.broker.Authorizer.Resource;
import io.millrace.broker.Call;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.OffsetCommitRequest;
import io.millrace.broker.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.millrace.broker.message.OffsetCommitRequest.OffsetCommitRequestTopic.OffsetCommitRequestPartition;
import io.millrace.broker.message.OffsetCommitResponse;
import io.millrace.broker.message.OffsetCommitResponse.OffsetCommitResponseTopic;
import io.millrace.broker.message.OffsetCommitResponse.OffsetCommitResponseTopic.OffsetCommitResponsePartition;
import io.millrace.client.CommittedOffset;
import io.millrace.client.ErrorCode;
import io.millrace.client.Pending;
import io.millrace.client.TopicDescription;
import io.millrace.client.TopicPartition;
import io.millrace.coordinator.Committer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps how far a group has come, outside of transactions. */
final class OffsetCommitHandler implements Handler<OffsetCommitRequest> {

    private static final short TOPIC_IDS = 10;

    /** From here on a client knows STALE_MEMBER_EPOCH. */
    private static final short MEMBER_EPOCHS = 9;

    /** Before it, a client does not know GROUP_ID_NOT_FOUND. */
    private static final short UNKNOWN_GROUPS = 9;

    private final Surroundings around;

    OffsetCommitHandler(Surroundings around) {
        this.around = around;
    }

    @Override
    public Answer handle(OffsetCommitRequest request, Call call) {
        OffsetCommitResponse response = new OffsetCommitResponse();
        boolean mayCommit = around.allows(call, Operation.READ, Resource.GROUP, request.groupId());
        Map<TopicPartition, CommittedOffset> offsets = new LinkedHashMap<>();
        Map<TopicPartition, OffsetCommitResponsePartition> waiting = new LinkedHashMap<>();
        for (OffsetCommitRequestTopic topic : request.topics()) {
            OffsetCommitResponseTopic answered =
                    new OffsetCommitResponseTopic().name(topic.name()).topicId(topic.topicId());
            response.topics().add(answered);
            TopicDescription found = call.version() >= TOPIC_IDS
                    ? around.door().topics().withId(topic.topicId())
                    : around.door().topics().named(topic.name());
            for (OffsetCommitRequestPartition asked : topic.partitions()) {
                OffsetCommitResponsePartition one =
                        new OffsetCommitResponsePartition().partitionIndex(asked.partitionIndex());
                answered.partitions().add(one);
                ErrorCode refusal = mayCommit ? refusal(call, found, asked) : ErrorCode.GROUP_AUTHORIZATION_FAILED;
                if (refusal == ErrorCode.NONE && found != null) {
                    TopicPartition id = new TopicPartition(found.name(), asked.partitionIndex());
                    offsets.put(id, position(asked));
                    waiting.put(id, one);
                } else {
                    one.errorCode(refusal.code());
                }
            }
        }
        if (offsets.isEmpty()) {
            return Answer.of(response);
        }
        Committer who = new Committer(
                request.memberId(),
                request.groupInstanceId(),
                request.generationIdOrMemberEpoch(),
                call.version() >= MEMBER_EPOCHS);
        return Answer.when(around.door().commitOffsets(request.groupId(), who, offsets), answer -> {
            waiting.forEach((id, one) -> one.errorCode(error(call, answer, id).code()));
            return response;
        });
    }

    private ErrorCode refusal(Call call, @Nullable TopicDescription topic, OffsetCommitRequestPartition asked) {
        if (topic == null) {
            return call.version() >= TOPIC_IDS ? ErrorCode.UNKNOWN_TOPIC_ID : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
        }
        if (!around.allows(call, Operation.READ, Resource.TOPIC, topic.name())) {
            return ErrorCode.TOPIC_AUTHORIZATION_FAILED;
        }
        if (asked.partitionIndex() < 0 || asked.partitionIndex() >= topic.partitionCount()) {
            return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
        }
        return ErrorCode.NONE;
    }

    private static CommittedOffset position(OffsetCommitRequestPartition asked) {
        String metadata = asked.committedMetadata();
        return new CommittedOffset(
                asked.committedOffset(), asked.committedLeaderEpoch(), metadata == null ? "" : metadata);
    }

    private static ErrorCode error(Call call, Pending<Map<TopicPartition, ErrorCode>> answer, TopicPartition id) {
        if (!answer.isFailed()) {
            return answer.value().getOrDefault(id, ErrorCode.UNKNOWN_SERVER_ERROR);
        }
        boolean isUnknown = answer.error() == ErrorCode.GROUP_ID_NOT_FOUND && call.version() < UNKNOWN_GROUPS;
        return isUnknown ? ErrorCode.ILLEGAL_GENERATION : answer.error();
    }
}
