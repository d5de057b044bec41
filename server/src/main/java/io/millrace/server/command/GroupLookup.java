package io.millrace.server.command;

import io.millrace.broker.message.ConsumerGroupDescribeRequest;
import io.millrace.broker.message.ConsumerGroupDescribeResponse;
import io.millrace.broker.message.DescribeGroupsRequest;
import io.millrace.broker.message.DescribeGroupsResponse;
import io.millrace.client.ErrorCode;
import io.millrace.client.TopicPartition;
import io.millrace.server.client.ClientException;
import io.millrace.server.client.ClusterClient;
import io.millrace.server.client.ClusterClient.CoordinatorOf;
import io.millrace.server.client.ConsumerProtocol;
import java.util.ArrayList;
import java.util.List;

/** Describes a group of either protocol; as Kafka's own clients do, it asks for the newer kind first. */
final class GroupLookup {

    private static final String DEAD = "Dead";

    private final ClusterClient cluster;

    GroupLookup(ClusterClient cluster) {
        this.cluster = cluster;
    }

    /** @throws CommandRefused if there is no such group */
    GroupView find(String name) {
        if (cluster.serves(ConsumerGroupDescribeRequest.KIND)) {
            ConsumerGroupDescribeRequest request = new ConsumerGroupDescribeRequest();
            request.groupIds().add(name);
            var described = cluster.askCoordinator(
                            CoordinatorOf.GROUP,
                            name,
                            ConsumerGroupDescribeRequest.KIND,
                            ConsumerGroupDescribeRequest.HIGHEST_VERSION,
                            request,
                            ConsumerGroupDescribeResponse::read)
                    .groups()
                    .get(0);
            boolean isOther = described.errorCode() == ErrorCode.GROUP_ID_NOT_FOUND.code()
                    || described.errorCode() == ErrorCode.UNSUPPORTED_VERSION.code();
            if (!isOther) {
                ClientException.check("group " + name, described.errorCode(), described.errorMessage());
                return view(described);
            }
        }
        return classic(name);
    }

    private static GroupView view(ConsumerGroupDescribeResponse.DescribedGroup group) {
        List<GroupView.Member> members = new ArrayList<>();
        for (var member : group.members()) {
            List<TopicPartition> partitions = new ArrayList<>();
            member.assignment().topicPartitions().forEach(topic -> {
                for (int partition : topic.partitions()) {
                    partitions.add(new TopicPartition(topic.topicName(), partition));
                }
            });
            members.add(new GroupView.Member(member.memberId(), member.clientId(), member.clientHost(), partitions));
        }
        return new GroupView(group.groupId(), group.groupState(), members);
    }

    private GroupView classic(String name) {
        DescribeGroupsRequest request = new DescribeGroupsRequest();
        request.groups().add(name);
        var described = cluster.askCoordinator(
                        CoordinatorOf.GROUP,
                        name,
                        DescribeGroupsRequest.KIND,
                        DescribeGroupsRequest.HIGHEST_VERSION,
                        request,
                        DescribeGroupsResponse::read)
                .groups()
                .get(0);
        boolean isUnknown = described.errorCode() == ErrorCode.GROUP_ID_NOT_FOUND.code();
        if (isUnknown || described.errorCode() == 0 && described.groupState().equals(DEAD)) {
            throw new CommandRefused("there is no group " + name + "; 'groups list' shows those that are there.");
        }
        ClientException.check("group " + name, described.errorCode(), described.errorMessage());
        List<GroupView.Member> members = new ArrayList<>();
        boolean isConsumer = described.protocolType().equals(ConsumerProtocol.TYPE);
        for (var member : described.members()) {
            // What members of other kinds, such as Connect's, tell each other is theirs.
            members.add(new GroupView.Member(
                    member.memberId(),
                    member.clientId(),
                    member.clientHost(),
                    isConsumer ? ConsumerProtocol.partitions(member.memberAssignment()) : List.of()));
        }
        return new GroupView(name, described.groupState(), members);
    }
}
