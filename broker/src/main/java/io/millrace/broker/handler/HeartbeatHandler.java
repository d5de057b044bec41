package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Authorizer.Operation;
import io.millrace.broker.Authorizer.Resource;
import io.millrace.broker.Call;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.HeartbeatRequest;
import io.millrace.broker.message.HeartbeatResponse;
import io.millrace.client.ErrorCode;
import io.millrace.coordinator.GroupRequest;

/** A sign of life of a member, which is told of a rebalance in return. */
final class HeartbeatHandler implements Handler<HeartbeatRequest> {

    private final Surroundings around;

    HeartbeatHandler(Surroundings around) {
        this.around = around;
    }

    @Override
    public Answer handle(HeartbeatRequest request, Call call) {
        if (!around.allows(call, Operation.READ, Resource.GROUP, request.groupId())) {
            return Answer.of(new HeartbeatResponse().errorCode(ErrorCode.GROUP_AUTHORIZATION_FAILED.code()));
        }
        return Answer.when(
                around.door()
                        .heartbeat(new GroupRequest.Heartbeat(
                                request.groupId(),
                                request.memberId(),
                                request.groupInstanceId(),
                                request.generationId())),
                answer -> new HeartbeatResponse()
                        .errorCode((answer.isFailed() ? answer.error() : answer.value()).code()));
    }
}
