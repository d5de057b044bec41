package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Authorizer.Operation;
import io.millrace.broker.Authorizer.Resource;
import io.millrace.broker.Call;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.FindCoordinatorRequest;
import io.millrace.broker.message.FindCoordinatorResponse;
import io.millrace.broker.message.FindCoordinatorResponse.Coordinator;
import io.millrace.client.ErrorCode;

/** Tells who coordinates a group or a transactional id: this node, as there is no other. */
final class FindCoordinatorHandler implements Handler<FindCoordinatorRequest> {

    private static final short MANY_KEYS = 4;
    private static final byte GROUP = 0;
    private static final byte TRANSACTION = 1;

    private final Surroundings around;

    FindCoordinatorHandler(Surroundings around) {
        this.around = around;
    }

    @Override
    public Answer handle(FindCoordinatorRequest request, Call call) {
        FindCoordinatorResponse response = new FindCoordinatorResponse();
        if (call.version() >= MANY_KEYS) {
            request.coordinatorKeys().forEach(key -> response.coordinators().add(find(call, request.keyType(), key)));
            return Answer.of(response);
        }
        Coordinator found = find(call, request.keyType(), request.key());
        return Answer.of(response.errorCode(found.errorCode())
                .errorMessage(found.errorMessage())
                .nodeId(found.nodeId())
                .host(found.host())
                .port(found.port()));
    }

    private Coordinator find(Call call, byte type, String key) {
        Coordinator found = new Coordinator().key(key).nodeId(-1).port(-1).errorMessage(null);
        ErrorCode refusal = refusal(call, type, key);
        if (refusal != ErrorCode.NONE) {
            return found.errorCode(refusal.code());
        }
        return found.nodeId(around.cluster().nodeId())
                .host(call.listener().host())
                .port(call.listener().port());
    }

    private ErrorCode refusal(Call call, byte type, String key) {
        if (type == GROUP) {
            return around.allows(call, Operation.DESCRIBE, Resource.GROUP, key)
                    ? ErrorCode.NONE
                    : ErrorCode.GROUP_AUTHORIZATION_FAILED;
        }
        if (type == TRANSACTION) {
            return around.allows(call, Operation.DESCRIBE, Resource.TRANSACTIONAL_ID, key)
                    ? ErrorCode.NONE
                    : ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
        }
        return ErrorCode.INVALID_REQUEST;
    }
}
