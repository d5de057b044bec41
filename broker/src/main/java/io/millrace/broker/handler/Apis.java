package io.millrace.broker.handler;

import io.millrace.broker.Api;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.ApiVersionsRequest;
import io.millrace.broker.message.CreateTopicsRequest;
import io.millrace.broker.message.DeleteGroupsRequest;
import io.millrace.broker.message.DeleteTopicsRequest;
import io.millrace.broker.message.DescribeGroupsRequest;
import io.millrace.broker.message.FetchRequest;
import io.millrace.broker.message.FindCoordinatorRequest;
import io.millrace.broker.message.HeartbeatRequest;
import io.millrace.broker.message.InitProducerIdRequest;
import io.millrace.broker.message.JoinGroupRequest;
import io.millrace.broker.message.LeaveGroupRequest;
import io.millrace.broker.message.ListGroupsRequest;
import io.millrace.broker.message.ListOffsetsRequest;
import io.millrace.broker.message.MetadataRequest;
import io.millrace.broker.message.OffsetCommitRequest;
import io.millrace.broker.message.OffsetDeleteRequest;
import io.millrace.broker.message.OffsetFetchRequest;
import io.millrace.broker.message.OffsetForLeaderEpochRequest;
import io.millrace.broker.message.ProduceRequest;
import io.millrace.broker.message.SyncGroupRequest;
import io.millrace.record.wire.Message;
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
        all.add(new Api<>(
                ProduceRequest.API_KEY,
                "Produce",
                ProduceRequest.LOWEST_VERSION,
                (short) 11,
                (short) 0,
                ProduceRequest.LOWEST_FLEXIBLE_VERSION,
                ProduceRequest::read,
                new ProduceHandler(around)));
        all.add(
                FetchRequest.API_KEY,
                "Fetch",
                FetchRequest.LOWEST_VERSION,
                FetchRequest.HIGHEST_VERSION,
                FetchRequest.LOWEST_FLEXIBLE_VERSION,
                FetchRequest::read,
                new FetchHandler(around));
        all.add(
                ListOffsetsRequest.API_KEY,
                "ListOffsets",
                ListOffsetsRequest.LOWEST_VERSION,
                ListOffsetsRequest.HIGHEST_VERSION,
                ListOffsetsRequest.LOWEST_FLEXIBLE_VERSION,
                ListOffsetsRequest::read,
                new ListOffsetsHandler(around));
        all.add(
                MetadataRequest.API_KEY,
                "Metadata",
                MetadataRequest.LOWEST_VERSION,
                MetadataRequest.HIGHEST_VERSION,
                MetadataRequest.LOWEST_FLEXIBLE_VERSION,
                MetadataRequest::read,
                new MetadataHandler(around));
        all.add(
                FindCoordinatorRequest.API_KEY,
                "FindCoordinator",
                FindCoordinatorRequest.LOWEST_VERSION,
                FindCoordinatorRequest.HIGHEST_VERSION,
                FindCoordinatorRequest.LOWEST_FLEXIBLE_VERSION,
                FindCoordinatorRequest::read,
                new FindCoordinatorHandler(around));
        all.add(
                ApiVersionsRequest.API_KEY,
                "ApiVersions",
                ApiVersionsRequest.LOWEST_VERSION,
                ApiVersionsHandler.HIGHEST,
                ApiVersionsRequest.LOWEST_FLEXIBLE_VERSION,
                ApiVersionsRequest::read,
                new ApiVersionsHandler(all.apis::values));
        all.add(
                InitProducerIdRequest.API_KEY,
                "InitProducerId",
                InitProducerIdRequest.LOWEST_VERSION,
                (short) 5,
                InitProducerIdRequest.LOWEST_FLEXIBLE_VERSION,
                InitProducerIdRequest::read,
                new InitProducerIdHandler(around));
        all.add(
                OffsetForLeaderEpochRequest.API_KEY,
                "OffsetForLeaderEpoch",
                OffsetForLeaderEpochRequest.LOWEST_VERSION,
                OffsetForLeaderEpochRequest.HIGHEST_VERSION,
                OffsetForLeaderEpochRequest.LOWEST_FLEXIBLE_VERSION,
                OffsetForLeaderEpochRequest::read,
                new OffsetForLeaderEpochHandler(around));
        all.add(
                JoinGroupRequest.API_KEY,
                "JoinGroup",
                JoinGroupRequest.LOWEST_VERSION,
                JoinGroupRequest.HIGHEST_VERSION,
                JoinGroupRequest.LOWEST_FLEXIBLE_VERSION,
                JoinGroupRequest::read,
                new JoinGroupHandler(around));
        all.add(
                SyncGroupRequest.API_KEY,
                "SyncGroup",
                SyncGroupRequest.LOWEST_VERSION,
                SyncGroupRequest.HIGHEST_VERSION,
                SyncGroupRequest.LOWEST_FLEXIBLE_VERSION,
                SyncGroupRequest::read,
                new SyncGroupHandler(around));
        all.add(
                HeartbeatRequest.API_KEY,
                "Heartbeat",
                HeartbeatRequest.LOWEST_VERSION,
                HeartbeatRequest.HIGHEST_VERSION,
                HeartbeatRequest.LOWEST_FLEXIBLE_VERSION,
                HeartbeatRequest::read,
                new HeartbeatHandler(around));
        all.add(
                LeaveGroupRequest.API_KEY,
                "LeaveGroup",
                LeaveGroupRequest.LOWEST_VERSION,
                LeaveGroupRequest.HIGHEST_VERSION,
                LeaveGroupRequest.LOWEST_FLEXIBLE_VERSION,
                LeaveGroupRequest::read,
                new LeaveGroupHandler(around));
        all.add(
                OffsetCommitRequest.API_KEY,
                "OffsetCommit",
                OffsetCommitRequest.LOWEST_VERSION,
                OffsetCommitRequest.HIGHEST_VERSION,
                OffsetCommitRequest.LOWEST_FLEXIBLE_VERSION,
                OffsetCommitRequest::read,
                new OffsetCommitHandler(around));
        all.add(
                OffsetFetchRequest.API_KEY,
                "OffsetFetch",
                OffsetFetchRequest.LOWEST_VERSION,
                OffsetFetchRequest.HIGHEST_VERSION,
                OffsetFetchRequest.LOWEST_FLEXIBLE_VERSION,
                OffsetFetchRequest::read,
                new OffsetFetchHandler(around));
        all.add(
                OffsetDeleteRequest.API_KEY,
                "OffsetDelete",
                OffsetDeleteRequest.LOWEST_VERSION,
                OffsetDeleteRequest.HIGHEST_VERSION,
                OffsetDeleteRequest.LOWEST_FLEXIBLE_VERSION,
                OffsetDeleteRequest::read,
                new OffsetDeleteHandler(around));
        all.add(
                ListGroupsRequest.API_KEY,
                "ListGroups",
                ListGroupsRequest.LOWEST_VERSION,
                ListGroupsRequest.HIGHEST_VERSION,
                ListGroupsRequest.LOWEST_FLEXIBLE_VERSION,
                ListGroupsRequest::read,
                new ListGroupsHandler(around));
        all.add(
                DescribeGroupsRequest.API_KEY,
                "DescribeGroups",
                DescribeGroupsRequest.LOWEST_VERSION,
                DescribeGroupsRequest.HIGHEST_VERSION,
                DescribeGroupsRequest.LOWEST_FLEXIBLE_VERSION,
                DescribeGroupsRequest::read,
                new DescribeGroupsHandler(around));
        all.add(
                DeleteGroupsRequest.API_KEY,
                "DeleteGroups",
                DeleteGroupsRequest.LOWEST_VERSION,
                DeleteGroupsRequest.HIGHEST_VERSION,
                DeleteGroupsRequest.LOWEST_FLEXIBLE_VERSION,
                DeleteGroupsRequest::read,
                new DeleteGroupsHandler(around));
        all.add(
                CreateTopicsRequest.API_KEY,
                "CreateTopics",
                CreateTopicsRequest.LOWEST_VERSION,
                CreateTopicsRequest.HIGHEST_VERSION,
                CreateTopicsRequest.LOWEST_FLEXIBLE_VERSION,
                CreateTopicsRequest::read,
                new CreateTopicsHandler(around));
        all.add(
                DeleteTopicsRequest.API_KEY,
                "DeleteTopics",
                DeleteTopicsRequest.LOWEST_VERSION,
                DeleteTopicsRequest.HIGHEST_VERSION,
                DeleteTopicsRequest.LOWEST_FLEXIBLE_VERSION,
                DeleteTopicsRequest::read,
                new DeleteTopicsHandler(around));
        return Collections.unmodifiableMap(all.apis);
    }

    private <Q extends Message> void add(
            short key,
            String name,
            short lowest,
            short highest,
            int lowestFlexible,
            Message.Decoder<Q> decoder,
            Handler<Q> handler) {
        add(new Api<>(key, name, lowest, highest, lowest, lowestFlexible, decoder, handler));
    }

    private void add(Api<?> api) {
        apis.put(api.key(), api);
    }
}
