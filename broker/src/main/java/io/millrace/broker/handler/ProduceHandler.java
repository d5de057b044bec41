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
import io.millrace.client.TopicDescription;
import io.millrace.client.TopicPartition;
import io.millrace.record.CorruptBatchException;
import io.millrace.record.RecordBatch;
import io.millrace.record.wire.ByteSlice;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Appends batches. The records stay where they came: in the array of the request, of which the log takes its copy.
 *
 * <p>With {@code acks=0} there is no response; an error then closes the connection, so that the client asks for metadata again
 * (as Kafka does). {@code acks=1} and {@code acks=all} are the same on one replica: durable as the topic asks.
 */
final class ProduceHandler implements Handler<ProduceRequest> {

    private static final short TOPIC_IDS = 13;
    private static final short ACKS_NONE = 0;
    private static final short ACKS_ALL = -1;

    private final Surroundings around;

    ProduceHandler(Surroundings around) {
        this.around = around;
    }

    /** One partition's part, on its way. */
    private record Part(PartitionProduceResponse response, Pending<Appended> pending) {}

    @Override
    public Answer handle(ProduceRequest request, Call call) {
        ProduceResponse response = new ProduceResponse();
        List<Part> parts = new ArrayList<>();
        for (TopicProduceData topic : request.topicData()) {
            TopicProduceResponse answered =
                    new TopicProduceResponse().name(topic.name()).topicId(topic.topicId());
            response.responses().add(answered);
            for (PartitionProduceData partition : topic.partitionData()) {
                PartitionProduceResponse one =
                        new PartitionProduceResponse().index(partition.index()).baseOffset(-1);
                answered.partitionResponses().add(one);
                parts.add(new Part(one, append(request, call, topic, partition)));
            }
        }
        return new ProduceAnswer(request.acks() == ACKS_NONE, response, parts);
    }

    private Pending<Appended> append(
            ProduceRequest request, Call call, TopicProduceData topic, PartitionProduceData partition) {
        if (request.acks() < ACKS_ALL || request.acks() > 1) {
            return Pending.failed(ErrorCode.INVALID_REQUIRED_ACKS, "acks must be -1, 0 or 1");
        }
        String name = topic.name();
        if (call.version() >= TOPIC_IDS) {
            TopicDescription found = around.door().topics().withId(topic.topicId());
            if (found == null) {
                return Pending.failed(ErrorCode.UNKNOWN_TOPIC_ID, "there is no topic " + topic.topicId());
            }
            name = found.name();
        }
        if (!around.allows(call, Operation.WRITE, Resource.TOPIC, name)) {
            return Pending.failed(ErrorCode.TOPIC_AUTHORIZATION_FAILED, call.principal() + " may not write " + name);
        }
        RecordBatch batch = batch(partition.records());
        if (batch == null) {
            return Pending.failed(
                    ErrorCode.INVALID_RECORD, "a produce request has exactly one batch of format v2 per partition");
        }
        return around.door()
                .append(new TopicPartition(name, partition.index()), batch, transactionalId(request, batch));
    }

    private static @Nullable String transactionalId(ProduceRequest request, RecordBatch batch) {
        return batch.isTransactional() ? request.transactionalId() : null;
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
        private final ProduceResponse response;
        private final List<Part> parts;
        private int answered;

        ProduceAnswer(boolean isSilent, ProduceResponse response, List<Part> parts) {
            this.isSilent = isSilent;
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

        private static void fill(PartitionProduceResponse response, Pending<Appended> pending) {
            if (pending.isFailed()) {
                response.errorCode(pending.error().code()).errorMessage(pending.message());
                return;
            }
            Appended appended = pending.value();
            response.baseOffset(appended.baseOffset())
                    .logAppendTimeMs(appended.logAppendTimeMs())
                    .logStartOffset(appended.logStartOffset());
        }
    }
}
