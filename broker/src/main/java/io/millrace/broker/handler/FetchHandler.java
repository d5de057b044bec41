package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Authorizer.Operation;
import io.millrace.broker.Authorizer.Resource;
import io.millrace.broker.Call;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.FetchRequest;
import io.millrace.broker.message.FetchRequest.FetchTopic;
import io.millrace.broker.message.FetchRequest.FetchTopic.FetchPartition;
import io.millrace.broker.message.FetchResponse;
import io.millrace.client.ErrorCode;
import io.millrace.client.TopicDescription;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads batches from where the client says, as they lie in the log. Waits, woken by publications, until there is as much as
 * the client wants or it has waited for as long as it wants; an error is answered at once.
 *
 * <p>Every fetch is full: the session id is always 0 (KIP-227 allows that).
 */
final class FetchHandler implements Handler<FetchRequest> {

    private static final short TOPIC_IDS = 13;

    private final Surroundings around;

    FetchHandler(Surroundings around) {
        this.around = around;
    }

    @Override
    public Answer handle(FetchRequest request, Call call) {
        if (request.sessionId() != 0) {
            return Answer.of(new FetchResponse().errorCode(ErrorCode.FETCH_SESSION_ID_NOT_FOUND.code()));
        }
        List<FetchTarget> targets = new ArrayList<>();
        for (FetchTopic topic : request.topics()) {
            for (FetchPartition partition : topic.partitions()) {
                targets.add(target(call, topic, partition));
            }
        }
        return new FetchAnswer(around, request, targets, call.nowMs());
    }

    private FetchTarget target(Call call, FetchTopic topic, FetchPartition partition) {
        String name = topic.topic();
        if (call.version() >= TOPIC_IDS) {
            TopicDescription found = around.door().topics().withId(topic.topicId());
            if (found == null) {
                return FetchTarget.refused(topic, partition, ErrorCode.UNKNOWN_TOPIC_ID);
            }
            name = found.name();
        }
        if (!around.allows(call, Operation.READ, Resource.TOPIC, name)) {
            return FetchTarget.refused(topic, partition, ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        }
        return FetchTarget.of(around.door(), name, topic, partition);
    }
}
