package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Authorizer;
import io.millrace.broker.Authorizer.Operation;
import io.millrace.broker.Authorizer.Resource;
import io.millrace.broker.Call;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.AddPartitionsToTxnRequest;
import io.millrace.broker.message.AddPartitionsToTxnRequest.AddPartitionsToTxnTransaction;
import io.millrace.broker.message.AddPartitionsToTxnResponse;
import io.millrace.broker.message.AddPartitionsToTxnResponse.AddPartitionsToTxnPartitionResult;
import io.millrace.broker.message.AddPartitionsToTxnResponse.AddPartitionsToTxnResult;
import io.millrace.broker.message.AddPartitionsToTxnResponse.AddPartitionsToTxnTopicResult;
import io.millrace.client.ErrorCode;
import io.millrace.client.Pending;
import io.millrace.client.ProducerIdentity;
import io.millrace.client.TopicDescription;
import io.millrace.client.TopicPartition;
import io.millrace.coordinator.TransactionVersion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes partitions a part of a transaction (KIP-98): one transaction of a client up to version 3; from version 4 on several, as
 * brokers ask on behalf of clients, who may also only verify (KIP-890). If one partition of a transaction is refused, none is
 * added.
 */
final class AddPartitionsToTxnHandler implements Handler<AddPartitionsToTxnRequest> {

    private static final short BATCHES = 4;
    private static final short FENCING = 2;

    private final Surroundings around;

    AddPartitionsToTxnHandler(Surroundings around) {
        this.around = around;
    }

    /** One transaction, on its way; what was refused at once has no answer to wait for. */
    private record Part(
            String id,
            Map<TopicPartition, ErrorCode> errors,
            @Nullable Pending<Void> added,
            @Nullable Pending<Map<TopicPartition, ErrorCode>> verified) {

        @Nullable
        Pending<?> pending() {
            return added == null ? verified : added;
        }
    }

    @Override
    public Answer handle(AddPartitionsToTxnRequest request, Call call) {
        boolean batched = call.version() >= BATCHES;
        if (batched && !around.allows(call, Operation.CLUSTER_ACTION, Resource.CLUSTER, Authorizer.CLUSTER_NAME)) {
            return Answer.of(new AddPartitionsToTxnResponse().errorCode(ErrorCode.CLUSTER_AUTHORIZATION_FAILED.code()));
        }
        List<AddPartitionsToTxnTransaction> transactions = batched
                ? request.transactions()
                : List.of(new AddPartitionsToTxnTransaction()
                        .transactionalId(request.v3AndBelowTransactionalId())
                        .producerId(request.v3AndBelowProducerId())
                        .producerEpoch(request.v3AndBelowProducerEpoch())
                        .topics(request.v3AndBelowTopics()));
        List<Part> parts = new ArrayList<>();
        List<Pending<?>> pending = new ArrayList<>();
        for (AddPartitionsToTxnTransaction transaction : transactions) {
            Part part = begin(transaction, call);
            parts.add(part);
            if (part.pending() != null) {
                pending.add(part.pending());
            }
        }
        return Answer.whenAll(pending, () -> response(parts, call));
    }

    private Part begin(AddPartitionsToTxnTransaction transaction, Call call) {
        String id = transaction.transactionalId();
        Map<TopicPartition, ErrorCode> errors = new LinkedHashMap<>();
        transaction.topics().forEach(topic -> {
            for (int partition : topic.partitions()) {
                errors.put(new TopicPartition(topic.name(), partition), ErrorCode.NONE);
            }
        });
        if (call.version() < BATCHES && !around.allows(call, Operation.WRITE, Resource.TRANSACTIONAL_ID, id)) {
            errors.replaceAll((partition, none) -> ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
            return new Part(id, errors, null, null);
        }
        errors.replaceAll((partition, none) -> refusal(partition, call));
        if (errors.values().stream().anyMatch(error -> error != ErrorCode.NONE)) {
            errors.replaceAll(
                    (partition, error) -> error == ErrorCode.NONE ? ErrorCode.OPERATION_NOT_ATTEMPTED : error);
            return new Part(id, errors, null, null);
        }
        ProducerIdentity producer = new ProducerIdentity(transaction.producerId(), transaction.producerEpoch());
        if (transaction.verifyOnly()) {
            return new Part(id, errors, null, around.door().transactions().verify(id, producer, errors.keySet()));
        }
        TransactionVersion version = call.version() >= BATCHES ? TransactionVersion.V2 : TransactionVersion.V0;
        return new Part(id, errors, around.door().transactions().add(id, producer, errors.keySet(), version), null);
    }

    private ErrorCode refusal(TopicPartition partition, Call call) {
        TopicDescription topic = around.door().topics().named(partition.topic());
        if (call.version() < BATCHES) {
            boolean internal = topic != null && topic.internal();
            if (internal || !around.allows(call, Operation.WRITE, Resource.TOPIC, partition.topic())) {
                return ErrorCode.TOPIC_AUTHORIZATION_FAILED;
            }
        }
        return around.door().partition(partition) == null ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : ErrorCode.NONE;
    }

    private static AddPartitionsToTxnResponse response(List<Part> parts, Call call) {
        AddPartitionsToTxnResponse response = new AddPartitionsToTxnResponse();
        for (Part part : parts) {
            Map<TopicPartition, ErrorCode> errors = errors(part, call.version() >= FENCING);
            if (call.version() < BATCHES) {
                return response.resultsByTopicV3AndBelow(topics(errors));
            }
            response.resultsByTransaction()
                    .add(new AddPartitionsToTxnResult()
                            .transactionalId(part.id())
                            .topicResults(topics(errors)));
        }
        return response;
    }

    private static Map<TopicPartition, ErrorCode> errors(Part part, boolean knowsFencing) {
        Pending<?> pending = part.pending();
        Map<TopicPartition, ErrorCode> errors = new LinkedHashMap<>(part.errors());
        if (pending != null && pending.isFailed()) {
            ErrorCode error = TransactionErrors.of(pending, knowsFencing);
            errors.replaceAll((partition, none) -> error);
        } else if (part.verified() != null) {
            errors.putAll(part.verified().value());
        }
        return errors;
    }

    private static List<AddPartitionsToTxnTopicResult> topics(Map<TopicPartition, ErrorCode> errors) {
        Map<String, AddPartitionsToTxnTopicResult> topics = new LinkedHashMap<>();
        errors.forEach((partition, error) -> topics.computeIfAbsent(
                        partition.topic(), name -> new AddPartitionsToTxnTopicResult().name(name))
                .resultsByPartition()
                .add(new AddPartitionsToTxnPartitionResult()
                        .partitionIndex(partition.partition())
                        .partitionErrorCode(error.code())));
        return new ArrayList<>(topics.values());
    }
}
