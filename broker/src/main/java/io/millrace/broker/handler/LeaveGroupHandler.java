package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Authorizer.Operation;
import io.millrace.broker.Authorizer.Resource;
import io.millrace.broker.Call;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.LeaveGroupRequest;
import io.millrace.broker.message.LeaveGroupResponse;
import io.millrace.broker.message.LeaveGroupResponse.MemberResponse;
import io.millrace.client.ErrorCode;
import io.millrace.coordinator.GroupReply.Left;
import io.millrace.coordinator.GroupRequest;
import io.millrace.coordinator.GroupRequest.Leaver;
import java.util.List;

/** Members leave: one by itself, or several whom an operator sends away (KIP-345). */
final class LeaveGroupHandler implements Handler<LeaveGroupRequest> {

    private static final short MANY = 3;

    private final Surroundings around;

    LeaveGroupHandler(Surroundings around) {
        this.around = around;
    }

    @Override
    public Answer handle(LeaveGroupRequest request, Call call) {
        if (!around.allows(call, Operation.READ, Resource.GROUP, request.groupId())) {
            return Answer.of(new LeaveGroupResponse().errorCode(ErrorCode.GROUP_AUTHORIZATION_FAILED.code()));
        }
        if (request.groupId().isEmpty()) {
            return Answer.of(new LeaveGroupResponse().errorCode(ErrorCode.INVALID_GROUP_ID.code()));
        }
        boolean many = call.version() >= MANY;
        List<Leaver> leavers = many
                ? request.members().stream()
                        .map(one -> new Leaver(one.memberId(), one.groupInstanceId()))
                        .toList()
                : List.of(new Leaver(request.memberId(), null));
        return Answer.when(
                around.door().leave(new GroupRequest.Leave(request.groupId(), leavers)),
                answer -> answer.isFailed()
                        ? new LeaveGroupResponse().errorCode(answer.error().code())
                        : response(many, answer.value()));
    }

    private static LeaveGroupResponse response(boolean many, Left left) {
        LeaveGroupResponse response = new LeaveGroupResponse();
        if (!many) {
            return response.errorCode(left.members().get(0).error().code());
        }
        left.members().forEach(one -> response.members()
                .add(new MemberResponse()
                        .memberId(one.member())
                        .groupInstanceId(one.instance())
                        .errorCode(one.error().code())));
        return response;
    }
}
