package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Authorizer.Operation;
import io.millrace.broker.Authorizer.Resource;
import io.millrace.broker.Call;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.ListGroupsRequest;
import io.millrace.broker.message.ListGroupsResponse;
import io.millrace.broker.message.ListGroupsResponse.ListedGroup;
import java.util.Set;

/** Lists groups, by state and by type if the client wants only some (KIP-518, KIP-848). */
final class ListGroupsHandler implements Handler<ListGroupsRequest> {

    private final Surroundings around;

    ListGroupsHandler(Surroundings around) {
        this.around = around;
    }

    @Override
    public Answer handle(ListGroupsRequest request, Call call) {
        return Answer.when(
                around.door().listGroups(Set.copyOf(request.statesFilter()), Set.copyOf(request.typesFilter())),
                answer -> {
                    if (answer.isFailed()) {
                        return new ListGroupsResponse().errorCode(answer.error().code());
                    }
                    return new ListGroupsResponse()
                            .groups(answer.value().stream()
                                    .filter(group ->
                                            around.allows(call, Operation.DESCRIBE, Resource.GROUP, group.group()))
                                    .map(group -> new ListedGroup()
                                            .groupId(group.group())
                                            .protocolType(group.protocolType())
                                            .groupState(group.state().word())
                                            .groupType(group.type()))
                                    .toList());
                });
    }
}
