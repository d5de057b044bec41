package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Authorizer.Operation;
import io.millrace.broker.Authorizer.Resource;
import io.millrace.broker.Call;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.CreatePartitionsRequest;
import io.millrace.broker.message.CreatePartitionsRequest.CreatePartitionsTopic;
import io.millrace.broker.message.CreatePartitionsRequest.CreatePartitionsTopic.CreatePartitionsAssignment;
import io.millrace.broker.message.CreatePartitionsResponse;
import io.millrace.broker.message.CreatePartitionsResponse.CreatePartitionsTopicResult;
import io.millrace.client.ErrorCode;
import io.millrace.client.LogException;
import io.millrace.client.Pending;
import io.millrace.client.TopicDescription;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Adds partitions to topics; existing records stay where they are. */
final class CreatePartitionsHandler implements Handler<CreatePartitionsRequest> {

    private final Surroundings around;

    CreatePartitionsHandler(Surroundings around) {
        this.around = around;
    }

    @Override
    public Answer handle(CreatePartitionsRequest request, Call call) {
        Map<String, CreatePartitionsTopic> asked = new LinkedHashMap<>();
        Set<String> twice = new HashSet<>();
        for (CreatePartitionsTopic topic : request.topics()) {
            if (asked.putIfAbsent(topic.name(), topic) != null) {
                twice.add(topic.name()); // there is one answer
            }
        }
        Map<String, Pending<TopicDescription>> pending = new LinkedHashMap<>();
        asked.forEach((name, topic) -> pending.put(name, add(call, topic, twice, request.validateOnly())));
        return Answer.whenAll(pending.values(), () -> {
            CreatePartitionsResponse response = new CreatePartitionsResponse();
            pending.forEach((name, answer) -> response.results()
                    .add(new CreatePartitionsTopicResult()
                            .name(name)
                            .errorCode(answer.error().code())
                            .errorMessage(answer.isFailed() ? answer.message() : null)));
            return response;
        });
    }

    private Pending<TopicDescription> add(
            Call call, CreatePartitionsTopic topic, Set<String> twice, boolean validateOnly) {
        if (!around.allows(call, Operation.ALTER, Resource.TOPIC, topic.name())) {
            return Pending.failed(ErrorCode.TOPIC_AUTHORIZATION_FAILED, ErrorCode.TOPIC_AUTHORIZATION_FAILED.meaning());
        }
        if (twice.contains(topic.name())) {
            return Pending.failed(ErrorCode.INVALID_REQUEST, "Duplicate topic name.");
        }
        try {
            check(topic);
            return around.door().admin().addPartitions(topic.name(), topic.count(), validateOnly);
        } catch (LogException refused) {
            return Pending.failed(refused.error(), refused.reason());
        }
    }

    private void check(CreatePartitionsTopic topic) {
        TopicDescription found = around.door().topics().named(topic.name());
        if (found == null) {
            throw TopicErrors.missing(topic.name());
        }
        int more = topic.count() - found.partitionCount();
        if (more == 0) {
            throw new LogException(
                    ErrorCode.INVALID_PARTITIONS, "Topic already has " + found.partitionCount() + " partition(s).");
        }
        if (more < 0) {
            throw new LogException(
                    ErrorCode.INVALID_PARTITIONS,
                    "The topic " + topic.name() + " currently has " + found.partitionCount() + " partition(s); "
                            + topic.count() + " would not be an increase.");
        }
        List<CreatePartitionsAssignment> assignments = topic.assignments();
        if (assignments == null) {
            return;
        }
        if (assignments.size() != more) {
            throw new LogException(
                    ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                    "Attempted to add " + more + " additional partition(s), but only " + assignments.size()
                            + " assignment(s) were specified.");
        }
        assignments.forEach(
                one -> Assignments.check(one.brokerIds(), around.cluster().nodeId()));
    }
}
