package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Authorizer.Operation;
import io.millrace.broker.Authorizer.Resource;
import io.millrace.broker.Call;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.Traffic;
import io.millrace.broker.message.ProduceRequest;
import io.millrace.broker.message.ProduceRequest.TopicProduceData;
import io.millrace.broker.message.ProduceRequest.TopicProduceData.PartitionProduceData;
import io.millrace.broker.message.ProduceResponse;
import io.millrace.broker.message.ProduceResponse.TopicProduceResponse;
import io.millrace.broker.message.ProduceResponse.TopicProduceResponse.PartitionProduceResponse;
import io.millrace.broker.message.ProduceResponse.TopicProduceResponse.PartitionProduceResponse.BatchIndexAndErrorMessage;
import io.millrace.client.Appended;
import io.millrace.client.ErrorCode;
import io.millrace.client.Pending;
import io.millrace.client.ProducerIdentity;
import io.millrace.client.TopicDescription;
import io.millrace.client.TopicPartition;
import io.millrace.node.Enlistment;
import io.millrace.node.InTransaction;
import io.millrace.node.PartitionHandle;
import io.millrace.node.RefusedBatch;
import io.millrace.record.Compression;
import io.millrace.record.ProducedRecords;
import io.millrace.record.RecordBatch;
import io.millrace.record.wire.ByteSlice;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Appends batches. The records stay where they came: in the array of the request, of which the log takes its copy.
 *
 * <p>With {@code acks=0} there is no response; an error then closes the connection, so that the client asks for metadata again
 * (as Kafka does). The request is served until the log has taken or refused all of it, so its memory counts as long. {@code acks=1} and {@code acks=all} are the same on one replica: durable as the topic asks.
 *
 * <p>In a transaction, version 12 makes the partition a part of it; before, the producer must have done that (KIP-890).
 */
final class ProduceHandler implements Handler<ProduceRequest> {

    private static final short TOPIC_IDS = 13;
    private static final short ENLISTS = 12;
    private static final short ZSTD = 7;
    private static final short ABORTABLE = 11;
    private static final short ACKS_NONE = 0;
    private static final short ACKS_ALL = -1;

    private final Surroundings around;

    ProduceHandler(Surroundings around) {
        this.around = around;
    }

    private record Refusal(ErrorCode error, String message) {}

    private record Topic(String name, UUID id) {}

    private record Key(Topic topic, int partition) {}

    /** What a request has for one partition. */
    private record Asked(
            Topic topic, int partition, @Nullable ProducedRecords records) {

        static Asked of(Topic topic, PartitionProduceData partition) {
            ByteSlice records = partition.records();
            return new Asked(
                    topic,
                    partition.index(),
                    records == null ? null : ProducedRecords.read(records.bytes(), records.position(), records.size()));
        }

        @Nullable
        RecordBatch batch() {
            return records instanceof ProducedRecords.One one ? one.batch() : null;
        }
    }

    /** One partition's part, on its way. */
    private record Part(
            PartitionProduceResponse response,
            Pending<Appended> pending,
            RefusedBatch told,
            @Nullable RecordBatch batch) {}

    @Override
    public Answer handle(ProduceRequest request, Call call) {
        Collection<Asked> all = asked(request);
        Refusal forAll = refusalOfAll(request, all, call);
        ProduceResponse response = new ProduceResponse();
        Map<Topic, TopicProduceResponse> topics = new HashMap<>();
        List<Part> parts = new ArrayList<>(all.size());
        for (Asked asked : all) {
            PartitionProduceResponse one =
                    new PartitionProduceResponse().index(asked.partition()).baseOffset(-1);
            topics.computeIfAbsent(asked.topic(), topic -> added(response, topic))
                    .partitionResponses()
                    .add(one);
            RefusedBatch told = new RefusedBatch();
            Pending<Appended> pending = forAll == null
                    ? append(request, call, asked, told)
                    : Pending.failed(forAll.error(), forAll.message());
            parts.add(new Part(one, pending, told, asked.batch()));
        }
        return new ProduceAnswer(around.traffic(), request.acks() == ACKS_NONE, call.version(), response, parts);
    }

    private static TopicProduceResponse added(ProduceResponse response, Topic topic) {
        TopicProduceResponse answered =
                new TopicProduceResponse().name(topic.name()).topicId(topic.id());
        response.responses().add(answered);
        return answered;
    }

    /** Of a partition that is named twice what is named last, as with Kafka. */
    private static Collection<Asked> asked(ProduceRequest request) {
        Map<Key, Asked> all = new LinkedHashMap<>();
        for (TopicProduceData data : request.topicData()) {
            Topic topic = new Topic(data.name(), data.topicId());
            for (PartitionProduceData partition : data.partitionData()) {
                all.put(new Key(topic, partition.index()), Asked.of(topic, partition));
            }
        }
        return all.values();
    }

    /** Why nothing of a request is taken; null if each partition has its own answer. */
    private @Nullable Refusal refusalOfAll(ProduceRequest request, Collection<Asked> all, Call call) {
        if (request.acks() < ACKS_ALL || request.acks() > 1) {
            return new Refusal(ErrorCode.INVALID_REQUIRED_ACKS, "acks must be -1, 0 or 1");
        }
        Set<ProducerIdentity> producers = new HashSet<>();
        for (Asked asked : all) {
            RecordBatch batch = asked.batch();
            if (batch != null && batch.isTransactional()) {
                producers.add(new ProducerIdentity(batch.producerId(), batch.producerEpoch()));
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

    private Pending<Appended> append(ProduceRequest request, Call call, Asked asked, RefusedBatch told) {
        String name = asked.topic().name();
        UUID topicId = null;
        if (call.version() >= TOPIC_IDS) {
            topicId = asked.topic().id();
            TopicDescription found = around.door().topics().withId(topicId);
            if (found == null) {
                return Pending.failed(ErrorCode.UNKNOWN_TOPIC_ID, "there is no topic " + topicId);
            }
            name = found.name();
        }
        if (!around.allows(call, Operation.WRITE, Resource.TOPIC, name)) {
            return Pending.failed(ErrorCode.TOPIC_AUTHORIZATION_FAILED, call.principal() + " may not write " + name);
        }
        TopicPartition id = new TopicPartition(name, asked.partition());
        PartitionHandle handle = around.door().partition(id);
        if (handle == null) {
            return Pending.failed(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "there is no partition " + id);
        }
        RecordBatch batch = asked.batch();
        if (batch == null) {
            return refused(asked.records(), told, handle);
        }
        if (call.version() < ZSTD && batch.compression() == Compression.ZSTD) {
            return Pending.failed(
                    ErrorCode.UNSUPPORTED_COMPRESSION_TYPE, "zstd needs version " + ZSTD + " of produce requests");
        }
        return around.door().append(id, topicId, batch, transaction(request, call, batch), told);
    }

    private static Pending<Appended> refused(
            @Nullable ProducedRecords records, RefusedBatch told, PartitionHandle handle) {
        if (records instanceof ProducedRecords.Corrupt corrupt) {
            return Pending.failed(ErrorCode.CORRUPT_MESSAGE, corrupt.message());
        }
        if (records instanceof ProducedRecords.Invalid invalid) {
            if (invalid.contradicts()) {
                told.logStartOffset(handle.ends().logStartOffset());
            }
            return Pending.failed(ErrorCode.INVALID_RECORD, invalid.message());
        }
        return Pending.failed(ErrorCode.INVALID_RECORD, "there are no records for the partition");
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

    private static final class ProduceAnswer implements Answer {

        private final Traffic traffic;
        private final boolean isSilent;
        private final short version;
        private final ProduceResponse response;
        private final List<Part> parts;
        private int answered;

        /** Of the first batch that was refused, if nobody is told. */
        private @Nullable String refusal;

        ProduceAnswer(Traffic traffic, boolean isSilent, short version, ProduceResponse response, List<Part> parts) {
            this.traffic = traffic;
            this.isSilent = isSilent;
            this.version = version;
            this.response = response;
            this.parts = parts;
        }

        @Override
        public @Nullable Outcome poll(long nowMs) {
            while (answered < parts.size()) {
                Part part = parts.get(answered);
                if (!part.pending().isDone()) {
                    return null;
                }
                if (isSilent && part.pending().isFailed() && refusal == null) {
                    refusal = part.pending().message();
                }
                count(part);
                fill(part);
                answered++;
            }
            if (!isSilent) {
                return new Response(response);
            }
            return refusal == null
                    ? new Silence()
                    : new Hangup("a batch without acknowledgement was refused: " + refusal);
        }

        private void count(Part part) {
            RecordBatch batch = part.batch();
            if (batch != null && !part.pending().isFailed()) {
                traffic.produced(batch.recordCount(), batch.sizeInBytes());
            }
        }

        private void fill(Part part) {
            PartitionProduceResponse response = part.response();
            Pending<Appended> pending = part.pending();
            if (pending.isFailed()) {
                response.errorCode(errorOf(pending).code())
                        .errorMessage(pending.message())
                        .logStartOffset(part.told().logStartOffset())
                        .recordErrors(part.told().faults().stream()
                                .map(fault -> new BatchIndexAndErrorMessage()
                                        .batchIndex(fault.index())
                                        .batchIndexErrorMessage(fault.message()))
                                .toList());
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
