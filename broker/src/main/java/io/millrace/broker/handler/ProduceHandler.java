package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Authorizer.Operation;
import io.millrace.broker.Authorizer.Resource;
import io.millrace.broker.Call;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.ProduceRequest;
import io.millrace.broker.message.ProduceRequest.TopicProduceData;
import io.millrace.broker.message.ProduceRequest.TopicProduceData.PartitionProduceData;
import io.millrace.broker.message.ProduceResponse;
import io.millrace.broker.message.ProduceResponse.TopicProduceResponse;
import io.millrace.broker.message.ProduceResponse.TopicProduceResponse.PartitionProduceResponse;
import io.millrace.client.Appended;
import io.millrace.client.ErrorCode;
import io.millrace.client.Pending;
import io.millrace.client.ProducerIdentity;
import io.millrace.client.TopicDescription;
import io.millrace.client.TopicPartition;
import io.millrace.node.Enlistment;
import io.millrace.node.InTransaction;
import io.millrace.record.CorruptBatchException;
import io.millrace.record.RecordBatch;
import io.millrace.record.wire.ByteSlice;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Appends batches. The records stay where they came: in the array of the request, of which the log takes its copy.
 *
 * <p>With {@code acks=0} there is no response; an error then closes the connection, so that the client asks for metadata again
 * (as Kafka does). {@code acks=1} and {@code acks=all} are the same on one replica: durable as the topic asks.
 *
 * <p>In a transaction, version 12 makes the partition a part of it; before, the producer must have done that (KIP-890).
 */
final class ProduceHandler implements Handler<ProduceRequest> {

    private static final short TOPIC_IDS = 13;
    private static final short ENLISTS = 12;
    private static final short ABORTABLE = 11;
    private static final short ACKS_NONE = 0;
    private static final short ACKS_ALL = -1;

    private final Surroundings around;

    ProduceHandler(Surroundings around) {
        this.around = around;
    }

    private record Refusal(ErrorCode error, String message) {}

    /** One partition's part, on its way. */
    private record Part(PartitionProduceResponse response, Pending<Appended> pending) {}

    @Override
    public Answer handle(ProduceRequest request, Call call) {
        ProduceResponse response = new ProduceResponse();
        List<Part> parts = new ArrayList<>();
        Refusal forAll = refusalOfAll(request, call);
        for (TopicProduceData topic : request.topicData()) {
            TopicProduceResponse answered =
                    new TopicProduceResponse().name(topic.name()).topicId(topic.topicId());
            response.responses().add(answered);
            for (PartitionProduceData partition : topic.partitionData()) {
                PartitionProduceResponse one =
                        new PartitionProduceResponse().index(partition.index()).baseOffset(-1);
                answered.partitionResponses().add(one);
                Pending<Appended> pending = forAll == null
                        ? append(request, call, topic, partition)
                        : Pending.failed(forAll.error(), forAll.message());
                parts.add(new Part(one, pending));
            }
        }
        return new ProduceAnswer(request.acks() == ACKS_NONE, call.version(), response, parts);
    }

    /** Why nothing of a request is taken; null if each partition has its own answer. */
    private @Nullable Refusal refusalOfAll(ProduceRequest request, Call call) {
        if (request.acks() < ACKS_ALL || request.acks() > 1) {
            return new Refusal(ErrorCode.INVALID_REQUIRED_ACKS, "acks must be -1, 0 or 1");
        }
        Set<ProducerIdentity> producers = new HashSet<>();
        for (TopicProduceData topic : request.topicData()) {
            for (PartitionProduceData partition : topic.partitionData()) {
                RecordBatch batch = batch(partition.records());
                if (batch != null && batch.isTransactional()) {
                    producers.add(new ProducerIdentity(batch.producerId(), batch.producerEpoch()));
                }
            }
        }
        if (producers.isEmpty()) {
            return null;
        }
        String id = request.transactionalId();
        if (id == null || !around.allows(call, Operation.WRITE, Resource.TRANSACTIONAL_ID, id)) {
            return new Refusal(
                    ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
                    call.principal() + " may not write transactions of " + id);
        }
        return producers.size() == 1
                ? null
                : new Refusal(ErrorCode.INVALID_PRODUCER_ID_MAPPING, "one request has transactions of " + producers);
    }

    private Pending<Appended> append(
            ProduceRequest request, Call call, TopicProduceData topic, PartitionProduceData partition) {
        String name = topic.name();
        UUID topicId = null;
        if (call.version() >= TOPIC_IDS) {
            topicId = topic.topicId();
            TopicDescription found = around.door().topics().withId(topicId);
            if (found == null) {
                return Pending.failed(ErrorCode.UNKNOWN_TOPIC_ID, "there is no topic " + topicId);
            }
            name = found.name();
        }
        if (!around.allows(call, Operation.WRITE, Resource.TOPIC, name)) {
            return Pending.failed(ErrorCode.TOPIC_AUTHORIZATION_FAILED, call.principal() + " may not write " + name);
        }
        TopicPartition id = new TopicPartition(name, partition.index());
        if (around.door().partition(id) == null) {
            return Pending.failed(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "there is no partition " + id);
        }
        RecordBatch batch = batch(partition.records());
        if (batch == null) {
            return Pending.failed(
                    ErrorCode.INVALID_RECORD, "a produce request has exactly one batch of format v2 per partition");
        }
        return around.door().append(id, topicId, batch, transaction(request, call, batch));
    }

    private static @Nullable InTransaction transaction(ProduceRequest request, Call call, RecordBatch batch) {
        String id = request.transactionalId();
        if (id == null || !batch.isTransactional()) {
            return null;
        }
        if (call.version() >= ENLISTS) {
            return new InTransaction(id, Enlistment.BY_WRITE);
        }
        return new InTransaction(id, call.version() >= ABORTABLE ? Enlistment.BEFORE : Enlistment.BEFORE_PLAIN);
    }

    /** The one batch of a partition; null if there is none, or anything else. */
    private static @Nullable RecordBatch batch(@Nullable ByteSlice records) {
        if (records == null) {
            return null;
        }
        try {
            RecordBatch batch = RecordBatch.wrap(records.bytes(), records.position(), records.size());
            return batch.sizeInBytes() == records.size() ? batch : null;
        } catch (CorruptBatchException e) {
            return null;
        }
    }

    private static final class ProduceAnswer implements Answer {

        private final boolean isSilent;
        private final short version;
        private final ProduceResponse response;
        private final List<Part> parts;
        private int answered;

        ProduceAnswer(boolean isSilent, short version, ProduceResponse response, List<Part> parts) {
            this.isSilent = isSilent;
            this.version = version;
            this.response = response;
            this.parts = parts;
        }

        @Override
        public @Nullable Outcome poll(long nowMs) {
            while (answered < parts.size()) {
                Part part = parts.get(answered);
                if (isSilent && !part.pending().isDone()) {
                    return new Silence();
                }
                if (!part.pending().isDone()) {
                    return null;
                }
                if (isSilent && part.pending().isFailed()) {
                    return new Hangup("a batch without acknowledgement was refused: "
                            + part.pending().message());
                }
                fill(part.response(), part.pending());
                answered++;
            }
            return isSilent ? new Silence() : new Response(response);
        }

        private void fill(PartitionProduceResponse response, Pending<Appended> pending) {
            if (pending.isFailed()) {
                response.errorCode(errorOf(pending).code()).errorMessage(pending.message());
                return;
            }
            Appended appended = pending.value();
            response.baseOffset(appended.baseOffset())
                    .logAppendTimeMs(appended.logAppendTimeMs())
                    .logStartOffset(appended.logStartOffset());
        }

        /** Before version 12 producers do not know that they should ask again, except for this reason. */
        private ErrorCode errorOf(Pending<Appended> pending) {
            boolean unknown = pending.error() == ErrorCode.CONCURRENT_TRANSACTIONS && version < ENLISTS;
            return unknown ? ErrorCode.NOT_ENOUGH_REPLICAS : pending.error();
        }
    }
}
