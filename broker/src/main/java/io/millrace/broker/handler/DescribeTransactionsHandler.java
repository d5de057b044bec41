package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Authorizer.Operation;
import io.millrace.broker.Authorizer.Resource;
import io.millrace.broker.Call;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.DescribeTransactionsRequest;
import io.millrace.broker.message.DescribeTransactionsResponse;
import io.millrace.broker.message.DescribeTransactionsResponse.TransactionState;
import io.millrace.broker.message.DescribeTransactionsResponse.TransactionState.TopicData;
import io.millrace.client.ErrorCode;
import io.millrace.client.Pending;
import io.millrace.client.TopicPartition;
import io.millrace.coordinator.TransactionEntry;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Tells where transactional ids stand (KIP-664). */
final class DescribeTransactionsHandler implements Handler<DescribeTransactionsRequest> {

    private final Surroundings around;

    DescribeTransactionsHandler(Surroundings around) {
        this.around = around;
    }

    @Override
    public Answer handle(DescribeTransactionsRequest request, Call call) {
        Set<String> asked = new LinkedHashSet<>(request.transactionalIds()); // one that is named twice is shown once
        return Answer.when(around.door().transactions().find(asked), answer -> new DescribeTransactionsResponse()
                .transactionStates(
                        asked.stream().map(id -> describe(id, answer, call)).toList()));
    }

    private TransactionState describe(String id, Pending<Map<String, TransactionEntry>> answer, Call call) {
        TransactionState state = new TransactionState().transactionalId(id);
        if (!around.allows(call, Operation.DESCRIBE, Resource.TRANSACTIONAL_ID, id)) {
            return state.errorCode(ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED.code());
        }
        if (id.isEmpty()) {
            return state.errorCode(ErrorCode.INVALID_REQUEST.code());
        }
        if (answer.isFailed()) {
            return state.errorCode(TransactionErrors.of(answer, true).code());
        }
        TransactionEntry entry = answer.value().get(id);
        if (entry == null) {
            return state.errorCode(ErrorCode.TRANSACTIONAL_ID_NOT_FOUND.code());
        }
        return state.transactionState(entry.phase().title())
                .transactionTimeoutMs(entry.timeoutMs())
                .transactionStartTimeMs(entry.startMs())
                .producerId(entry.producerId())
                .producerEpoch(entry.epoch())
                .topics(topics(entry, call));
    }

    private List<TopicData> topics(TransactionEntry entry, Call call) {
        Map<String, List<Integer>> byTopic = entry.partitions().stream()
                .filter(partition -> around.allows(call, Operation.DESCRIBE, Resource.TOPIC, partition.topic()))
                .collect(Collectors.groupingBy(
                        TopicPartition::topic,
                        TreeMap::new,
                        Collectors.mapping(TopicPartition::partition, Collectors.toList())));
        List<TopicData> topics = new ArrayList<>();
        byTopic.forEach((topic, partitions) -> topics.add(new TopicData()
                .topic(topic)
                .partitions(partitions.stream().mapToInt(Integer::intValue).toArray())));
        return topics;
    }
}
