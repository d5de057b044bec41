package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Authorizer;
import io.millrace.broker.Authorizer.Operation;
import io.millrace.broker.Authorizer.Resource;
import io.millrace.broker.Call;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.ListPartitionReassignmentsRequest;
import io.millrace.broker.message.ListPartitionReassignmentsResponse;
import io.millrace.client.ErrorCode;

/** Tells which partitions are moving between nodes: none, there is one node. */
final class ListPartitionReassignmentsHandler implements Handler<ListPartitionReassignmentsRequest> {

    private final Surroundings around;

    ListPartitionReassignmentsHandler(Surroundings around) {
        this.around = around;
    }

    @Override
    public Answer handle(ListPartitionReassignmentsRequest request, Call call) {
        ListPartitionReassignmentsResponse response = new ListPartitionReassignmentsResponse().errorMessage(null);
        if (!around.allows(call, Operation.DESCRIBE, Resource.CLUSTER, Authorizer.CLUSTER_NAME)) {
            ErrorCode why = ErrorCode.CLUSTER_AUTHORIZATION_FAILED;
            response.errorCode(why.code()).errorMessage(why.meaning());
        }
        return Answer.of(response);
    }
}
