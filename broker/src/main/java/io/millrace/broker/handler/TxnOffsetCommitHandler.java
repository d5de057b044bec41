package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Authorizer.Operation;
import io.millrace.broker.Authorizer.Resource;
import io.millrace.broker.Call;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.TxnOffsetCommitRequest;
import io.millrace.broker.message.TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic;
import io.millrace.broker.message.TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic.TxnOffsetCommitRequestPartition;
import io.millrace.broker.message.TxnOffsetCommitResponse;
import io.millrace.broker.message.TxnOffsetCommitResponse.TxnOffsetCommitResponseTopic;
import io.millrace.broker.message.TxnOffsetCommitResponse.TxnOffsetCommitResponseTopic.TxnOffsetCommitResponsePartition;
import io.millrace.client.CommittedOffset;
import io.millrace.client.ErrorCode;
import io.millrace.client.Pending;
import io.millrace.client.ProducerIdentity;
import io.millrace.client.TopicDescription;
import io.millrace.client.TopicPartition;
import io.millrace.coordinator.Committer;
import io.millrace.node.Enlistment;
import io.millrace.node.InTransaction;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Commits positions of a group as a part of a transaction (KIP-98); zombies among the members are fenced (KIP-447). */
final class TxnOffsetCommitHandler implements Handler<TxnOffsetCommitRequest> {

    private static final short TOPIC_IDS = 6;
    private static final short ENLISTS = 5;
    private static final short ABORTABLE = 4;

    private final Surroundings around;

    TxnOffsetCommitHandler(Surroundings around) {
        this.around = around;
    }

    @Override
    public Answer handle(TxnOffsetCommitRequest request, Call call) {
        TxnOffsetCommitResponse response = new TxnOffsetCommitResponse();
        ErrorCode forAll = refusal(request, call);
        Map<TopicPartition, CommittedOffset> offsets = new LinkedHashMap<>();
        Map<TopicPartition, TxnOffsetCommitResponsePartition> waiting = new LinkedHashMap<>();
        for (TxnOffsetCommitRequestTopic topic : request.topics()) {
            TxnOffsetCommitResponseTopic answered =
                    new TxnOffsetCommitResponseTopic().name(topic.name()).topicId(topic.topicId());
            response.topics().add(answered);
            TopicDescription found = call.version() >= TOPIC_IDS
                    ? around.door().topics().withId(topic.topicId())
                    : around.door().topics().named(topic.name());
            ErrorCode ofTopic = forAll == ErrorCode.NONE ? refusal(call, topic, found) : forAll;
            for (TxnOffsetCommitRequestPartition asked : topic.partitions()) {
                TxnOffsetCommitResponsePartition one =
                        new TxnOffsetCommitResponsePartition().partitionIndex(asked.partitionIndex());
                answered.partitions().add(one);
                if (ofTopic != ErrorCode.NONE || found == null) {
                    one.errorCode(ofTopic.code());
                } else if (asked.partitionIndex() < 0 || asked.partitionIndex() >= found.partitionCount()) {
                    one.errorCode(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
                } else {
                    TopicPartition id = new TopicPartition(found.name(), asked.partitionIndex());
                    offsets.put(id, position(asked));
                    waiting.put(id, one);
                }
            }
        }
        if (offsets.isEmpty()) {
            return Answer.of(response);
        }
        return Answer.when(commit(request, call, offsets), answer -> {
            waiting.forEach((id, one) -> one.errorCode(error(call, answer, id).code()));
            return response;
        });
    }

    private ErrorCode refusal(TxnOffsetCommitRequest request, Call call) {
        if (!around.allows(call, Operation.WRITE, Resource.TRANSACTIONAL_ID, request.transactionalId())) {
            return ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
        }
        return around.allows(call, Operation.READ, Resource.GROUP, request.groupId())
                ? ErrorCode.NONE
                : ErrorCode.GROUP_AUTHORIZATION_FAILED;
    }

    private ErrorCode refusal(Call call, TxnOffsetCommitRequestTopic topic, @Nullable TopicDescription found) {
        if (found == null && call.version() >= TOPIC_IDS) {
            return ErrorCode.UNKNOWN_TOPIC_ID;
        }
        String name = found == null ? topic.name() : found.name();
        if (!around.allows(call, Operation.READ, Resource.TOPIC, name)) {
            return ErrorCode.TOPIC_AUTHORIZATION_FAILED;
        }
        return found == null ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : ErrorCode.NONE;
    }

    private Pending<Map<TopicPartition, ErrorCode>> commit(
            TxnOffsetCommitRequest request, Call call, Map<TopicPartition, CommittedOffset> offsets) {
        Committer who =
                new Committer(request.memberId(), request.groupInstanceId(), request.generationIdOrMemberEpoch());
        return around.door()
                .transactions()
                .commitOffsets(
                        new InTransaction(request.transactionalId(), enlistment(call.version())),
                        new ProducerIdentity(request.producerId(), request.producerEpoch()),
                        request.groupId(),
                        who,
                        offsets);
    }

    private static Enlistment enlistment(short version) {
        if (version >= ENLISTS) {
            return Enlistment.BY_WRITE;
        }
        return version >= ABORTABLE ? Enlistment.BEFORE : Enlistment.BEFORE_PLAIN;
    }

    private static CommittedOffset position(TxnOffsetCommitRequestPartition asked) {
        String metadata = asked.committedMetadata();
        return new CommittedOffset(
                asked.committedOffset(), asked.committedLeaderEpoch(), metadata == null ? "" : metadata);
    }

    private static ErrorCode error(Call call, Pending<Map<TopicPartition, ErrorCode>> answer, TopicPartition id) {
        if (!answer.isFailed()) {
            return answer.value().getOrDefault(id, ErrorCode.UNKNOWN_SERVER_ERROR);
        }
        ErrorCode error = TransactionErrors.of(answer, true);
        boolean isNewer = error == ErrorCode.GROUP_ID_NOT_FOUND || error == ErrorCode.STALE_MEMBER_EPOCH;
        return isNewer && call.version() < TOPIC_IDS ? ErrorCode.ILLEGAL_GENERATION : error;
    }
}
