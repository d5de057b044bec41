package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Authorizer.Operation;
import io.millrace.broker.Authorizer.Resource;
import io.millrace.broker.Call;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.DescribeTopicPartitionsRequest;
import io.millrace.broker.message.DescribeTopicPartitionsRequest.Cursor;
import io.millrace.broker.message.DescribeTopicPartitionsRequest.TopicRequest;
import io.millrace.broker.message.DescribeTopicPartitionsResponse;
import io.millrace.broker.message.DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic;
import io.millrace.broker.message.DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic.DescribeTopicPartitionsResponsePartition;
import io.millrace.client.ErrorCode;
import io.millrace.client.TopicDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/** Tells of topics and their partitions page by page (KIP-966), in order of name. */
final class DescribeTopicPartitionsHandler implements Handler<DescribeTopicPartitionsRequest> {

    private static final int[] NOBODY = {};

    private final Surroundings around;

    DescribeTopicPartitionsHandler(Surroundings around) {
        this.around = around;
    }

    @Override
    public Answer handle(DescribeTopicPartitionsRequest request, Call call) {
        DescribeTopicPartitionsResponse response = new DescribeTopicPartitionsResponse();
        Cursor cursor = request.cursor();
        NavigableSet<String> names = names(request);
        if (cursor != null && isMisplaced(cursor, names, request)) {
            request.topics().forEach(topic -> response.topics()
                    .add(new DescribeTopicPartitionsResponseTopic()
                            .name(topic.name())
                            .errorCode(ErrorCode.INVALID_REQUEST.code())));
            return Answer.of(response);
        }
        List<DescribeTopicPartitionsResponseTopic> hidden = new ArrayList<>();
        boolean asksForAll = request.topics().isEmpty();
        NavigableSet<String> seen = new TreeSet<>();
        for (String name : cursor == null ? names : names.tailSet(cursor.topicName(), true)) {
            if (around.allows(call, Operation.DESCRIBE, Resource.TOPIC, name)) {
                seen.add(name);
            } else if (!asksForAll) {
                hidden.add(refused(name, ErrorCode.TOPIC_AUTHORIZATION_FAILED));
            }
        }
        describe(seen, request, response);
        response.topics()
                .forEach(topic -> topic.topicAuthorizedOperations(
                        AuthorizedOperations.of(around, call, Resource.TOPIC, String.valueOf(topic.name()))));
        response.topics().addAll(hidden);
        return Answer.of(response);
    }

    /** A page of these; a full one points to the next name, be it of a topic or not. */
    private void describe(
            NavigableSet<String> names,
            DescribeTopicPartitionsRequest request,
            DescribeTopicPartitionsResponse response) {
        Cursor cursor = request.cursor();
        int room = Math.max(
                1, Math.min(request.responsePartitionLimit(), around.config().partitionsDescribedMax()));
        for (String name : names) {
            if (room == 0) {
                response.nextCursor(next(name, 0));
                return;
            }
            TopicDescription topic = around.door().topics().named(name);
            if (topic == null) {
                response.topics().add(refused(name, TopicErrors.missing(name).error()));
                continue;
            }
            int first = cursor != null && cursor.topicName().equals(name) ? cursor.partitionIndex() : 0;
            int end = (int) Math.min(topic.partitionCount(), (long) first + room);
            response.topics().add(describe(topic, first, end));
            room -= Math.max(0, end - first);
            if (end < topic.partitionCount()) {
                response.nextCursor(next(name, end));
                return;
            }
        }
    }

    private NavigableSet<String> names(DescribeTopicPartitionsRequest request) {
        NavigableSet<String> names = new TreeSet<>();
        if (request.topics().isEmpty()) {
            around.door().topics().all().forEach(topic -> names.add(topic.name()));
        } else {
            request.topics().stream().map(TopicRequest::name).forEach(names::add);
        }
        return names;
    }

    private static boolean isMisplaced(
            Cursor cursor, NavigableSet<String> names, DescribeTopicPartitionsRequest request) {
        return cursor.partitionIndex() < 0 || !request.topics().isEmpty() && !names.contains(cursor.topicName());
    }

    private static DescribeTopicPartitionsResponseTopic refused(String name, ErrorCode why) {
        return new DescribeTopicPartitionsResponseTopic().name(name).errorCode(why.code());
    }

    private DescribeTopicPartitionsResponseTopic describe(TopicDescription topic, int first, int end) {
        DescribeTopicPartitionsResponseTopic described = new DescribeTopicPartitionsResponseTopic()
                .name(topic.name())
                .topicId(topic.id())
                .isInternal(topic.internal());
        int[] replicas = {around.cluster().nodeId()};
        for (int i = first; i < end; i++) {
            described
                    .partitions()
                    .add(new DescribeTopicPartitionsResponsePartition()
                            .partitionIndex(i)
                            .leaderId(around.cluster().nodeId())
                            .leaderEpoch(around.door().leaderEpoch())
                            .replicaNodes(replicas)
                            .isrNodes(replicas)
                            .eligibleLeaderReplicas(NOBODY)
                            .lastKnownElr(NOBODY));
        }
        return described;
    }

    private static DescribeTopicPartitionsResponse.Cursor next(String topic, int partition) {
        return new DescribeTopicPartitionsResponse.Cursor().topicName(topic).partitionIndex(partition);
    }
}
