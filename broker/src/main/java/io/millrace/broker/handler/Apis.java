package io.millrace.broker.handler;

import io.millrace.broker.Api;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.AddOffsetsToTxnRequest;
import io.millrace.broker.message.AddPartitionsToTxnRequest;
import io.millrace.broker.message.AlterClientQuotasRequest;
import io.millrace.broker.message.AlterConfigsRequest;
import io.millrace.broker.message.ApiVersionsRequest;
import io.millrace.broker.message.ConsumerGroupDescribeRequest;
import io.millrace.broker.message.ConsumerGroupHeartbeatRequest;
import io.millrace.broker.message.CreatePartitionsRequest;
import io.millrace.broker.message.CreateTopicsRequest;
import io.millrace.broker.message.DeleteGroupsRequest;
import io.millrace.broker.message.DeleteRecordsRequest;
import io.millrace.broker.message.DeleteTopicsRequest;
import io.millrace.broker.message.DescribeClientQuotasRequest;
import io.millrace.broker.message.DescribeClusterRequest;
import io.millrace.broker.message.DescribeConfigsRequest;
import io.millrace.broker.message.DescribeGroupsRequest;
import io.millrace.broker.message.DescribeLogDirsRequest;
import io.millrace.broker.message.DescribeProducersRequest;
import io.millrace.broker.message.DescribeQuorumRequest;
import io.millrace.broker.message.DescribeTopicPartitionsRequest;
import io.millrace.broker.message.DescribeTransactionsRequest;
import io.millrace.broker.message.ElectLeadersRequest;
import io.millrace.broker.message.EndTxnRequest;
import io.millrace.broker.message.FetchRequest;
import io.millrace.broker.message.FindCoordinatorRequest;
import io.millrace.broker.message.HeartbeatRequest;
import io.millrace.broker.message.IncrementalAlterConfigsRequest;
import io.millrace.broker.message.InitProducerIdRequest;
import io.millrace.broker.message.JoinGroupRequest;
import io.millrace.broker.message.LeaveGroupRequest;
import io.millrace.broker.message.ListConfigResourcesRequest;
import io.millrace.broker.message.ListGroupsRequest;
import io.millrace.broker.message.ListOffsetsRequest;
import io.millrace.broker.message.ListPartitionReassignmentsRequest;
import io.millrace.broker.message.ListTransactionsRequest;
import io.millrace.broker.message.MetadataRequest;
import io.millrace.broker.message.OffsetCommitRequest;
import io.millrace.broker.message.OffsetDeleteRequest;
import io.millrace.broker.message.OffsetFetchRequest;
import io.millrace.broker.message.OffsetForLeaderEpochRequest;
import io.millrace.broker.message.ProduceRequest;
import io.millrace.broker.message.SyncGroupRequest;
import io.millrace.broker.message.TxnOffsetCommitRequest;
import io.millrace.broker.message.WriteTxnMarkersRequest;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** The APIs this node serves, and in which versions: what is not in here is not advertised and closes the connection. */
public final class Apis {

    private final Map<Short, Api<?>> apis = new TreeMap<>();

    private Apis() {}

    /** The handlers of one event loop. */
    public static Map<Short, Api<?>> of(Surroundings around) {
        Apis all = new Apis();
        // librdkafka compresses only if Produce v0 is advertised, although nobody may use it (KAFKA-18659).
        all.add(Api.of(ProduceRequest.KIND, new ProduceHandler(around)).advertisedFrom(0));
        all.add(Api.of(FetchRequest.KIND, new FetchHandler(around)));
        all.add(Api.of(ListOffsetsRequest.KIND, new ListOffsetsHandler(around)));
        all.add(Api.of(MetadataRequest.KIND, new MetadataHandler(around)));
        all.add(Api.of(FindCoordinatorRequest.KIND, new FindCoordinatorHandler(around)));
        all.add(Api.of(ApiVersionsRequest.KIND, new ApiVersionsHandler(around, all.apis::values)));
        all.add(Api.of(InitProducerIdRequest.KIND, new InitProducerIdHandler(around))
                .upTo(InitProducerIdHandler.HIGHEST));
        all.add(Api.of(AddPartitionsToTxnRequest.KIND, new AddPartitionsToTxnHandler(around)));
        all.add(Api.of(AddOffsetsToTxnRequest.KIND, new AddOffsetsToTxnHandler(around)));
        all.add(Api.of(EndTxnRequest.KIND, new EndTxnHandler(around)));
        all.add(Api.of(WriteTxnMarkersRequest.KIND, new WriteTxnMarkersHandler(around)));
        all.add(Api.of(TxnOffsetCommitRequest.KIND, new TxnOffsetCommitHandler(around)));
        all.add(Api.of(DescribeProducersRequest.KIND, new DescribeProducersHandler(around)));
        all.add(Api.of(DescribeTransactionsRequest.KIND, new DescribeTransactionsHandler(around)));
        all.add(Api.of(ListTransactionsRequest.KIND, new ListTransactionsHandler(around)));
        all.add(Api.of(OffsetForLeaderEpochRequest.KIND, new OffsetForLeaderEpochHandler(around)));
        all.add(Api.of(JoinGroupRequest.KIND, new JoinGroupHandler(around)));
        all.add(Api.of(SyncGroupRequest.KIND, new SyncGroupHandler(around)));
        all.add(Api.of(HeartbeatRequest.KIND, new HeartbeatHandler(around)));
        all.add(Api.of(LeaveGroupRequest.KIND, new LeaveGroupHandler(around)));
        all.add(Api.of(OffsetCommitRequest.KIND, new OffsetCommitHandler(around)));
        all.add(Api.of(OffsetFetchRequest.KIND, new OffsetFetchHandler(around)));
        all.add(Api.of(OffsetDeleteRequest.KIND, new OffsetDeleteHandler(around)));
        all.add(Api.of(ListGroupsRequest.KIND, new ListGroupsHandler(around)));
        all.add(Api.of(DescribeGroupsRequest.KIND, new DescribeGroupsHandler(around)));
        all.add(Api.of(DeleteGroupsRequest.KIND, new DeleteGroupsHandler(around)));
        all.add(Api.of(ConsumerGroupHeartbeatRequest.KIND, new ConsumerGroupHeartbeatHandler(around)));
        all.add(Api.of(ConsumerGroupDescribeRequest.KIND, new ConsumerGroupDescribeHandler(around)));
        all.add(Api.of(CreateTopicsRequest.KIND, new CreateTopicsHandler(around)));
        all.add(Api.of(DeleteTopicsRequest.KIND, new DeleteTopicsHandler(around)));
        all.add(Api.of(CreatePartitionsRequest.KIND, new CreatePartitionsHandler(around)));
        all.add(Api.of(DeleteRecordsRequest.KIND, new DeleteRecordsHandler(around)));
        all.add(Api.of(DescribeConfigsRequest.KIND, new DescribeConfigsHandler(around)));
        all.add(Api.of(AlterConfigsRequest.KIND, new AlterConfigsHandler(around)));
        all.add(Api.of(IncrementalAlterConfigsRequest.KIND, new IncrementalAlterConfigsHandler(around)));
        all.add(Api.of(ListConfigResourcesRequest.KIND, new ListConfigResourcesHandler(around)));
        all.add(Api.of(DescribeClusterRequest.KIND, new DescribeClusterHandler(around)));
        all.add(Api.of(DescribeTopicPartitionsRequest.KIND, new DescribeTopicPartitionsHandler(around)));
        all.add(Api.of(DescribeLogDirsRequest.KIND, new DescribeLogDirsHandler(around)));
        all.add(Api.of(ElectLeadersRequest.KIND, new ElectLeadersHandler(around)));
        all.add(Api.of(ListPartitionReassignmentsRequest.KIND, new ListPartitionReassignmentsHandler(around)));
        all.add(Api.of(DescribeQuorumRequest.KIND, new DescribeQuorumHandler(around)));
        all.add(Api.of(DescribeClientQuotasRequest.KIND, new DescribeClientQuotasHandler(around)));
        all.add(Api.of(AlterClientQuotasRequest.KIND, new AlterClientQuotasHandler(around)));
        return Collections.unmodifiableMap(all.apis);
    }

    private void add(Api<?> api) {
        apis.put(api.key(), api);
    }
}
