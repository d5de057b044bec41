package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Call;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.DeleteTopicsRequest;
import io.millrace.broker.message.DeleteTopicsRequest.DeleteTopicState;
import io.millrace.broker.message.DeleteTopicsResponse;
import io.millrace.broker.message.DeleteTopicsResponse.DeletableTopicResult;
import io.millrace.client.ErrorCode;
import io.millrace.client.Pending;
import java.util.List;

/** Deletes topics by name, or from version 6 on by id. */
final class DeleteTopicsHandler implements Handler<DeleteTopicsRequest> {

    private static final short STATES = 6;
    private static final short DISABLED_IS_SAID = 3;

    private final Surroundings around;

    DeleteTopicsHandler(Surroundings around) {
        this.around = around;
    }

    private record Deletion(DeletableTopicResult result, Pending<Void> pending) {

        DeletableTopicResult outcome() {
            return pending.isFailed()
                    ? result.errorCode(pending.error().code()).errorMessage(pending.message())
                    : result;
        }
    }

    @Override
    public Answer handle(DeleteTopicsRequest request, Call call) {
        List<DeleteTopicState> asked = call.version() >= STATES
                ? request.topics()
                : request.topicNames().stream()
                        .map(name -> new DeleteTopicState().name(name))
                        .toList();
        if (!around.config().deleteTopics()) {
            return refuseAll(asked, call);
        }
        DeletionChoice choice = new DeletionChoice(around, call, asked);
        List<Deletion> deletions = choice.chosen().stream()
                .map(topic -> new Deletion(
                        new DeletableTopicResult()
                                .name(topic.name())
                                .topicId(topic.id())
                                .errorMessage(null),
                        around.door().client().deleteTopic(topic.name())))
                .toList();
        return Answer.whenAll(deletions.stream().map(Deletion::pending).toList(), () -> {
            DeleteTopicsResponse response = new DeleteTopicsResponse();
            response.responses().addAll(choice.refused());
            deletions.forEach(deletion -> response.responses().add(deletion.outcome()));
            return response;
        });
    }

    private static Answer refuseAll(List<DeleteTopicState> asked, Call call) {
        ErrorCode why =
                call.version() < DISABLED_IS_SAID ? ErrorCode.INVALID_REQUEST : ErrorCode.TOPIC_DELETION_DISABLED;
        DeleteTopicsResponse response = new DeleteTopicsResponse();
        asked.forEach(topic -> response.responses()
                .add(new DeletableTopicResult()
                        .name(topic.name())
                        .topicId(topic.topicId())
                        .errorCode(why.code())
                        .errorMessage(null)));
        return Answer.of(response);
    }
}
