package io.millrace.broker.config;

import io.millrace.broker.BrokerConfig;
import io.millrace.broker.NetworkLimits;
import io.millrace.broker.config.NodeKey.Treatment;
import io.millrace.coordinator.GroupLimits;
import io.millrace.coordinator.TransactionLimits;
import io.millrace.log.LogConfig;
import io.millrace.log.TopicSynonyms;
import io.millrace.node.DiskLimits;
import io.millrace.node.NodeConfig;
import io.millrace.node.ScrubLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A node's configuration, made from text under Kafka's names. Immutable.
 *
 * @param node for the log
 * @param broker for the listeners
 * @param listeners where to listen; never empty
 * @param advertised what clients are told, by the name of the listener; one that is not in here says its own address
 * @param dataDirectory {@code log.dirs}; empty if it was not said
 * @param warnings keys that were given and do not count, one sentence each
 */
public record NodeSettings(
        NodeConfig node,
        BrokerConfig broker,
        List<ListenerSpec> listeners,
        Map<String, ListenerSpec> advertised,
        Optional<String> dataDirectory,
        List<String> warnings) {

    private static final String PLAINTEXT = "PLAINTEXT";
    private static final int NOT_GIVEN = -1;

    public NodeSettings {
        listeners = List.copyOf(listeners);
        advertised = Map.copyOf(advertised);
        warnings = List.copyOf(warnings);
    }

    /**
     * Reads a configuration. A key that is not given has Kafka's default; the address to listen at is the loopback one.
     *
     * @throws IllegalArgumentException with one line per key that is unknown, refused or has a value out of range
     */
    public static NodeSettings of(Map<String, String> given) {
        List<String> problems = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        new TreeMap<>(given).forEach((name, value) -> NodeKeys.named(name)
                .ifPresentOrElse(
                        key -> judge(key, value, problems, warnings), () -> problems.add(NodeKeys.unknown(name))));
        refuse(problems);
        GivenKeys keys = new GivenKeys(given);
        List<ListenerSpec> listeners = listeners(keys, problems);
        Map<String, ListenerSpec> advertised = advertised(keys, listeners, problems);
        checkTogether(keys, problems);
        refuse(problems);
        return new NodeSettings(
                node(keys),
                broker(keys),
                listeners,
                advertised,
                directories(keys).stream().findFirst(),
                warnings);
    }

    private static void refuse(List<String> problems) {
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", problems));
        }
    }

    private static void judge(NodeKey key, String value, List<String> problems, List<String> warnings) {
        if (key.treatment() == Treatment.HONOURED) {
            key.problem(value).ifPresent(problems::add);
        } else if (!key.isDefault(value)) {
            String sentence = key.name() + "=" + (key.isSensitive() ? "…" : value) + ": " + key.text();
            (key.treatment() == Treatment.REFUSED ? problems : warnings).add(sentence);
        }
    }

    private static void checkTogether(GivenKeys keys, List<String> problems) {
        if (keys.has("node.id") && keys.has("broker.id") && keys.integer("node.id") != keys.integer("broker.id")) {
            problems.add("node.id=" + keys.text("node.id") + " and broker.id=" + keys.text("broker.id")
                    + " are one number; leave broker.id out");
        }
        if (directories(keys).size() > 1) {
            problems.add("log.dirs=" + keys.text("log.dirs") + ": a node has one data directory");
        }
        if (keys.integer("default.replication.factor") != 1) {
            problems.add("default.replication.factor=" + keys.text("default.replication.factor")
                    + ": one node keeps one replica; set it to 1 or leave it out");
        }
        if (keys.integer("group.min.session.timeout.ms") > keys.integer("group.max.session.timeout.ms")) {
            problems.add("group.min.session.timeout.ms must not be more than group.max.session.timeout.ms");
        }
        ConsumerGroupKeys.problem(keys).ifPresent(problems::add);
        problems.addAll(LogConfig.of(TopicSynonyms.topicDefaults(keys.values())).conflicts());
    }

    private static List<String> directories(GivenKeys keys) {
        List<String> many = keys.list("log.dirs");
        return many.isEmpty() ? keys.list("log.dir") : many;
    }

    /** The listeners of a quorum, which one node has none of, are passed over. */
    private static List<ListenerSpec> listeners(GivenKeys keys, List<String> problems) {
        Set<String> ofQuorum = Set.copyOf(keys.list("controller.listener.names"));
        List<ListenerSpec> found = parse("listeners", keys, problems).stream()
                .filter(listener -> !ofQuorum.contains(listener.name()))
                .toList();
        Map<String, String> protocols = keys.pairs("listener.security.protocol.map");
        for (ListenerSpec listener : found) {
            String protocol = protocols.getOrDefault(listener.name(), listener.name());
            if (!protocol.equals(PLAINTEXT)) {
                problems.add("listener " + listener.name() + " speaks " + protocol
                        + " by listener.security.protocol.map; this node speaks PLAINTEXT alone");
            }
        }
        if (found.isEmpty() && problems.isEmpty()) {
            problems.add("listeners=" + keys.text("listeners") + " names no address that clients can use");
        }
        if (found.stream().map(ListenerSpec::name).distinct().count() < found.size()) {
            problems.add("listeners=" + keys.text("listeners") + ": each listener needs a name of its own");
        }
        return found;
    }

    private static Map<String, ListenerSpec> advertised(
            GivenKeys keys, List<ListenerSpec> listeners, List<String> problems) {
        Set<String> names = listeners.stream().map(ListenerSpec::name).collect(Collectors.toSet());
        Map<String, ListenerSpec> advertised = new TreeMap<>();
        for (ListenerSpec one : parse("advertised.listeners", keys, problems)) {
            if (!names.contains(one.name())) {
                problems.add("advertised.listeners names " + one.name() + ", which is not in listeners");
            } else if (one.host().isEmpty() || one.host().equals("0.0.0.0")) {
                problems.add("advertised.listeners: " + one.name() + " needs a host that clients can reach, not '"
                        + one.host() + "'");
            }
            advertised.put(one.name(), one);
        }
        return advertised;
    }

    private static List<ListenerSpec> parse(String key, GivenKeys keys, List<String> problems) {
        List<ListenerSpec> found = new ArrayList<>();
        for (String text : keys.list(key)) {
            ListenerSpec.parse(text)
                    .ifPresentOrElse(found::add, () -> problems.add(key + ": '" + text + "' is not NAME://host:port"));
        }
        return found;
    }

    private static NodeConfig node(GivenKeys keys) {
        NodeConfig base = NodeConfig.DEFAULT
                .withTopicDefaults(TopicSynonyms.topicDefaults(keys.values()))
                .withMaintenanceInterval(maintenance(keys))
                .withProducerExpirationMs(keys.number("producer.id.expiration.ms"))
                .withTransactions(new TransactionLimits(
                        keys.integer("transaction.max.timeout.ms"), keys.number("transactional.id.expiration.ms")))
                .withGroups(groups(keys))
                .withDisk(new DiskLimits(
                        keys.ratio("disk.free.ratio.min"),
                        keys.number("disk.free.bytes.max"),
                        keys.number("disk.ballast.bytes")))
                .withScrub(new ScrubLimits(keys.number("scrub.bytes.per.second"), keys.millis("scrub.interval.ms")));
        int id = keys.find("node.id").map(Integer::parseInt).orElse(keys.integer("broker.id"));
        return id == NOT_GIVEN ? base : base.withNodeId(id);
    }

    private static GroupLimits groups(GivenKeys keys) {
        return new GroupLimits(
                Duration.ofMinutes(keys.number("offsets.retention.minutes")).toMillis(),
                keys.integer("offset.metadata.max.bytes"),
                keys.integer("group.initial.rebalance.delay.ms"),
                keys.integer("group.min.session.timeout.ms"),
                keys.integer("group.max.session.timeout.ms"),
                keys.integer("group.max.size"),
                ConsumerGroupKeys.limits(keys));
    }

    /** One round looks at both, so it comes as often as the one that is due more often. */
    private static Duration maintenance(GivenKeys keys) {
        long cleanerMs = Math.max(1, keys.number("log.cleaner.backoff.ms"));
        return Duration.ofMillis(Math.min(cleanerMs, keys.number("log.retention.check.interval.ms")));
    }

    private static BrokerConfig broker(GivenKeys keys) {
        return new BrokerConfig(
                keys.integer("socket.request.max.bytes"),
                keys.millis("connections.max.idle.ms"),
                keys.flag("auto.create.topics.enable"),
                keys.flag("delete.topic.enable"),
                keys.integer("num.partitions"),
                keys.integer("max.request.partition.size.limit"),
                keys.integer("fetch.max.bytes"),
                keys.integer("num.network.threads"),
                new NetworkLimits(
                        keys.integer("max.connections"),
                        keys.integer("max.connections.per.ip"),
                        keys.number("queued.max.request.bytes"),
                        keys.integer("max.incremental.fetch.session.cache.slots")),
                keys.find("broker.rack").orElse(null),
                keys.values());
    }
}
