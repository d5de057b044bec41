package io.millrace.coordinator;

import io.millrace.coordinator.GroupRequest.Protocol;
import io.millrace.coordinator.MemberProfile.ClassicSide;
import io.millrace.coordinator.assign.Partitions;
import io.millrace.coordinator.record.ConsumerGroupCurrentMemberAssignmentValue;
import io.millrace.coordinator.record.ConsumerGroupMemberMetadataValue;
import io.millrace.coordinator.record.ConsumerGroupMemberMetadataValue.ClassicMemberMetadata;
import io.millrace.coordinator.record.ConsumerGroupMemberMetadataValue.ClassicMemberMetadata.ClassicProtocol;
import io.millrace.coordinator.record.ConsumerGroupTargetAssignmentMemberValue;
import io.millrace.record.wire.ByteReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is known of a member of a consumer group, as the values of Kafka's records. Stateless. */
final class ConsumerMemberCodec {

    private ConsumerMemberCodec() {}

    // ---- who it is

    static ConsumerGroupMemberMetadataValue write(MemberProfile profile) {
        return new ConsumerGroupMemberMetadataValue()
                .instanceId(profile.instance())
                .rackId(profile.rack())
                .clientId(profile.clientId())
                .clientHost(profile.clientHost())
                .subscribedTopicNames(new ArrayList<>(profile.topics()))
                .subscribedTopicRegex(profile.regex())
                .rebalanceTimeoutMs(profile.rebalanceTimeoutMs())
                .serverAssignor(profile.assignor())
                .classicMemberMetadata(write(profile.classic()));
    }

    private static @Nullable ClassicMemberMetadata write(@Nullable ClassicSide classic) {
        return classic == null
                ? null
                : new ClassicMemberMetadata()
                        .sessionTimeoutMs(classic.sessionTimeoutMs())
                        .supportedProtocols(classic.protocols().stream()
                                .map(one ->
                                        new ClassicProtocol().name(one.name()).metadata(one.metadata()))
                                .toList());
    }

    static MemberProfile readProfile(ByteReader in, short version) {
        ConsumerGroupMemberMetadataValue read = ConsumerGroupMemberMetadataValue.read(in, version);
        ClassicMemberMetadata classic = read.classicMemberMetadata();
        return new MemberProfile(
                read.instanceId(),
                read.rackId(),
                read.clientId(),
                read.clientHost(),
                new TreeSet<>(read.subscribedTopicNames()),
                read.subscribedTopicRegex(),
                read.rebalanceTimeoutMs(),
                read.serverAssignor(),
                classic == null
                        ? null
                        : new ClassicSide(
                                classic.sessionTimeoutMs(),
                                classic.supportedProtocols().stream()
                                        .map(one -> new Protocol(one.name(), one.metadata()))
                                        .toList()));
    }

    // ---- what it is to have

    static ConsumerGroupTargetAssignmentMemberValue write(Partitions target) {
        List<ConsumerGroupTargetAssignmentMemberValue.TopicPartition> topics = new ArrayList<>();
        target.byTopic()
                .forEach((topic, partitions) -> topics.add(new ConsumerGroupTargetAssignmentMemberValue.TopicPartition()
                        .topicId(topic)
                        .partitions(ints(partitions))));
        return new ConsumerGroupTargetAssignmentMemberValue().topicPartitions(topics);
    }

    static Partitions readTarget(ByteReader in, short version) {
        SortedMap<UUID, List<Integer>> topics = new TreeMap<>();
        ConsumerGroupTargetAssignmentMemberValue.read(in, version)
                .topicPartitions()
                .forEach(one -> topics.put(
                        one.topicId(), Arrays.stream(one.partitions()).boxed().toList()));
        return Partitions.of(topics);
    }

    // ---- what it has

    static ConsumerGroupCurrentMemberAssignmentValue write(MemberProgress progress) {
        return new ConsumerGroupCurrentMemberAssignmentValue()
                .memberEpoch(progress.epoch())
                .previousMemberEpoch(progress.previousEpoch())
                .state(progress.state().code())
                .assignedPartitions(write(progress.assigned()))
                .partitionsPendingRevocation(write(progress.revoking()));
    }

    private static List<ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions> write(Holdings holdings) {
        List<ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions> topics = new ArrayList<>();
        holdings.byTopic()
                .forEach((topic, epochs) -> topics.add(new ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions()
                        .topicId(topic)
                        .partitions(ints(epochs.keySet()))
                        .assignmentEpochs(ints(epochs.values()))));
        return topics;
    }

    static MemberProgress readProgress(ByteReader in, short version) {
        ConsumerGroupCurrentMemberAssignmentValue read = ConsumerGroupCurrentMemberAssignmentValue.read(in, version);
        int epoch = read.memberEpoch();
        return new MemberProgress(
                epoch,
                read.previousMemberEpoch(),
                MemberState.of(read.state()),
                holdings(read.assignedPartitions(), epoch),
                holdings(read.partitionsPendingRevocation(), epoch));
    }

    /** Before Kafka 4.3 nobody wrote since when: then as long as the member is at its epoch. */
    private static Holdings holdings(
            List<ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions> topics, int memberEpoch) {
        SortedMap<UUID, SortedMap<Integer, Integer>> byTopic = new TreeMap<>();
        for (ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions topic : topics) {
            int[] partitions = topic.partitions();
            int[] epochs = topic.assignmentEpochs();
            boolean known = epochs != null && epochs.length == partitions.length;
            SortedMap<Integer, Integer> held = new TreeMap<>();
            for (int i = 0; i < partitions.length; i++) {
                held.put(partitions[i], known && epochs != null ? epochs[i] : Math.max(memberEpoch, 0));
            }
            byTopic.put(topic.topicId(), held);
        }
        return new Holdings(byTopic);
    }

    private static int[] ints(Iterable<Integer> numbers) {
        List<Integer> list = new ArrayList<>();
        numbers.forEach(list::add);
        return list.stream().mapToInt(Integer::intValue).toArray();
    }
}
