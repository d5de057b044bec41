package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Authorizer.Operation;
import io.millrace.broker.Authorizer.Resource;
import io.millrace.broker.Call;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.ConsumerGroupDescribeRequest;
import io.millrace.broker.message.ConsumerGroupDescribeResponse;
import io.millrace.broker.message.ConsumerGroupDescribeResponse.Assignment;
import io.millrace.broker.message.ConsumerGroupDescribeResponse.DescribedGroup;
import io.millrace.broker.message.ConsumerGroupDescribeResponse.TopicPartitions;
import io.millrace.client.ErrorCode;
import io.millrace.client.TopicDescription;
import io.millrace.coordinator.DescribedConsumerGroup;
import io.millrace.coordinator.DescribedConsumerGroup.Looked;
import io.millrace.coordinator.assign.Partitions;
import io.millrace.node.TopicsImage;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/** Shows groups of the consumer protocol with their members, and what these have and are to have (KIP-848). */
final class ConsumerGroupDescribeHandler implements Handler<ConsumerGroupDescribeRequest> {

    private static final byte CLASSIC_MEMBER = 0;
    private static final byte CONSUMER_MEMBER = 1;

    private final Surroundings around;

    ConsumerGroupDescribeHandler(Surroundings around) {
        this.around = around;
    }

    @Override
    public Answer handle(ConsumerGroupDescribeRequest request, Call call) {
        Set<String> refused = new LinkedHashSet<>(request.groupIds()); // one that is named twice is shown once
        List<String> allowed = refused.stream()
                .filter(group -> around.allows(call, Operation.DESCRIBE, Resource.GROUP, group))
                .toList();
        allowed.forEach(refused::remove);
        return Answer.when(around.door().describeConsumerGroups(allowed), answer -> {
            List<DescribedGroup> groups = new ArrayList<>();
            refused.forEach(group -> groups.add(refused(group, ErrorCode.GROUP_AUTHORIZATION_FAILED)));
            for (int i = 0; i < allowed.size(); i++) {
                String group = allowed.get(i);
                groups.add(
                        answer.isFailed()
                                ? refused(group, answer.error())
                                : shown(call, request, group, answer.value().get(i)));
            }
            return new ConsumerGroupDescribeResponse().groups(groups);
        });
    }

    private static DescribedGroup refused(String group, ErrorCode why) {
        return new DescribedGroup().groupId(group).errorCode(why.code());
    }

    private DescribedGroup shown(Call call, ConsumerGroupDescribeRequest request, String name, Looked looked) {
        if (name.isEmpty()) {
            return refused(name, ErrorCode.INVALID_GROUP_ID);
        }
        DescribedConsumerGroup group = looked.group();
        if (group == null) {
            return refused(name, ErrorCode.GROUP_ID_NOT_FOUND)
                    .errorMessage(
                            looked.isOther()
                                    ? "Group " + name + " is not a consumer group."
                                    : "Group " + name + " not found.");
        }
        TopicsImage topics = around.door().topics();
        boolean allAllowed = group.members().stream()
                .flatMap(ConsumerGroupDescribeHandler::topics)
                .map(topics::withId)
                .filter(Objects::nonNull)
                .allMatch(topic -> around.allows(call, Operation.DESCRIBE, Resource.TOPIC, topic.name()));
        if (!allAllowed) {
            return refused(name, ErrorCode.TOPIC_AUTHORIZATION_FAILED)
                    .errorMessage("The group has described topic(s) that the client is not authorized to describe.");
        }
        DescribedGroup described = new DescribedGroup()
                .groupId(name)
                .groupState(group.state().word())
                .groupEpoch(group.epoch())
                .assignmentEpoch(group.assignmentEpoch())
                .assignorName(group.assignor())
                .members(group.members().stream()
                        .map(member -> member(member, topics))
                        .toList());
        return request.includeAuthorizedOperations()
                ? described.authorizedOperations(AuthorizedOperations.of(around, call, Resource.GROUP, name))
                : described;
    }

    private static Stream<UUID> topics(DescribedConsumerGroup.Member member) {
        return Stream.concat(
                member.assignment().byTopic().keySet().stream(), member.target().byTopic().keySet().stream());
    }

    private static DescribedGroup.Member member(DescribedConsumerGroup.Member member, TopicsImage topics) {
        return new DescribedGroup.Member()
                .memberId(member.id())
                .instanceId(member.instance())
                .rackId(member.rack())
                .memberEpoch(member.epoch())
                .clientId(member.clientId())
                .clientHost(member.clientHost())
                .subscribedTopicNames(new ArrayList<>(member.topics()))
                .subscribedTopicRegex(member.regex())
                .assignment(assignment(member.assignment(), topics))
                .targetAssignment(assignment(member.target(), topics))
                .memberType(member.classic() ? CLASSIC_MEMBER : CONSUMER_MEMBER);
    }

    private static Assignment assignment(Partitions partitions, TopicsImage topics) {
        List<TopicPartitions> shown = new ArrayList<>();
        partitions.byTopic().forEach((id, ofTopic) -> {
            TopicDescription topic = topics.withId(id);
            if (topic != null) {
                shown.add(new TopicPartitions()
                        .topicId(id)
                        .topicName(topic.name())
                        .partitions(ofTopic.stream().mapToInt(Integer::intValue).toArray()));
            }
        });
        return new Assignment().topicPartitions(shown);
    }
}
