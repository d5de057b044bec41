package io.millrace.server.client;

import io.millrace.broker.message.FindCoordinatorRequest;
import io.millrace.broker.message.FindCoordinatorResponse;
import io.millrace.broker.message.FindCoordinatorResponse.Coordinator;
import io.millrace.broker.message.MetadataRequest;
import io.millrace.broker.message.MetadataRequest.MetadataRequestTopic;
import io.millrace.broker.message.MetadataResponse;
import io.millrace.broker.message.MetadataResponse.MetadataResponseTopic;
import io.millrace.client.ErrorCode;
import io.millrace.client.TopicPartition;
import io.millrace.record.wire.Message;
import io.millrace.record.wire.RequestKind;
import io.millrace.server.client.TopicLayout.PartitionLayout;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Asks a cluster, of one node or of several, over Kafka's protocol. Blocking, for one thread. Connections are opened when they
 * are needed, one per node.
 */
public final class ClusterClient implements AutoCloseable {

    private static final Duration CONNECT_MAX = Duration.ofSeconds(5);
    private static final Duration RETRY_MAX = Duration.ofSeconds(30);
    private static final Duration RETRY_PAUSE = Duration.ofMillis(50);

    /** For requests that want no topic id, which begins at Metadata v10; names are what people type. */
    private static final int ANY_VERSION = Short.MAX_VALUE;

    private static final int BATCHED_COORDINATORS = 4;

    /** What a coordinator keeps. */
    public enum CoordinatorOf {
        GROUP(0),
        TRANSACTION(1);

        private final byte id;

        CoordinatorOf(int id) {
            this.id = (byte) id;
        }
    }

    private final WireConnection first;
    private final Map<Integer, WireConnection> connections = new HashMap<>();
    private final Map<Integer, NodeAddress> nodes = new TreeMap<>();
    private final Map<String, TopicLayout> topics = new TreeMap<>();
    private final Map<String, Integer> coordinators = new HashMap<>();
    private int controller = -1;

    private ClusterClient(WireConnection first) {
        this.first = first;
    }

    /**
     * Connects to the first of these nodes that answers.
     *
     * @throws ClientException if none does
     */
    public static ClusterClient open(List<NodeAddress> bootstrap) {
        ClientException last = new ClientException("no address is given.");
        for (NodeAddress address : bootstrap) {
            try {
                return new ClusterClient(WireConnection.open(address, CONNECT_MAX));
            } catch (ClientException e) {
                last = e;
            }
        }
        throw last;
    }

    /** Whether the cluster, as far as its first node knows, serves a request. */
    public boolean serves(RequestKind<?> kind) {
        return first.serves(kind);
    }

    /** The version in which a request of at most this version is sent. */
    public int version(RequestKind<?> kind, int highest) {
        return first.version(kind, highest);
    }

    /** Asks whatever node is at hand. */
    public <Q extends Message, R> R ask(RequestKind<Q> kind, Q request, Message.Decoder<R> decoder) {
        return ask(kind, ANY_VERSION, request, decoder);
    }

    /** The same in this version at most. */
    public <Q extends Message, R> R ask(RequestKind<Q> kind, int highest, Q request, Message.Decoder<R> decoder) {
        return first.ask(kind, highest, request, decoder);
    }

    /** Asks the node that decides about topics. */
    public <Q extends Message, R> R askController(RequestKind<Q> kind, Q request, Message.Decoder<R> decoder) {
        if (controller < 0) {
            refresh(List.of(), false);
        }
        return controller < 0 ? ask(kind, request, decoder) : askNode(controller, kind, ANY_VERSION, request, decoder);
    }

    /** Asks one node. */
    public <Q extends Message, R> R askNode(
            int node, RequestKind<Q> kind, int highest, Q request, Message.Decoder<R> decoder) {
        return connection(node).ask(kind, highest, request, decoder);
    }

    /** Asks the node that keeps a group or a transactional id. */
    public <Q extends Message, R> R askCoordinator(
            CoordinatorOf of, String key, RequestKind<Q> kind, int highest, Q request, Message.Decoder<R> decoder) {
        Integer known = coordinators.get(of + key);
        int node = known == null ? findCoordinator(of, key) : known;
        coordinators.put(of + key, node);
        return askNode(node, kind, highest, request, decoder);
    }

    private int findCoordinator(CoordinatorOf of, String key) {
        long endNs = System.nanoTime() + RETRY_MAX.toNanos();
        while (true) {
            Coordinator found = askForCoordinator(of, key);
            if (found.errorCode() == ErrorCode.NONE.code()) {
                nodes.put(found.nodeId(), new NodeAddress(found.host(), found.port()));
                return found.nodeId();
            }
            if (!ErrorCode.of(found.errorCode()).isRetriable() || System.nanoTime() > endNs) {
                throw ClientException.refused("the coordinator of " + key, found.errorCode(), found.errorMessage());
            }
            pause();
        }
    }

    private Coordinator askForCoordinator(CoordinatorOf of, String key) {
        // Both ways to say it: which one is written follows from the version; the other must be as it was.
        FindCoordinatorRequest request = new FindCoordinatorRequest().keyType(of.id);
        boolean isBatched = first.version(FindCoordinatorRequest.KIND, ANY_VERSION) >= BATCHED_COORDINATORS;
        if (isBatched) {
            request.coordinatorKeys(List.of(key));
        } else {
            request.key(key);
        }
        FindCoordinatorResponse response = ask(FindCoordinatorRequest.KIND, request, FindCoordinatorResponse::read);
        if (isBatched) {
            return response.coordinators().get(0);
        }
        return new Coordinator()
                .key(key)
                .nodeId(response.nodeId())
                .host(response.host())
                .port(response.port())
                .errorCode(response.errorCode())
                .errorMessage(response.errorMessage());
    }

    /** Ids and addresses of the nodes. */
    public Map<Integer, NodeAddress> nodes() {
        refresh(List.of(), false);
        return Map.copyOf(nodes);
    }

    /** All topics, by name. */
    public Map<String, TopicLayout> topics() {
        refresh(null, false);
        return new TreeMap<>(topics);
    }

    /** @throws ClientException if there is no such topic */
    public TopicLayout topic(String name) {
        return find(name)
                .orElseThrow(() -> new ClientException("there is no topic " + name
                        + "; 'topics list' shows those that are there, 'topics create " + name + "' makes it."));
    }

    /** Empty if there is no such topic. */
    public Optional<TopicLayout> find(String name) {
        return await(name, false);
    }

    /** Makes the topic if there is none and the node makes topics that are named. */
    public Optional<TopicLayout> findOrCreate(String name) {
        return await(name, true);
    }

    /** A topic that is being made, or whose leader is being chosen, is waited for. */
    private Optional<TopicLayout> await(String name, boolean creates) {
        long endNs = System.nanoTime() + RETRY_MAX.toNanos();
        while (true) {
            ErrorCode error = ErrorCode.of(refresh(List.of(name), creates).getOrDefault(name, (short) 0));
            TopicLayout found = topics.get(name);
            if (error == ErrorCode.NONE && found != null && hasLeaders(found)) {
                return Optional.of(found);
            }
            boolean isBeingMade = error == ErrorCode.LEADER_NOT_AVAILABLE || error == ErrorCode.NONE;
            if (!isBeingMade || System.nanoTime() > endNs) {
                return missing(name, error);
            }
            pause();
        }
    }

    private static Optional<TopicLayout> missing(String name, ErrorCode error) {
        if (error == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION) {
            return Optional.empty();
        }
        throw ClientException.refused("topic " + name, error.code(), null);
    }

    private static boolean hasLeaders(TopicLayout topic) {
        return !topic.partitions().isEmpty()
                && topic.partitions().stream().allMatch(partition -> partition.leader() >= 0);
    }

    /** The errors by topic, where there are some. */
    private Map<String, Short> refresh(@Nullable List<String> names, boolean creates) {
        MetadataRequest request = new MetadataRequest().allowAutoTopicCreation(creates);
        request.topics(
                names == null
                        ? null
                        : names.stream()
                                .map(name -> new MetadataRequestTopic().name(name))
                                .toList());
        MetadataResponse response = ask(MetadataRequest.KIND, request, MetadataResponse::read);
        response.brokers().forEach(node -> nodes.put(node.nodeId(), new NodeAddress(node.host(), node.port())));
        controller = response.controllerId();
        Map<String, Short> errors = new HashMap<>();
        if (names == null) {
            topics.clear();
        }
        for (MetadataResponseTopic topic : response.topics()) {
            String name = String.valueOf(topic.name());
            if (topic.errorCode() == ErrorCode.NONE.code()) {
                topics.put(name, layout(name, topic));
            } else {
                errors.put(name, topic.errorCode());
                topics.remove(name);
            }
        }
        return errors;
    }

    private static TopicLayout layout(String name, MetadataResponseTopic topic) {
        List<PartitionLayout> partitions = topic.partitions().stream()
                .map(one -> new PartitionLayout(
                        one.partitionIndex(),
                        one.leaderId(),
                        one.leaderEpoch(),
                        Arrays.stream(one.replicaNodes()).boxed().toList(),
                        Arrays.stream(one.isrNodes()).boxed().toList()))
                .sorted(java.util.Comparator.comparingInt(PartitionLayout::partition))
                .toList();
        return new TopicLayout(name, topic.topicId(), topic.isInternal(), partitions);
    }

    /**
     * The node that leads a partition.
     *
     * @throws ClientException if there is no such topic or partition
     */
    public int leader(TopicPartition partition) {
        TopicLayout known = topics.get(partition.topic());
        TopicLayout topic = known == null ? topic(partition.topic()) : known;
        if (partition.partition() < 0
                || partition.partition() >= topic.partitions().size()) {
            throw new ClientException("topic " + topic.name() + " has partitions 0 to "
                    + (topic.partitions().size() - 1) + ", no " + partition.partition() + ".");
        }
        return topic.partitions().get(partition.partition()).leader();
    }

    /** What was known of a topic may have changed. */
    public void forget(String topic) {
        topics.remove(topic);
    }

    private WireConnection connection(int node) {
        return connections.computeIfAbsent(node, id -> {
            NodeAddress address = nodes.get(id);
            if (address == null) {
                throw new ClientException("node " + id + " is not known any more; try again.");
            }
            return address.equals(first.address()) ? first : WireConnection.open(address, CONNECT_MAX);
        });
    }

    /** Waits a little before something is tried again. */
    static void pause() {
        LockSupport.parkNanos(RETRY_PAUSE.toNanos());
    }

    @Override
    public void close() {
        connections.values().forEach(WireConnection::close);
        first.close();
    }
}
