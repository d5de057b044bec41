package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Authorizer.Operation;
import io.millrace.broker.Authorizer.Resource;
import io.millrace.broker.Call;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.DeleteGroupsRequest;
import io.millrace.broker.message.DeleteGroupsResponse;
import io.millrace.broker.message.DeleteGroupsResponse.DeletableGroupResult;
import io.millrace.client.ErrorCode;
import io.millrace.client.Pending;
import java.util.LinkedHashMap;
import java.util.Map;

/** Forgets groups that nobody is in, with their positions. */
final class DeleteGroupsHandler implements Handler<DeleteGroupsRequest> {

    private final Surroundings around;

    DeleteGroupsHandler(Surroundings around) {
        this.around = around;
    }

    @Override
    public Answer handle(DeleteGroupsRequest request, Call call) {
        Map<String, Pending<Void>> deletions = new LinkedHashMap<>();
        for (String group : request.groupsNames()) {
            deletions.computeIfAbsent(
                    group,
                    named -> around.allows(call, Operation.DELETE, Resource.GROUP, named)
                            ? around.door().deleteGroup(named)
                            : Pending.failed(ErrorCode.GROUP_AUTHORIZATION_FAILED, "not authorized"));
        }
        return Answer.whenAll(deletions.values(), () -> {
            DeleteGroupsResponse response = new DeleteGroupsResponse();
            deletions.forEach((group, deletion) -> response.results()
                    .add(new DeletableGroupResult()
                            .groupId(group)
                            .errorCode(deletion.error().code())));
            return response;
        });
    }
}
