package io.millrace.streams.runtime;

import io.millrace.client.CommittedOffset;
import io.millrace.client.ErrorCode;
import io.millrace.client.LogClient;
import io.millrace.client.NewTopic;
import io.millrace.client.Producer;
import io.millrace.client.ProducerOptions;
import io.millrace.client.TopicDescription;
import io.millrace.client.TopicPartition;
import io.millrace.streams.JobOptions;
import io.millrace.streams.Topology;
import io.millrace.streams.plan.Fragment;
import io.millrace.streams.plan.Plan;
import io.millrace.streams.plan.Planner;
import io.millrace.streams.plan.TopicPartitions;
import io.millrace.streams.topology.DeclaredTopic;
import io.millrace.streams.topology.Operation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first part of an attempt: claims the group, fences older producers, finds or creates the topics, makes the plan. Owned
 * by the I/O agent.
 *
 * <p>The producer comes before everything that reads: once it is ready the last transaction of an older run is complete, so
 * what is read afterwards is what that run committed.
 */
final class Preparation {

    /** Largest batch of a changelog: state may have values that no topic would take. */
    private static final String CHANGELOG_MESSAGE_BYTES_MAX = Integer.toString(16 << 20);

    private static final Logger LOG = LoggerFactory.getLogger(JobAgent.LOGGER);

    private final Topology topology;
    private final JobOptions options;
    private final LogClient client;
    private final Consumer<EpochPoint> reached;
    private final RequestChain requests = new RequestChain();
    private final Map<String, TopicDescription> topics = new TreeMap<>();
    private @Nullable Producer producer;
    private @Nullable Plan plan;
    private Map<TopicPartition, CommittedOffset> offsets = new HashMap<>();

    Preparation(Topology topology, JobOptions options, LogClient client, Consumer<EpochPoint> reached) {
        this.topology = topology;
        this.options = options;
        this.client = client;
        this.reached = reached;
        requests.ask(() -> client.claimGroup(topology.job()), claim -> {});
        requests.then(this::openProducer);
        requests.ask(client::listTopics, all -> all.forEach(topic -> topics.put(topic.name(), topic)));
        requests.then(this::createInputs);
        requests.then(this::makePlan);
        requests.ask(() -> client.committedOffsets(topology.job()), found -> offsets = found);
    }

    private void openProducer() {
        Producer opened = client.openProducer(new ProducerOptions(
                topology.job(), (int) options.transactionTimeout().toMillis()));
        producer = opened;
        requests.ask(opened::ready, identity -> reached.accept(EpochPoint.PRODUCER_READY));
    }

    private void createInputs() {
        int known = 1;
        for (DeclaredTopic topic : topology.topics()) {
            TopicDescription existing = topics.get(topic.name());
            if (topic.read()) {
                known = Math.max(known, existing == null ? topic.partitions() : existing.partitionCount());
            }
        }
        for (DeclaredTopic topic : topology.topics()) {
            if (topic.read()) {
                create(topic.name(), topic.partitions() > 0 ? topic.partitions() : known, keeping(topic.configs()));
            }
        }
    }

    private void makePlan() {
        Map<String, Integer> counts = new HashMap<>();
        topics.values().stream()
                .filter(topic -> !topic.internal())
                .forEach(topic -> counts.put(topic.name(), topic.partitionCount()));
        Plan made = Planner.plan(topology, TopicPartitions.of(counts));
        plan = made;
        for (DeclaredTopic topic : topology.topics()) {
            if (!topic.read()) {
                create(
                        topic.name(),
                        topic.partitions() > 0 ? topic.partitions() : made.shardCount(),
                        keeping(topic.configs()));
            }
        }
        if (hasState(made)) {
            create(
                    Prepared.changelogOf(made.job()),
                    made.shardCount(),
                    Map.of(
                            "cleanup.policy",
                            "compact",
                            "max.message.bytes",
                            CHANGELOG_MESSAGE_BYTES_MAX,
                            "tombstones.held",
                            "true"));
            create(Catalog.topicOf(made.job()), 1, Map.of("cleanup.policy", "compact"));
        }
    }

    private boolean isRead(String name) {
        return topology.topics().stream()
                .anyMatch(topic -> topic.read() && topic.name().equals(name));
    }

    /** Event times may be old, and retention counts from them: without a word about it a topic keeps what the job writes. */
    static Map<String, String> keeping(Map<String, String> configs) {
        Map<String, String> all = new TreeMap<>(configs);
        all.putIfAbsent("retention.ms", "-1");
        return all;
    }

    private void create(String name, int partitions, Map<String, String> configs) {
        if (!topics.containsKey(name)) {
            requests.ask(
                    () -> client.createTopic(new NewTopic(name, partitions, configs)),
                    created -> {
                        topics.put(name, created);
                        if (isRead(name)) {
                            LOG.info(
                                    "job={} the input topic {} was missing and has been created: partitions={}",
                                    topology.job(),
                                    name,
                                    created.partitionCount());
                        }
                    },
                    error -> error == ErrorCode.TOPIC_ALREADY_EXISTS);
            requests.ask(() -> client.describeTopic(name), found -> topics.put(name, found));
        }
    }

    /** Whether a plan keeps anything beside the positions of its topics. */
    static boolean hasState(Plan plan) {
        if (!plan.stores().isEmpty()) {
            return true;
        }
        for (Fragment fragment : plan.fragments()) {
            for (var node : fragment.nodes()) {
                if (node.operation() instanceof Operation.ReadSource
                        || node.operation() instanceof Operation.JoinStreamTable
                        || node.operation() instanceof Operation.RunProcessor) {
                    return true;
                }
            }
        }
        return false;
    }

    int step() {
        return requests.step();
    }

    boolean isDone() {
        return requests.isDone();
    }

    /** Only when {@link #isDone}. */
    Prepared result() {
        Plan made = Objects.requireNonNull(plan);
        TopicDescription changelog = hasState(made) ? topics.get(Prepared.changelogOf(made.job())) : null;
        if (changelog != null && changelog.partitionCount() != made.shardCount()) {
            throw JobFault.finalOne("the changelog " + changelog.name() + " has " + changelog.partitionCount()
                    + " partitions, but the plan has " + made.shardCount()
                    + " shards. Keep the partition counts of the inputs, or start over with `millrace job reset`.");
        }
        List<OutputTopic> outputs = topology.topics().stream()
                .filter(topic -> topics.containsKey(topic.name()))
                .map(topic -> OutputTopic.of(Objects.requireNonNull(topics.get(topic.name()))))
                .toList();
        List<TaskInput> inputs = TaskInputs.of(made, topics);
        Map<String, UUID> inputIds = new HashMap<>();
        for (TaskInput input : inputs) {
            if (input.topic() != null) {
                TopicDescription topic = Objects.requireNonNull(topics.get(input.topic()));
                inputIds.put(topic.name(), topic.id());
            }
        }
        return new Prepared(Objects.requireNonNull(producer), made, inputs, inputIds, outputs, changelog, offsets);
    }

    /** The topics that are known, by name. */
    Map<String, TopicDescription> topics() {
        return topics;
    }
}
