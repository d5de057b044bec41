package io.millrace.server.client;

import io.millrace.broker.message.OffsetCommitRequest;
import io.millrace.broker.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.millrace.broker.message.OffsetCommitRequest.OffsetCommitRequestTopic.OffsetCommitRequestPartition;
import io.millrace.broker.message.OffsetCommitResponse;
import io.millrace.broker.message.OffsetFetchRequest;
import io.millrace.broker.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.millrace.broker.message.OffsetFetchResponse;
import io.millrace.client.TopicPartition;
import io.millrace.server.client.ClusterClient.CoordinatorOf;
import java.util.Map;
import java.util.TreeMap;

/** Where a group is in its partitions. On the thread of its {@link ClusterClient}. */
public final class GroupOffsets {

    /** From version 10 on topics are named by id. */
    private static final int BY_NAME_MAX = 9;

    private static final int SEVERAL_GROUPS = 8;

    /** Who commits from outside of the group has no generation. */
    private static final int NO_GENERATION = -1;

    private final ClusterClient cluster;
    private final String group;

    public GroupOffsets(ClusterClient cluster, String group) {
        this.cluster = cluster;
        this.group = group;
    }

    /** What is committed; empty for a group that nobody knows. */
    public Map<TopicPartition, Long> committed() {
        Map<TopicPartition, Long> offsets = new TreeMap<>();
        OffsetFetchRequest request = new OffsetFetchRequest();
        if (cluster.version(OffsetFetchRequest.KIND, BY_NAME_MAX) >= SEVERAL_GROUPS) {
            request.groups().add(new OffsetFetchRequestGroup().groupId(group).topics(null));
        } else {
            request.groupId(group).topics(null);
        }
        OffsetFetchResponse response = cluster.askCoordinator(
                CoordinatorOf.GROUP, group, OffsetFetchRequest.KIND, BY_NAME_MAX, request, OffsetFetchResponse::read);
        String what = "positions of group " + group;
        ClientException.check(what, response.errorCode(), null);
        response.topics().forEach(topic -> topic.partitions().forEach(one -> {
            ClientException.check(what, one.errorCode(), null);
            put(offsets, topic.name(), one.partitionIndex(), one.committedOffset());
        }));
        response.groups().forEach(one -> {
            ClientException.check(what, one.errorCode(), null);
            one.topics().forEach(topic -> topic.partitions().forEach(partition -> {
                ClientException.check(what, partition.errorCode(), null);
                put(offsets, topic.name(), partition.partitionIndex(), partition.committedOffset());
            }));
        });
        return offsets;
    }

    private static void put(Map<TopicPartition, Long> offsets, String topic, int partition, long offset) {
        if (offset >= 0) {
            offsets.put(new TopicPartition(topic, partition), offset);
        }
    }

    /** Moves a group that has no members. */
    public void commit(Map<TopicPartition, Long> offsets) {
        commit(offsets, NO_GENERATION, "");
    }

    /** Says how far a member has read. */
    void commit(Map<TopicPartition, Long> offsets, int generation, String member) {
        Map<String, OffsetCommitRequestTopic> topics = new TreeMap<>();
        offsets.forEach((partition, offset) -> topics.computeIfAbsent(
                        partition.topic(), name -> new OffsetCommitRequestTopic().name(name))
                .partitions()
                .add(new OffsetCommitRequestPartition()
                        .partitionIndex(partition.partition())
                        .committedOffset(offset)));
        OffsetCommitRequest request = new OffsetCommitRequest()
                .groupId(group)
                .generationIdOrMemberEpoch(generation)
                .memberId(member);
        topics.values().forEach(request.topics()::add);
        OffsetCommitResponse response = cluster.askCoordinator(
                CoordinatorOf.GROUP, group, OffsetCommitRequest.KIND, BY_NAME_MAX, request, OffsetCommitResponse::read);
        response.topics().forEach(topic -> topic.partitions()
                .forEach(one -> ClientException.check(
                        "a position of group " + group + " in " + topic.name() + "-" + one.partitionIndex(),
                        one.errorCode(),
                        null)));
    }
}
