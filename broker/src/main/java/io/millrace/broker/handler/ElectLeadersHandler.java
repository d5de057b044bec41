package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Authorizer;
import io.millrace.broker.Authorizer.Operation;
import io.millrace.broker.Authorizer.Resource;
import io.millrace.broker.Call;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.ElectLeadersRequest;
import io.millrace.broker.message.ElectLeadersRequest.TopicPartitions;
import io.millrace.broker.message.ElectLeadersResponse;
import io.millrace.broker.message.ElectLeadersResponse.ReplicaElectionResult;
import io.millrace.broker.message.ElectLeadersResponse.ReplicaElectionResult.PartitionResult;
import io.millrace.client.ErrorCode;
import io.millrace.client.TopicPartition;
import java.util.List;

/** Elects leaders anew: never needed where each partition has one replica, which leads. */
final class ElectLeadersHandler implements Handler<ElectLeadersRequest> {

    private final Surroundings around;

    ElectLeadersHandler(Surroundings around) {
        this.around = around;
    }

    @Override
    public Answer handle(ElectLeadersRequest request, Call call) {
        ElectLeadersResponse response = new ElectLeadersResponse();
        List<TopicPartitions> asked = request.topicPartitions();
        boolean allowed = around.allows(call, Operation.ALTER, Resource.CLUSTER, Authorizer.CLUSTER_NAME);
        if (!allowed) {
            response.errorCode(ErrorCode.CLUSTER_AUTHORIZATION_FAILED.code());
        }
        if (asked == null) {
            return Answer.of(response); // of all partitions only those are told that have another leader now: none
        }
        for (TopicPartitions topic : asked) {
            ReplicaElectionResult results = new ReplicaElectionResult().topic(topic.topic());
            response.replicaElectionResults().add(results);
            for (int partition : topic.partitions()) {
                ErrorCode why = allowed ? refusal(topic.topic(), partition) : ErrorCode.CLUSTER_AUTHORIZATION_FAILED;
                results.partitionResult()
                        .add(new PartitionResult()
                                .partitionId(partition)
                                .errorCode(why.code())
                                .errorMessage(why.meaning()));
            }
        }
        return Answer.of(response);
    }

    private ErrorCode refusal(String topic, int partition) {
        boolean exists = partition >= 0 && around.door().partition(new TopicPartition(topic, partition)) != null;
        return exists ? ErrorCode.ELECTION_NOT_NEEDED : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
    }
}
