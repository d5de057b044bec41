package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Authorizer;
import io.millrace.broker.Authorizer.Operation;
import io.millrace.broker.Authorizer.Resource;
import io.millrace.broker.Call;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.DescribeQuorumRequest;
import io.millrace.broker.message.DescribeQuorumResponse;
import io.millrace.broker.message.DescribeQuorumResponse.Node;
import io.millrace.broker.message.DescribeQuorumResponse.Node.Listener;
import io.millrace.broker.message.DescribeQuorumResponse.ReplicaState;
import io.millrace.broker.message.DescribeQuorumResponse.TopicData;
import io.millrace.broker.message.DescribeQuorumResponse.TopicData.PartitionData;
import io.millrace.client.ErrorCode;

/**
 * Tells who keeps the metadata: this node, the one voter. Its metadata are a file that is replaced as a whole and no log, so
 * the offsets stay at 0; the epoch is that of the node's life.
 */
final class DescribeQuorumHandler implements Handler<DescribeQuorumRequest> {

    private static final String METADATA = "__cluster_metadata";

    /** From here on the answer tells where the nodes are. */
    private static final short NODES = 2;

    private final Surroundings around;

    DescribeQuorumHandler(Surroundings around) {
        this.around = around;
    }

    @Override
    public Answer handle(DescribeQuorumRequest request, Call call) {
        DescribeQuorumResponse response = new DescribeQuorumResponse().errorMessage(null);
        if (!around.allows(call, Operation.DESCRIBE, Resource.CLUSTER, Authorizer.CLUSTER_NAME)) {
            ErrorCode why = ErrorCode.CLUSTER_AUTHORIZATION_FAILED;
            return Answer.of(response.errorCode(why.code()).errorMessage(why.meaning()));
        }
        request.topics().forEach(topic -> {
            TopicData described = new TopicData().topicName(topic.topicName());
            response.topics().add(described);
            topic.partitions()
                    .forEach(partition ->
                            described.partitions().add(describe(topic.topicName(), partition.partitionIndex())));
        });
        if (call.version() >= NODES) {
            response.nodes().add(node(call));
        }
        return Answer.of(response);
    }

    private Node node(Call call) {
        Node node = new Node().nodeId(around.cluster().nodeId());
        node.listeners()
                .add(new Listener()
                        .name(call.listener().listener())
                        .host(call.listener().host())
                        .port(call.listener().port()));
        return node;
    }

    private PartitionData describe(String topic, int partition) {
        PartitionData described = new PartitionData().partitionIndex(partition).errorMessage(null);
        if (!topic.equals(METADATA) || partition != 0) {
            ErrorCode why = ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
            return described.errorCode(why.code()).errorMessage(why.meaning());
        }
        described
                .leaderId(around.cluster().nodeId())
                .leaderEpoch(around.door().leaderEpoch())
                .currentVoters()
                .add(new ReplicaState().replicaId(around.cluster().nodeId()));
        return described;
    }
}
