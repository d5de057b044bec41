package io.millrace.server.command;

import io.millrace.broker.message.DeleteGroupsRequest;
import io.millrace.broker.message.DeleteGroupsResponse;
import io.millrace.broker.message.ListGroupsRequest;
import io.millrace.broker.message.ListGroupsResponse;
import io.millrace.broker.message.ListGroupsResponse.ListedGroup;
import io.millrace.client.TopicPartition;
import io.millrace.server.client.ClientException;
import io.millrace.server.client.ClusterClient;
import io.millrace.server.client.ClusterClient.CoordinatorOf;
import io.millrace.server.client.GroupOffsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace groups}: shows how far groups are, moves and deletes them. */
@Command(
        name = "groups",
        description = "Shows how far consumer groups are, moves and deletes them.",
        synopsisSubcommandLabel = "COMMAND")
public final class GroupsCommand {

    @Command(name = "list", description = "Lists the groups.")
    int list(
            @Mixin NodeAccess node,
            @Option(names = "--state", paramLabel = "STATE", description = "Only these, such as Stable or Empty.")
                    @Nullable
                    List<String> states) {
        try (ClusterClient cluster = node.open()) {
            List<ListedGroup> all = new ArrayList<>();
            for (int id : cluster.nodes().keySet()) {
                ListGroupsRequest request = new ListGroupsRequest();
                ListGroupsResponse response = cluster.askNode(
                        id,
                        ListGroupsRequest.KIND,
                        ListGroupsRequest.HIGHEST_VERSION,
                        request,
                        ListGroupsResponse::read);
                ClientException.check("groups of node " + id, response.errorCode(), null);
                all.addAll(response.groups());
            }
            all.sort(Comparator.comparing(ListedGroup::groupId));
            Report report = node.report("group", "type", "protocol", "state");
            all.stream()
                    .filter(one -> states == null || states.stream().anyMatch(one.groupState()::equalsIgnoreCase))
                    .forEach(one -> report.row(one.groupId(), one.groupType(), one.protocolType(), one.groupState()));
            report.print();
            return 0;
        }
    }

    @Command(
            name = "describe",
            description = "Shows where a group is in each partition, and how far behind, in records and in time.",
            footer = {
                "",
                "LAG counts the offsets from the group's position to the end. BEHIND SECONDS is the age of the oldest record that the",
                "group has not read: now minus its timestamp, which is event time if the producer set it."
            })
    int describe(
            @Mixin NodeAccess node,
            @Parameters(arity = "1..*", paramLabel = "GROUP", description = "Groups.") List<String> names) {
        try (ClusterClient cluster = node.open()) {
            Report report = node.report(
                    "group",
                    "topic",
                    "partition",
                    "position",
                    "end",
                    "lag",
                    "behindSeconds",
                    "member",
                    "client",
                    "host");
            for (String name : names) {
                GroupView group = new GroupLookup(cluster).find(name);
                node.say("Group " + name + " is " + group.state() + ", with "
                        + group.members().size() + " members.");
                for (GroupLag.Row row : new GroupLag(cluster, name, Instant.now()).rows(group.owners())) {
                    GroupView.Member owner = group.owners().get(row.partition());
                    report.row(
                            name,
                            row.partition().topic(),
                            row.partition().partition(),
                            row.position(),
                            row.end(),
                            row.lag(),
                            row.behind() == null ? null : row.behind().toSeconds(),
                            owner == null ? null : owner.id(),
                            owner == null ? null : owner.client(),
                            owner == null ? null : owner.host());
                }
            }
            report.print();
            return 0;
        }
    }

    /** Exactly one of these. */
    static final class Target {
        @Option(names = "--to-earliest", description = "To the first records.")
        private boolean earliest;

        @Option(names = "--to-latest", description = "Behind the last records.")
        private boolean latest;

        @Option(names = "--to-offset", paramLabel = "N", description = "To this offset.")
        private @Nullable Long offset;

        @Option(
                names = "--to-datetime",
                paramLabel = "TIME",
                description = "To the first records at or after it: 2001-01-15T06:00:00Z, or 2001-01-15.")
        private @Nullable String datetime;

        @Option(names = "--by-duration", paramLabel = "PT1H", description = "To the first records since so long ago.")
        private @Nullable Duration duration;

        @Option(names = "--shift-by", paramLabel = "N", description = "Forward by N offsets, back by -N.")
        private @Nullable Long shift;

        GroupMove move(Instant now) {
            if (shift != null) {
                return new GroupMove.By(shift);
            }
            if (offset != null) {
                return new GroupMove.To(new Place.Offset(offset));
            }
            if (datetime != null) {
                return new GroupMove.To(new Place.Time(Place.time(datetime, now).toEpochMilli()));
            }
            if (duration != null) {
                return new GroupMove.To(new Place.Time(now.minus(duration).toEpochMilli()));
            }
            return new GroupMove.To(earliest && !latest ? new Place.Beginning() : new Place.End());
        }
    }

    @Command(
            name = "reset",
            description = "Moves a group that has no members. Shows what it would do; does it with --execute.",
            sortOptions = false)
    int reset(
            @Mixin NodeAccess node,
            @Parameters(paramLabel = "GROUP", description = "Which.") String name,
            @Option(
                            names = "--topic",
                            paramLabel = "TOPIC[:N,…]",
                            description = "A topic, or some of its partitions; as often as needed."
                                    + " Default: where the group has positions.")
                    @Nullable
                    List<String> topics,
            @ArgGroup(multiplicity = "1") Target target,
            @Option(names = "--execute", description = "Do it.") boolean execute) {
        try (ClusterClient cluster = node.open()) {
            GroupMove move = target.move(Instant.now());
            Map<TopicPartition, Long> from = new GroupOffsets(cluster, name).committed();
            var partitions = GroupMove.partitions(cluster, name, from, topics);
            Map<TopicPartition, Long> to = move.offsets(cluster, partitions, from);
            if (execute) {
                requireNoMembers(cluster, name);
                new GroupOffsets(cluster, name).commit(to);
            }
            Report report = node.report("group", "topic", "partition", "from", "to");
            to.forEach((partition, offset) ->
                    report.row(name, partition.topic(), partition.partition(), from.get(partition), offset));
            report.print();
            node.say(execute ? "Group " + name + " is moved." : "Nothing was done; --execute does it.");
            return 0;
        }
    }

    private static void requireNoMembers(ClusterClient cluster, String name) {
        GroupView group = new GroupLookup(cluster).find(name);
        if (!group.members().isEmpty()) {
            throw new CommandRefused("group " + name + " has " + group.members().size()
                    + " members: stop them first, or they go on from where they are.");
        }
    }

    @Command(name = "delete", description = "Deletes groups that have no members, and their positions.")
    int delete(
            @Mixin NodeAccess node,
            @Parameters(arity = "1..*", paramLabel = "GROUP", description = "Groups.") List<String> names) {
        try (ClusterClient cluster = node.open()) {
            boolean failed = false;
            for (String name : names) {
                DeleteGroupsRequest request = new DeleteGroupsRequest();
                request.groupsNames().add(name);
                try {
                    cluster.askCoordinator(
                                    CoordinatorOf.GROUP,
                                    name,
                                    DeleteGroupsRequest.KIND,
                                    DeleteGroupsRequest.HIGHEST_VERSION,
                                    request,
                                    DeleteGroupsResponse::read)
                            .results()
                            .forEach(
                                    one -> ClientException.check("group " + name, one.errorCode(), one.errorMessage()));
                    node.say("Group " + name + " is deleted.");
                } catch (ClientException e) {
                    failed = true;
                    node.say("millrace: " + e.getMessage());
                }
            }
            return failed ? 1 : 0;
        }
    }
}
