package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Authorizer.Operation;
import io.millrace.broker.Authorizer.Resource;
import io.millrace.broker.Call;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.JoinGroupRequest;
import io.millrace.broker.message.JoinGroupResponse;
import io.millrace.broker.message.JoinGroupResponse.JoinGroupResponseMember;
import io.millrace.client.ErrorCode;
import io.millrace.client.Pending;
import io.millrace.coordinator.GroupReply.Joined;
import io.millrace.coordinator.GroupRequest;
import java.util.List;

/** A member joins its group, and waits there for the others. */
final class JoinGroupHandler implements Handler<JoinGroupRequest> {

    /** From here on a dynamic member is told its id before it is in (KIP-394). */
    private static final short ID_REQUIRED = 4;

    /** From here on the response says what the group is for; before, it cannot be null. */
    private static final short NULLABLE_PROTOCOL = 7;

    /** From here on a static leader can be told to keep the assignment (KIP-814). */
    private static final short SKIPS_ASSIGNMENT = 9;

    private static final String NO_PROTOCOL = "";

    private final Surroundings around;

    JoinGroupHandler(Surroundings around) {
        this.around = around;
    }

    @Override
    public Answer handle(JoinGroupRequest request, Call call) {
        if (!around.allows(call, Operation.READ, Resource.GROUP, request.groupId())) {
            return Answer.of(refused(call, request, ErrorCode.GROUP_AUTHORIZATION_FAILED));
        }
        String clientId = call.clientId();
        Pending<Joined> joined = around.door()
                .join(new GroupRequest.Join(
                        request.groupId(),
                        request.memberId(),
                        request.groupInstanceId(),
                        clientId == null ? "" : clientId,
                        call.clientHost(),
                        request.sessionTimeoutMs(),
                        request.rebalanceTimeoutMs() < 0 ? request.sessionTimeoutMs() : request.rebalanceTimeoutMs(),
                        request.protocolType(),
                        request.protocols().stream()
                                .map(one -> new GroupRequest.Protocol(one.name(), one.metadata()))
                                .toList(),
                        call.version() >= ID_REQUIRED,
                        call.version() >= SKIPS_ASSIGNMENT));
        return Answer.when(
                joined,
                answer -> answer.isFailed() ? refused(call, request, answer.error()) : response(call, answer.value()));
    }

    private static JoinGroupResponse refused(Call call, JoinGroupRequest request, ErrorCode why) {
        return new JoinGroupResponse()
                .errorCode(why.code())
                .memberId(request.memberId())
                .protocolName(call.version() >= NULLABLE_PROTOCOL ? null : NO_PROTOCOL);
    }

    private static JoinGroupResponse response(Call call, Joined joined) {
        String protocol = joined.protocol();
        List<JoinGroupResponseMember> members = joined.members().stream()
                .map(member -> new JoinGroupResponseMember()
                        .memberId(member.id())
                        .groupInstanceId(member.instance())
                        .metadata(member.metadata()))
                .toList();
        return new JoinGroupResponse()
                .errorCode(joined.error().code())
                .generationId(joined.generation())
                .protocolType(joined.protocolType())
                .protocolName(protocol == null && call.version() < NULLABLE_PROTOCOL ? NO_PROTOCOL : protocol)
                .leader(joined.leader())
                .skipAssignment(joined.assignmentSkipped())
                .memberId(joined.member())
                .members(members);
    }
}
