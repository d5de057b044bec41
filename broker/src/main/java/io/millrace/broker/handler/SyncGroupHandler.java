package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Authorizer.Operation;
import io.millrace.broker.Authorizer.Resource;
import io.millrace.broker.Call;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.SyncGroupRequest;
import io.millrace.broker.message.SyncGroupRequest.SyncGroupRequestAssignment;
import io.millrace.broker.message.SyncGroupResponse;
import io.millrace.client.ErrorCode;
import io.millrace.coordinator.GroupReply.Synced;
import io.millrace.coordinator.GroupRequest;
import java.util.LinkedHashMap;
import java.util.Map;

/** A member asks for its assignment; the leader brings everybody's. */
final class SyncGroupHandler implements Handler<SyncGroupRequest> {

    private final Surroundings around;

    SyncGroupHandler(Surroundings around) {
        this.around = around;
    }

    @Override
    public Answer handle(SyncGroupRequest request, Call call) {
        if (!around.allows(call, Operation.READ, Resource.GROUP, request.groupId())) {
            return Answer.of(refused(ErrorCode.GROUP_AUTHORIZATION_FAILED));
        }
        Map<String, byte[]> assignments = new LinkedHashMap<>();
        for (SyncGroupRequestAssignment one : request.assignments()) {
            assignments.put(one.memberId(), one.assignment());
        }
        return Answer.when(
                around.door()
                        .sync(new GroupRequest.Sync(
                                request.groupId(),
                                request.memberId(),
                                request.groupInstanceId(),
                                request.generationId(),
                                request.protocolType(),
                                request.protocolName(),
                                assignments)),
                answer -> answer.isFailed() ? refused(answer.error()) : response(answer.value()));
    }

    private static SyncGroupResponse refused(ErrorCode why) {
        return new SyncGroupResponse().errorCode(why.code());
    }

    private static SyncGroupResponse response(Synced synced) {
        return new SyncGroupResponse()
                .errorCode(synced.error().code())
                .protocolType(synced.protocolType())
                .protocolName(synced.protocol())
                .assignment(synced.assignment());
    }
}
