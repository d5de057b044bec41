package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Authorizer.Operation;
import io.millrace.broker.Authorizer.Resource;
import io.millrace.broker.Call;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.DescribeProducersRequest;
import io.millrace.broker.message.DescribeProducersResponse;
import io.millrace.broker.message.DescribeProducersResponse.TopicResponse;
import io.millrace.broker.message.DescribeProducersResponse.TopicResponse.PartitionResponse;
import io.millrace.broker.message.DescribeProducersResponse.TopicResponse.PartitionResponse.ProducerState;
import io.millrace.client.ErrorCode;
import io.millrace.client.Pending;
import io.millrace.client.TopicPartition;
import io.millrace.node.TopicsImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tells which producers partitions know, and since where they have a transaction open (KIP-664). */
final class DescribeProducersHandler implements Handler<DescribeProducersRequest> {

    private final Surroundings around;

    DescribeProducersHandler(Surroundings around) {
        this.around = around;
    }

    @Override
    public Answer handle(DescribeProducersRequest request, Call call) {
        Map<TopicPartition, PartitionResponse> waiting = new LinkedHashMap<>();
        DescribeProducersResponse response = new DescribeProducersResponse();
        request.topics().forEach(topic -> {
            TopicResponse answered = new TopicResponse().name(topic.name());
            response.topics().add(answered);
            ErrorCode refusal = refusal(call, topic.name());
            for (int partition : topic.partitionIndexes()) {
                PartitionResponse one = new PartitionResponse().partitionIndex(partition);
                if (refusal != ErrorCode.NONE) {
                    refuse(one, refusal);
                    answered.partitions().add(one);
                } else if (waiting.putIfAbsent(new TopicPartition(topic.name(), partition), one) == null) {
                    answered.partitions().add(one); // one that is named twice is shown once
                }
            }
        });
        return Answer.when(around.door().transactions().producers(waiting.keySet()), answer -> {
            waiting.forEach((id, one) -> fill(one, id, answer));
            return response;
        });
    }

    private ErrorCode refusal(Call call, String topic) {
        if (TopicsImage.problemOfName(topic).isPresent()) {
            return ErrorCode.INVALID_TOPIC_EXCEPTION;
        }
        return around.allows(call, Operation.READ, Resource.TOPIC, topic)
                ? ErrorCode.NONE
                : ErrorCode.TOPIC_AUTHORIZATION_FAILED;
    }

    private static void refuse(PartitionResponse one, ErrorCode why) {
        one.errorCode(why.code()).errorMessage(why.meaning());
    }

    private static void fill(
            PartitionResponse one,
            TopicPartition id,
            Pending<Map<TopicPartition, List<io.millrace.log.ProducerState>>> answer) {
        List<io.millrace.log.ProducerState> found =
                answer.isFailed() ? null : answer.value().get(id);
        if (found == null) {
            refuse(one, answer.isFailed() ? answer.error() : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
            return;
        }
        List<ProducerState> states = new ArrayList<>();
        for (io.millrace.log.ProducerState state : found) {
            states.add(new ProducerState()
                    .producerId(state.producerId())
                    .producerEpoch(state.epoch())
                    .lastSequence(state.lastSequence())
                    .lastTimestamp(state.lastTimestampMs())
                    .coordinatorEpoch(state.coordinatorEpoch())
                    .currentTxnStartOffset(state.transactionFirstOffset()));
        }
        one.activeProducers(states);
    }
}
