package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Authorizer.Operation;
import io.millrace.broker.Authorizer.Resource;
import io.millrace.broker.Call;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.DescribeGroupsRequest;
import io.millrace.broker.message.DescribeGroupsResponse;
import io.millrace.broker.message.DescribeGroupsResponse.DescribedGroup;
import io.millrace.broker.message.DescribeGroupsResponse.DescribedGroup.DescribedGroupMember;
import io.millrace.client.ErrorCode;
import io.millrace.coordinator.GroupState;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Shows groups with their members. */
final class DescribeGroupsHandler implements Handler<DescribeGroupsRequest> {

    /** From here on clients may ask what they may do. */
    private static final short OPERATIONS = 3;

    /** From here on an unknown group is an error, and not a dead one. */
    private static final short UNKNOWN_IS_AN_ERROR = 6;

    private final Surroundings around;

    DescribeGroupsHandler(Surroundings around) {
        this.around = around;
    }

    @Override
    public Answer handle(DescribeGroupsRequest request, Call call) {
        Set<String> refused = new LinkedHashSet<>(request.groups()); // one that is named twice is shown once
        List<String> allowed = refused.stream()
                .filter(group -> around.allows(call, Operation.DESCRIBE, Resource.GROUP, group))
                .toList();
        allowed.forEach(refused::remove);
        return Answer.when(around.door().describeGroups(allowed), answer -> {
            DescribeGroupsResponse response = new DescribeGroupsResponse();
            refused.forEach(group -> response.groups().add(refused(group, ErrorCode.GROUP_AUTHORIZATION_FAILED)));
            if (answer.isFailed()) {
                allowed.forEach(group -> response.groups().add(refused(group, answer.error())));
            } else {
                boolean operations = request.includeAuthorizedOperations() && call.version() >= OPERATIONS;
                answer.value().forEach(group -> response.groups().add(describe(call, group, operations)));
            }
            return response;
        });
    }

    private static DescribedGroup refused(String group, ErrorCode why) {
        return new DescribedGroup().groupId(group).errorCode(why.code());
    }

    private DescribedGroup describe(Call call, io.millrace.coordinator.DescribedGroup group, boolean operations) {
        DescribedGroup described = new DescribedGroup()
                .groupId(group.group())
                .groupState(group.state().word())
                .protocolType(group.protocolType())
                .protocolData(group.protocol());
        if (group.state() == GroupState.DEAD && call.version() >= UNKNOWN_IS_AN_ERROR) {
            described.errorCode(ErrorCode.GROUP_ID_NOT_FOUND.code()).errorMessage(group.problem());
        } else if (operations) {
            described.authorizedOperations(AuthorizedOperations.of(around, call, Resource.GROUP, group.group()));
        }
        group.members().forEach(member -> described
                .members()
                .add(new DescribedGroupMember()
                        .memberId(member.id())
                        .groupInstanceId(member.instance())
                        .clientId(member.clientId())
                        .clientHost(member.clientHost())
                        .memberMetadata(member.metadata())
                        .memberAssignment(member.assignment())));
        return described;
    }
}
