package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Authorizer.Operation;
import io.millrace.broker.Authorizer.Resource;
import io.millrace.broker.Call;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.DeleteTopicsRequest;
import io.millrace.broker.message.DeleteTopicsRequest.DeleteTopicState;
import io.millrace.broker.message.DeleteTopicsResponse;
import io.millrace.broker.message.DeleteTopicsResponse.DeletableTopicResult;
import io.millrace.client.ErrorCode;
import io.millrace.client.Pending;
import io.millrace.client.TopicDescription;
import java.util.ArrayList;
import java.util.List;

/** Deletes topics by name, or from version 6 on by id. */
final class DeleteTopicsHandler implements Handler<DeleteTopicsRequest> {

    private static final short STATES = 6;
    private static final short DISABLED_IS_SAID = 3;

    private final Surroundings around;

    DeleteTopicsHandler(Surroundings around) {
        this.around = around;
    }

    private record Deletion(DeletableTopicResult result, Pending<Void> pending) {}

    @Override
    public Answer handle(DeleteTopicsRequest request, Call call) {
        List<DeleteTopicState> asked = call.version() >= STATES
                ? request.topics()
                : request.topicNames().stream()
                        .map(name -> new DeleteTopicState().name(name))
                        .toList();
        List<Deletion> deletions = new ArrayList<>();
        asked.forEach(topic -> deletions.add(delete(call, topic)));
        return Answer.whenAll(deletions.stream().map(Deletion::pending).toList(), () -> {
            DeleteTopicsResponse response = new DeleteTopicsResponse();
            deletions.forEach(deletion -> {
                if (deletion.pending().isFailed()) {
                    deletion.result()
                            .errorCode(deletion.pending().error().code())
                            .errorMessage(deletion.pending().message());
                }
                response.responses().add(deletion.result());
            });
            return response;
        });
    }

    private Deletion delete(Call call, DeleteTopicState asked) {
        String name = asked.name();
        if (!around.config().deleteTopics()) {
            return new Deletion(
                    new DeletableTopicResult()
                            .name(name)
                            .topicId(asked.topicId())
                            .errorMessage(null),
                    Pending.failed(
                            call.version() < DISABLED_IS_SAID
                                    ? ErrorCode.INVALID_REQUEST
                                    : ErrorCode.TOPIC_DELETION_DISABLED,
                            "delete.topic.enable is false"));
        }
        TopicDescription found = name == null
                ? around.door().topics().withId(asked.topicId())
                : around.door().topics().named(name);
        DeletableTopicResult result =
                new DeletableTopicResult().name(name).topicId(asked.topicId()).errorMessage(null);
        if (found == null) {
            ErrorCode why = name == null ? ErrorCode.UNKNOWN_TOPIC_ID : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
            return new Deletion(result, Pending.failed(why, "there is no such topic"));
        }
        result.name(found.name()).topicId(found.id());
        if (!around.allows(call, Operation.DELETE, Resource.TOPIC, found.name())) {
            return new Deletion(
                    result, Pending.failed(ErrorCode.TOPIC_AUTHORIZATION_FAILED, "not authorized to delete it"));
        }
        return new Deletion(result, around.door().client().deleteTopic(found.name()));
    }
}
