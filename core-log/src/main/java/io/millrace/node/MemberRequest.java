package io.millrace.node;

import io.millrace.client.ErrorCode;
import io.millrace.client.Pending;
import io.millrace.coordinator.GroupReply;
import io.millrace.coordinator.GroupRequest;

/**
 * A member joins, asks for its assignment or leaves. The answer may have to wait for other members, so it is a
 * {@link LateAnswer}; the request itself has done its part when the group has heard of it.
 *
 * @param <T> the kind of answer
 */
final class MemberRequest<T extends GroupReply> extends Work {

    private final GroupRequest request;
    private final Class<T> kind;
    private final Pending<T> pending;
    private boolean handedOver;

    MemberRequest(GroupRequest request, Class<T> kind, Pending<T> pending) {
        this.request = request;
        this.kind = kind;
        this.pending = pending;
    }

    @Override
    String kind() {
        return request.getClass().getSimpleName();
    }

    @Override
    void append(LogOwner log) {
        handedOver = true;
        log.groups().members().ask(log, request, kind, pending);
    }

    @Override
    void acknowledge(LogOwner log) {
        // the late answer does
    }

    @Override
    void fail(ErrorCode error, String message) {
        if (!handedOver) {
            handedOver = true;
            pending.fail(error, message);
        }
    }
}
