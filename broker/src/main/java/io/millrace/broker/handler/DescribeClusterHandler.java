package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Authorizer;
import io.millrace.broker.Authorizer.Operation;
import io.millrace.broker.Authorizer.Resource;
import io.millrace.broker.Call;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.DescribeClusterRequest;
import io.millrace.broker.message.DescribeClusterResponse;
import io.millrace.broker.message.DescribeClusterResponse.DescribeClusterBroker;
import io.millrace.client.ErrorCode;

/** Tells of the one node that is the cluster. */
final class DescribeClusterHandler implements Handler<DescribeClusterRequest> {

    private static final byte BROKERS = 1;
    private static final byte CONTROLLERS = 2;
    private static final short ENDPOINT_TYPES = 1;

    private final Surroundings around;

    DescribeClusterHandler(Surroundings around) {
        this.around = around;
    }

    @Override
    public Answer handle(DescribeClusterRequest request, Call call) {
        DescribeClusterResponse response = new DescribeClusterResponse();
        if (request.endpointType() != BROKERS) {
            boolean isKnown = request.endpointType() == CONTROLLERS;
            ErrorCode why = call.version() < ENDPOINT_TYPES
                    ? ErrorCode.INVALID_REQUEST
                    : isKnown ? ErrorCode.MISMATCHED_ENDPOINT_TYPE : ErrorCode.UNSUPPORTED_ENDPOINT_TYPE;
            return Answer.of(response.errorCode(why.code())
                    .errorMessage(
                            isKnown
                                    ? "The request was sent to an endpoint of type BROKER, but we wanted an endpoint of"
                                            + " type CONTROLLER"
                                    : "Unsupported endpoint type " + request.endpointType()));
        }
        int nodeId = around.cluster().nodeId();
        response.clusterId(around.cluster().id()).controllerId(nodeId);
        response.brokers()
                .add(new DescribeClusterBroker()
                        .brokerId(nodeId)
                        .host(call.listener().host())
                        .port(call.listener().port())
                        .rack(around.config().rack()));
        if (request.includeClusterAuthorizedOperations()) {
            boolean mayKnow = around.allows(call, Operation.DESCRIBE, Resource.CLUSTER, Authorizer.CLUSTER_NAME);
            response.clusterAuthorizedOperations(
                    mayKnow ? AuthorizedOperations.of(around, call, Resource.CLUSTER, Authorizer.CLUSTER_NAME) : 0);
        }
        return Answer.of(response);
    }
}
