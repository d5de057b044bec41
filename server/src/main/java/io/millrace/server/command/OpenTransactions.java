package io.millrace.server.command;

import io.millrace.broker.message.DescribeProducersRequest;
import io.millrace.broker.message.DescribeProducersRequest.TopicRequest;
import io.millrace.broker.message.DescribeProducersResponse;
import io.millrace.broker.message.WriteTxnMarkersRequest;
import io.millrace.broker.message.WriteTxnMarkersRequest.WritableTxnMarker;
import io.millrace.broker.message.WriteTxnMarkersRequest.WritableTxnMarker.WritableTxnMarkerTopic;
import io.millrace.broker.message.WriteTxnMarkersResponse;
import io.millrace.client.TopicPartition;
import io.millrace.server.client.ClientException;
import io.millrace.server.client.ClusterClient;
import java.util.ArrayList;
import java.util.List;

/** The transactions that are open in a partition, as its leader sees them, whatever the coordinators say. */
final class OpenTransactions {

    private static final short ABORT_VERSION_MAX = 2;

    /**
     * Who has a transaction open.
     *
     * @param startOffset of its first record
     * @param lastTimestampMs of its last batch, ms since 1970
     */
    record Producer(long id, short epoch, int coordinatorEpoch, long startOffset, long lastTimestampMs) {}

    private final ClusterClient cluster;

    OpenTransactions(ClusterClient cluster) {
        this.cluster = cluster;
    }

    List<Producer> in(TopicPartition partition) {
        DescribeProducersRequest request = new DescribeProducersRequest();
        request.topics()
                .add(new TopicRequest().name(partition.topic()).partitionIndexes(new int[] {partition.partition()}));
        DescribeProducersResponse response = cluster.askNode(
                cluster.leader(partition),
                DescribeProducersRequest.KIND,
                DescribeProducersRequest.HIGHEST_VERSION,
                request,
                DescribeProducersResponse::read);
        List<Producer> open = new ArrayList<>();
        response.topics().forEach(topic -> topic.partitions().forEach(one -> {
            ClientException.check("producers of " + partition, one.errorCode(), one.errorMessage());
            one.activeProducers().stream()
                    .filter(producer -> producer.currentTxnStartOffset() >= 0)
                    .forEach(producer -> open.add(new Producer(
                            producer.producerId(),
                            (short) producer.producerEpoch(),
                            Math.max(0, producer.coordinatorEpoch()),
                            producer.currentTxnStartOffset(),
                            producer.lastTimestamp())));
        }));
        return open;
    }

    /** Writes the marker that its coordinator should have written. */
    void abort(TopicPartition partition, Producer producer) {
        WritableTxnMarker marker = new WritableTxnMarker()
                .producerId(producer.id())
                .producerEpoch(producer.epoch())
                .coordinatorEpoch(producer.coordinatorEpoch())
                .transactionResult(false);
        marker.topics().add(new WritableTxnMarkerTopic().name(partition.topic()).partitionIndexes(new int[] {
                    partition.partition()
                }));
        WriteTxnMarkersRequest request = new WriteTxnMarkersRequest();
        request.markers().add(marker);
        cluster.askNode(
                        cluster.leader(partition),
                        WriteTxnMarkersRequest.KIND,
                        ABORT_VERSION_MAX,
                        request,
                        WriteTxnMarkersResponse::read)
                .markers()
                .forEach(one -> one.topics().forEach(topic -> topic.partitions()
                        .forEach(answered ->
                                ClientException.check("the transaction in " + partition, answered.errorCode(), null))));
    }
}
