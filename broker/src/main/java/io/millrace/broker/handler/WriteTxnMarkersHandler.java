package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Authorizer;
import io.millrace.broker.Authorizer.Operation;
import io.millrace.broker.Authorizer.Resource;
import io.millrace.broker.Call;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.WriteTxnMarkersRequest;
import io.millrace.broker.message.WriteTxnMarkersRequest.WritableTxnMarker;
import io.millrace.broker.message.WriteTxnMarkersResponse;
import io.millrace.broker.message.WriteTxnMarkersResponse.WritableTxnMarkerResult;
import io.millrace.broker.message.WriteTxnMarkersResponse.WritableTxnMarkerResult.WritableTxnMarkerTopicResult;
import io.millrace.broker.message.WriteTxnMarkersResponse.WritableTxnMarkerResult.WritableTxnMarkerTopicResult.WritableTxnMarkerPartitionResult;
import io.millrace.client.ErrorCode;
import io.millrace.client.Pending;
import io.millrace.client.ProducerIdentity;
import io.millrace.client.TopicPartition;
import io.millrace.coordinator.TransactionVersion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes markers into partitions, as operators ask who end a transaction that nobody else ends (KIP-664). */
final class WriteTxnMarkersHandler implements Handler<WriteTxnMarkersRequest> {

    private final Surroundings around;

    WriteTxnMarkersHandler(Surroundings around) {
        this.around = around;
    }

    /** One producer's markers, on their way. */
    private record Part(
            long producerId, List<TopicPartition> partitions, Pending<Map<TopicPartition, ErrorCode>> pending) {

        ErrorCode error(TopicPartition partition) {
            return pending.isFailed()
                    ? pending.error()
                    : pending.value().getOrDefault(partition, ErrorCode.UNKNOWN_SERVER_ERROR);
        }
    }

    @Override
    public Answer handle(WriteTxnMarkersRequest request, Call call) {
        boolean allowed = around.allows(call, Operation.ALTER, Resource.CLUSTER, Authorizer.CLUSTER_NAME)
                || around.allows(call, Operation.CLUSTER_ACTION, Resource.CLUSTER, Authorizer.CLUSTER_NAME);
        List<Part> parts = new ArrayList<>();
        request.markers().forEach(marker -> parts.add(begin(marker, allowed)));
        return Answer.whenAll(parts.stream().map(Part::pending).toList(), () -> response(parts));
    }

    private Part begin(WritableTxnMarker marker, boolean allowed) {
        List<TopicPartition> partitions = new ArrayList<>();
        marker.topics().forEach(topic -> {
            for (int partition : topic.partitionIndexes()) {
                partitions.add(new TopicPartition(topic.name(), partition));
            }
        });
        Pending<Map<TopicPartition, ErrorCode>> pending = allowed
                ? around.door()
                        .transactions()
                        .writeMarkers(
                                new ProducerIdentity(marker.producerId(), marker.producerEpoch()),
                                marker.transactionResult(),
                                marker.coordinatorEpoch(),
                                TransactionVersion.ofLevel(marker.transactionVersion()),
                                partitions)
                : Pending.failed(ErrorCode.CLUSTER_AUTHORIZATION_FAILED, "markers are written by operators alone");
        return new Part(marker.producerId(), partitions, pending);
    }

    /** One result per producer, however many markers there are of it, as Kafka answers. */
    private static WriteTxnMarkersResponse response(List<Part> parts) {
        Map<Long, Map<String, WritableTxnMarkerTopicResult>> results = new LinkedHashMap<>();
        for (Part part : parts) {
            Map<String, WritableTxnMarkerTopicResult> topics =
                    results.computeIfAbsent(part.producerId(), id -> new LinkedHashMap<>());
            for (TopicPartition partition : part.partitions()) {
                topics.computeIfAbsent(partition.topic(), name -> new WritableTxnMarkerTopicResult().name(name))
                        .partitions()
                        .add(new WritableTxnMarkerPartitionResult()
                                .partitionIndex(partition.partition())
                                .errorCode(part.error(partition).code()));
            }
        }
        WriteTxnMarkersResponse response = new WriteTxnMarkersResponse();
        results.forEach((producerId, topics) -> response.markers()
                .add(new WritableTxnMarkerResult().producerId(producerId).topics(new ArrayList<>(topics.values()))));
        return response;
    }
}
