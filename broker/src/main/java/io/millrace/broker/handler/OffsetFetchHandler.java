package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Authorizer.Operation;
import io.millrace.broker.Authorizer.Resource;
import io.millrace.broker.Call;
import io.millrace.broker.Handler;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.OffsetFetchRequest;
import io.millrace.broker.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.millrace.broker.message.OffsetFetchRequest.OffsetFetchRequestGroup.OffsetFetchRequestTopics;
import io.millrace.broker.message.OffsetFetchRequest.OffsetFetchRequestTopic;
import io.millrace.broker.message.OffsetFetchResponse;
import io.millrace.broker.message.OffsetFetchResponse.OffsetFetchResponseGroup;
import io.millrace.broker.message.OffsetFetchResponse.OffsetFetchResponseGroup.OffsetFetchResponseTopics;
import io.millrace.broker.message.OffsetFetchResponse.OffsetFetchResponseGroup.OffsetFetchResponseTopics.OffsetFetchResponsePartitions;
import io.millrace.broker.message.OffsetFetchResponse.OffsetFetchResponseTopic;
import io.millrace.broker.message.OffsetFetchResponse.OffsetFetchResponseTopic.OffsetFetchResponsePartition;
import io.millrace.client.CommittedOffset;
import io.millrace.client.ErrorCode;
import io.millrace.client.Pending;
import io.millrace.client.TopicDescription;
import io.millrace.client.TopicPartition;
import io.millrace.coordinator.PositionKeeper.Fetched;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Tells how far groups have come. From version 8 on a request asks for several groups (KIP-709), from 10 on it names topics by
 * id. Inside, every request is of that newer form.
 */
final class OffsetFetchHandler implements Handler<OffsetFetchRequest> {

    private static final short MANY_GROUPS = 8;
    private static final short TOPIC_IDS = 10;

    /** Before it, a response has no error for the whole group. */
    private static final short GROUP_ERRORS = 2;

    private final Surroundings around;

    OffsetFetchHandler(Surroundings around) {
        this.around = around;
    }

    /** One group's part, on its way. */
    private record Part(
            OffsetFetchResponseGroup response,
            Pending<Map<TopicPartition, Fetched>> pending,
            List<OffsetFetchResponseTopics> refused) {}

    @Override
    public Answer handle(OffsetFetchRequest request, Call call) {
        List<OffsetFetchRequestGroup> groups =
                call.version() >= MANY_GROUPS ? request.groups() : List.of(only(request));
        Map<String, OffsetFetchRequestGroup> asked = new LinkedHashMap<>();
        groups.forEach(group -> asked.merge(group.groupId(), group, OffsetFetchHandler::both));
        List<Part> parts = new ArrayList<>();
        asked.values().forEach(group -> parts.add(fetch(call, group, request.requireStable())));
        return Answer.whenAll(parts.stream().map(Part::pending).toList(), () -> {
            parts.forEach(part -> fill(call, part));
            return response(call, parts);
        });
    }

    /** A group that is named twice has one answer, with the positions of all partitions that are named. */
    private static OffsetFetchRequestGroup both(OffsetFetchRequestGroup group, OffsetFetchRequestGroup again) {
        List<OffsetFetchRequestTopics> topics = group.topics();
        List<OffsetFetchRequestTopics> others = again.topics();
        if (topics == null || others == null) {
            return group.topics(null);
        }
        topics.addAll(others);
        return group;
    }

    private static OffsetFetchRequestGroup only(OffsetFetchRequest request) {
        List<OffsetFetchRequestTopic> topics = request.topics();
        return new OffsetFetchRequestGroup()
                .groupId(request.groupId())
                .topics(
                        topics == null
                                ? null
                                : topics.stream()
                                        .map(topic -> new OffsetFetchRequestTopics()
                                                .name(topic.name())
                                                .partitionIndexes(topic.partitionIndexes()))
                                        .toList());
    }

    private Part fetch(Call call, OffsetFetchRequestGroup group, boolean stableOnly) {
        OffsetFetchResponseGroup response = new OffsetFetchResponseGroup().groupId(group.groupId());
        List<OffsetFetchResponseTopics> refused = new ArrayList<>();
        if (!around.allows(call, Operation.DESCRIBE, Resource.GROUP, group.groupId())) {
            return new Part(response, Pending.failed(ErrorCode.GROUP_AUTHORIZATION_FAILED, ""), refused);
        }
        List<OffsetFetchRequestTopics> topics = group.topics();
        if (topics == null) {
            return new Part(response, committed(group, null, stableOnly), refused);
        }
        List<TopicPartition> wanted = new ArrayList<>();
        for (OffsetFetchRequestTopics topic : topics) {
            String name = name(call, topic);
            if (name == null) {
                refused.add(refuse(topic, ErrorCode.UNKNOWN_TOPIC_ID));
            } else if (!around.allows(call, Operation.DESCRIBE, Resource.TOPIC, name)) {
                refused.add(refuse(topic, ErrorCode.TOPIC_AUTHORIZATION_FAILED));
            } else {
                for (int partition : topic.partitionIndexes()) {
                    wanted.add(new TopicPartition(name, partition));
                }
            }
        }
        return new Part(response, committed(group, wanted, stableOnly), refused);
    }

    private Pending<Map<TopicPartition, Fetched>> committed(
            OffsetFetchRequestGroup group, @Nullable List<TopicPartition> wanted, boolean stableOnly) {
        return around.door()
                .committedOffsets(group.groupId(), group.memberId(), group.memberEpoch(), wanted, stableOnly);
    }

    private @Nullable String name(Call call, OffsetFetchRequestTopics topic) {
        if (call.version() < TOPIC_IDS) {
            return topic.name();
        }
        TopicDescription found = around.door().topics().withId(topic.topicId());
        return found == null ? null : found.name();
    }

    private static OffsetFetchResponseTopics refuse(OffsetFetchRequestTopics topic, ErrorCode why) {
        OffsetFetchResponseTopics refused =
                new OffsetFetchResponseTopics().name(topic.name()).topicId(topic.topicId());
        for (int partition : topic.partitionIndexes()) {
            refused.partitions().add(none(partition).errorCode(why.code()));
        }
        return refused;
    }

    private static OffsetFetchResponsePartitions none(int partition) {
        return new OffsetFetchResponsePartitions().partitionIndex(partition).committedOffset(-1);
    }

    private void fill(Call call, Part part) {
        OffsetFetchResponseGroup group = part.response();
        if (part.pending().isFailed()) {
            group.errorCode(part.pending().error().code());
            return;
        }
        Map<String, OffsetFetchResponseTopics> topics = new LinkedHashMap<>();
        part.pending().value().forEach((id, fetched) -> {
            TopicDescription known = around.door().topics().named(id.topic());
            if (known == null && call.version() >= TOPIC_IDS) {
                return; // a topic that is gone has no id by which it could be told
            }
            UUID topicId = known == null ? new UUID(0, 0) : known.id();
            topics.computeIfAbsent(
                            id.topic(),
                            name -> new OffsetFetchResponseTopics().name(name).topicId(topicId))
                    .partitions()
                    .add(partition(id.partition(), fetched));
        });
        group.topics().addAll(topics.values());
        group.topics().addAll(part.refused());
    }

    private static OffsetFetchResponsePartitions partition(int index, Fetched fetched) {
        CommittedOffset committed = fetched.committed();
        OffsetFetchResponsePartitions partition =
                none(index).errorCode(fetched.error().code());
        return committed == null
                ? partition
                : partition
                        .committedOffset(committed.offset())
                        .committedLeaderEpoch(committed.leaderEpoch())
                        .metadata(committed.metadata());
    }

    private static OffsetFetchResponse response(Call call, List<Part> parts) {
        OffsetFetchResponse response = new OffsetFetchResponse();
        if (call.version() >= MANY_GROUPS) {
            parts.forEach(part -> response.groups().add(part.response()));
            return response;
        }
        OffsetFetchResponseGroup group = parts.get(0).response();
        if (call.version() >= GROUP_ERRORS) {
            response.errorCode(group.errorCode());
        }
        for (OffsetFetchResponseTopics topic : group.topics()) {
            OffsetFetchResponseTopic older = new OffsetFetchResponseTopic().name(topic.name());
            topic.partitions().forEach(one -> older.partitions()
                    .add(new OffsetFetchResponsePartition()
                            .partitionIndex(one.partitionIndex())
                            .committedOffset(one.committedOffset())
                            .committedLeaderEpoch(one.committedLeaderEpoch())
                            .metadata(one.metadata())
                            .errorCode(one.errorCode())));
            response.topics().add(older);
        }
        return response;
    }
}
