package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Authorizer.Operation;
import io.millrace.broker.Authorizer.Resource;
import io.millrace.broker.Call;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.FetchRequest;
import io.millrace.broker.message.FetchResponse;
import io.millrace.broker.message.FetchResponse.FetchableTopicResponse;
import io.millrace.broker.message.FetchResponse.FetchableTopicResponse.PartitionData;
import io.millrace.broker.message.FetchResponse.FetchableTopicResponse.PartitionData.LeaderIdAndEpoch;
import io.millrace.broker.message.FetchResponse.NodeEndpoint;
import io.millrace.client.ErrorCode;
import io.millrace.client.TopicDescription;
import io.millrace.client.TopicPartition;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads batches from where the client says, as they lie in the log. Waits, woken by publications, until there is as much as
 * the client wants or it has waited for as long as it wants; an error is answered at once. A client may name its partitions
 * once and then only what changes (KIP-227).
 */
final class FetchHandler implements Handler<FetchRequest> {

    private static final short STORAGE_ERRORS = 6;
    private static final short TOPIC_IDS = 13;
    private static final short LEADERS = 16;
    private static final byte READ_COMMITTED = 1;

    private final Surroundings around;
    private final FetchSessions sessions;

    FetchHandler(Surroundings around) {
        this.around = around;
        int loops = around.config().loops();
        int slots = around.config().network().fetchSessionsMax();
        this.sessions = new FetchSessions((slots + loops - 1) / loops, around.seed());
    }

    @Override
    public Answer handle(FetchRequest request, Call call) {
        FetchContext context = sessions.begin(request, call.version() >= TOPIC_IDS, call.nowMs());
        if (context instanceof FetchContext.Refused refused) {
            return Answer.of(new FetchResponse().errorCode(refused.error().code()));
        }
        FetchContext.Served served = (FetchContext.Served) context;
        Map<String, Boolean> allowed = new HashMap<>();
        return new FetchAnswer(
                around,
                request,
                served,
                part -> target(part, request, call, allowed),
                response -> finish(response, call),
                call.nowMs());
    }

    private FetchTarget target(FetchPart part, FetchRequest request, Call call, Map<String, Boolean> allowed) {
        TopicDescription found = found(part, call);
        String name = part.name();
        if (name == null) {
            return FetchTarget.refused(
                    part.asked(),
                    call.version() >= TOPIC_IDS ? ErrorCode.UNKNOWN_TOPIC_ID : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        }
        if (!allowed.computeIfAbsent(name, topic -> mayRead(call, topic))) {
            return FetchTarget.refused(part.asked(), ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        }
        if (call.version() >= TOPIC_IDS && found == null) {
            return FetchTarget.refused(part.asked(), lostTopic(name));
        }
        TopicPartition id = new TopicPartition(name, part.asked().partition());
        return FetchTarget.of(
                part.asked(),
                around.door().partition(id),
                around.door().leaderEpoch(),
                request.isolationLevel() == READ_COMMITTED);
    }

    private boolean mayRead(Call call, String topic) {
        return around.allows(call, Operation.READ, Resource.TOPIC, topic);
    }

    /** The topic of an id, whose name the part then knows; null if ids are not used, or this one is not known now. */
    private @Nullable TopicDescription found(FetchPart part, Call call) {
        if (call.version() < TOPIC_IDS) {
            return null;
        }
        TopicDescription topic = around.door().topics().withId(part.key().topicId());
        if (topic != null) {
            part.name(topic.name());
        }
        return topic;
    }

    /** The id was this topic's when the session began. */
    private ErrorCode lostTopic(String name) {
        return around.door().topics().named(name) == null
                ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
                : ErrorCode.INCONSISTENT_TOPIC_ID;
    }

    private FetchResponse finish(FetchResponse response, Call call) {
        for (FetchableTopicResponse topic : response.responses()) {
            for (PartitionData data : topic.partitions()) {
                if (call.version() < STORAGE_ERRORS && data.errorCode() == ErrorCode.KAFKA_STORAGE_ERROR.code()) {
                    data.errorCode(ErrorCode.NOT_LEADER_OR_FOLLOWER.code());
                }
                if (call.version() >= LEADERS && data.errorCode() == ErrorCode.FENCED_LEADER_EPOCH.code()) {
                    nameLeader(response, data, call);
                }
            }
        }
        return response;
    }

    /** So that the client need not ask for metadata (KIP-951). */
    private void nameLeader(FetchResponse response, PartitionData data, Call call) {
        int nodeId = around.cluster().nodeId();
        data.currentLeader(new LeaderIdAndEpoch()
                .leaderId(nodeId)
                .leaderEpoch(around.door().leaderEpoch()));
        if (response.nodeEndpoints().isEmpty()) {
            response.nodeEndpoints()
                    .add(new NodeEndpoint()
                            .nodeId(nodeId)
                            .host(call.listener().host())
                            .port(call.listener().port()));
        }
    }
}
