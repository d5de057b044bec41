package io.millrace.server.command;

import io.millrace.broker.message.CreatePartitionsRequest;
import io.millrace.broker.message.CreatePartitionsRequest.CreatePartitionsTopic;
import io.millrace.broker.message.CreatePartitionsResponse;
import io.millrace.broker.message.CreateTopicsRequest;
import io.millrace.broker.message.CreateTopicsRequest.CreatableTopic;
import io.millrace.broker.message.CreateTopicsRequest.CreatableTopic.CreatableTopicConfig;
import io.millrace.broker.message.CreateTopicsResponse;
import io.millrace.broker.message.DeleteTopicsRequest;
import io.millrace.broker.message.DeleteTopicsRequest.DeleteTopicState;
import io.millrace.broker.message.DeleteTopicsResponse;
import io.millrace.broker.message.DescribeConfigsRequest;
import io.millrace.client.IsolationLevel;
import io.millrace.client.TopicPartition;
import io.millrace.server.client.ClientException;
import io.millrace.server.client.ClusterClient;
import io.millrace.server.client.PartitionOffsets;
import io.millrace.server.client.TopicLayout;
import io.millrace.server.client.TopicLayout.PartitionLayout;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace topics}: shows, makes, changes and deletes topics. */
@Command(
        name = "topics",
        description = "Shows, makes, changes and deletes topics.",
        synopsisSubcommandLabel = "COMMAND")
public final class TopicsCommand {

    private static final int AS_THE_NODE_SAYS = -1;
    private static final int TIMEOUT_MS = 30_000;

    /** From this version on topics may be named by id, and the request has another form. */
    private static final int DELETE_BY_STATE = 6;

    @Command(name = "list", description = "Lists the topics.")
    int list(
            @Mixin NodeAccess node,
            @Option(names = "--internal", description = "Those that belong to the log too.") boolean internal) {
        try (ClusterClient cluster = node.open()) {
            Report report = node.report("topic", "partitions", "replicas", "internal");
            cluster.topics().values().stream()
                    .filter(topic -> internal || !topic.internal())
                    .forEach(topic ->
                            report.row(topic.name(), topic.partitions().size(), replicas(topic), topic.internal()));
            report.print();
            return 0;
        }
    }

    private static int replicas(TopicLayout topic) {
        return topic.partitions().isEmpty()
                ? 0
                : topic.partitions().get(0).replicas().size();
    }

    @Command(name = "describe", description = "Shows the partitions of topics: leaders, replicas and offsets.")
    int describe(
            @Mixin NodeAccess node,
            @Parameters(arity = "1..*", paramLabel = "TOPIC", description = "Topics.") List<String> names) {
        try (ClusterClient cluster = node.open()) {
            Report report = node.report(
                    "topic",
                    "topicId",
                    "partition",
                    "leader",
                    "leaderEpoch",
                    "replicas",
                    "isr",
                    "startOffset",
                    "endOffset");
            for (String name : names) {
                TopicLayout topic = cluster.topic(name);
                List<TopicPartition> partitions = partitions(topic);
                var offsets = new PartitionOffsets(cluster);
                var starts = offsets.find(partitions, PartitionOffsets.EARLIEST, IsolationLevel.READ_UNCOMMITTED);
                var ends = offsets.find(partitions, PartitionOffsets.LATEST, IsolationLevel.READ_UNCOMMITTED);
                for (PartitionLayout one : topic.partitions()) {
                    TopicPartition partition = new TopicPartition(name, one.partition());
                    report.row(
                            name,
                            topic.idText(),
                            one.partition(),
                            one.leader(),
                            one.leaderEpoch(),
                            one.replicas(),
                            one.isr(),
                            starts.get(partition),
                            ends.get(partition));
                }
            }
            report.print();
            if (!node.isJson() && cluster.serves(DescribeConfigsRequest.KIND)) {
                names.forEach(name -> sayConfigs(node, cluster, name));
            }
            return 0;
        }
    }

    private static void sayConfigs(NodeAccess node, ClusterClient cluster, String topic) {
        Map<String, String> own = new ConfigsOf(cluster, ConfigsOf.Kind.TOPIC, topic).own();
        own.forEach((key, value) -> node.console().out().println(topic + ": " + key + "=" + value));
        node.console().out().flush();
    }

    static List<TopicPartition> partitions(TopicLayout topic) {
        return topic.partitions().stream()
                .map(one -> new TopicPartition(topic.name(), one.partition()))
                .toList();
    }

    @Command(name = "create", description = "Makes a topic.")
    int create(
            @Mixin NodeAccess node,
            @Parameters(paramLabel = "TOPIC", description = "Its name.") String name,
            @Option(
                            names = {"-p", "--partitions"},
                            paramLabel = "N",
                            defaultValue = "-1",
                            description = "How many; default num.partitions of the node.")
                    int partitions,
            @Option(
                            names = "--replicas",
                            paramLabel = "N",
                            defaultValue = "-1",
                            description = "How many; default default.replication.factor of the node.")
                    short replicas,
            @Option(names = "--config", paramLabel = "KEY=VALUE", description = "A configuration; as often as needed.")
                    @Nullable
                    List<String> configs,
            @Option(names = "--if-not-exists", description = "Do nothing if it is there.") boolean ifNotExists) {
        if (partitions == 0 || partitions < AS_THE_NODE_SAYS) {
            throw new CommandRefused("--partitions must be 1 or more.");
        }
        try (ClusterClient cluster = node.open()) {
            if (ifNotExists && cluster.find(name).isPresent()) {
                node.say("Topic " + name + " is there.");
                return 0;
            }
            CreatableTopic topic =
                    new CreatableTopic().name(name).numPartitions(partitions).replicationFactor(replicas);
            KeyValues.parse(configs, "--config").forEach((key, value) -> topic.configs()
                    .add(new CreatableTopicConfig().name(key).value(value)));
            CreateTopicsRequest request = new CreateTopicsRequest().timeoutMs(TIMEOUT_MS);
            request.topics().add(topic);
            CreateTopicsResponse response =
                    cluster.askController(CreateTopicsRequest.KIND, request, CreateTopicsResponse::read);
            response.topics()
                    .forEach(one -> ClientException.check("topic " + name, one.errorCode(), one.errorMessage()));
            node.say("Topic " + name + " is made.");
            return 0;
        }
    }

    @Command(name = "alter", description = "Gives a topic more partitions or other configurations.")
    int alter(
            @Mixin NodeAccess node,
            @Parameters(paramLabel = "TOPIC", description = "Its name.") String name,
            @Option(
                            names = {"-p", "--partitions"},
                            paramLabel = "N",
                            description = "How many it shall have in all; never fewer. Keys go elsewhere from then on.")
                    @Nullable
                    Integer partitions,
            @Option(names = "--config", paramLabel = "KEY=VALUE", description = "A configuration; as often as needed.")
                    @Nullable
                    List<String> configs,
            @Option(names = "--delete-config", paramLabel = "KEY", description = "Back to the default.") @Nullable
                    List<String> deleted) {
        Map<String, String> set = KeyValues.parse(configs, "--config");
        List<String> removed = deleted == null ? List.of() : deleted;
        if (partitions == null && set.isEmpty() && removed.isEmpty()) {
            throw new CommandRefused("say what to change: --partitions, --config or --delete-config.");
        }
        try (ClusterClient cluster = node.open()) {
            if (!set.isEmpty() || !removed.isEmpty()) {
                new ConfigsOf(cluster, ConfigsOf.Kind.TOPIC, name).alter(set, removed, false);
            }
            if (partitions != null) {
                CreatePartitionsRequest request = new CreatePartitionsRequest().timeoutMs(TIMEOUT_MS);
                request.topics()
                        .add(new CreatePartitionsTopic()
                                .name(name)
                                .count(partitions)
                                .assignments(null));
                cluster.askController(CreatePartitionsRequest.KIND, request, CreatePartitionsResponse::read)
                        .results()
                        .forEach(one -> ClientException.check("topic " + name, one.errorCode(), one.errorMessage()));
            }
            node.say("Topic " + name + " is changed.");
            return 0;
        }
    }

    @Command(name = "delete", description = "Deletes topics and everything in them.")
    int delete(
            @Mixin NodeAccess node,
            @Parameters(arity = "1..*", paramLabel = "TOPIC", description = "Topics.") List<String> names,
            @Option(names = "--if-exists", description = "Do not mind those that are not there.") boolean ifExists) {
        try (ClusterClient cluster = node.open()) {
            Map<String, ClientException> failed = new TreeMap<>();
            for (String name : names) {
                if (ifExists && cluster.find(name).isEmpty()) {
                    continue;
                }
                try {
                    delete(cluster, name);
                    node.say("Topic " + name + " is deleted.");
                } catch (ClientException e) {
                    failed.put(name, e);
                }
            }
            failed.values().forEach(e -> node.say("millrace: " + e.getMessage()));
            return failed.isEmpty() ? 0 : 1;
        }
    }

    private static void delete(ClusterClient cluster, String name) {
        DeleteTopicsRequest request = new DeleteTopicsRequest().timeoutMs(TIMEOUT_MS);
        if (cluster.version(DeleteTopicsRequest.KIND, DeleteTopicsRequest.HIGHEST_VERSION) >= DELETE_BY_STATE) {
            request.topics().add(new DeleteTopicState().name(name));
        } else {
            request.topicNames().add(name);
        }
        cluster.askController(DeleteTopicsRequest.KIND, request, DeleteTopicsResponse::read)
                .responses()
                .forEach(one -> ClientException.check("topic " + name, one.errorCode(), one.errorMessage()));
    }
}
