package io.millrace.broker.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.Answer;
import io.millrace.broker.Authorizer;
import io.millrace.broker.BrokerConfig;
import io.millrace.broker.Call;
import io.millrace.broker.Cluster;
import io.millrace.broker.Endpoint;
import io.millrace.broker.Handler;
import io.millrace.broker.PartitionWatches;
import io.millrace.broker.Principal;
import io.millrace.broker.Surroundings;
import io.millrace.broker.config.NodeSettings;
import io.millrace.broker.message.AlterConfigsRequest;
import io.millrace.broker.message.AlterConfigsResponse;
import io.millrace.broker.message.CreateTopicsRequest;
import io.millrace.broker.message.CreateTopicsResponse;
import io.millrace.broker.message.DeleteTopicsRequest;
import io.millrace.broker.message.DeleteTopicsResponse;
import io.millrace.broker.message.DescribeClusterRequest;
import io.millrace.broker.message.DescribeClusterResponse;
import io.millrace.broker.message.DescribeConfigsRequest;
import io.millrace.broker.message.DescribeConfigsResponse;
import io.millrace.broker.message.DescribeQuorumRequest;
import io.millrace.broker.message.DescribeQuorumResponse;
import io.millrace.broker.message.DescribeTopicPartitionsRequest;
import io.millrace.broker.message.DescribeTopicPartitionsResponse;
import io.millrace.broker.message.IncrementalAlterConfigsRequest;
import io.millrace.broker.message.IncrementalAlterConfigsResponse;
import io.millrace.broker.message.ListConfigResourcesRequest;
import io.millrace.broker.message.ListConfigResourcesResponse;
import io.millrace.client.ErrorCode;
import io.millrace.client.NewTopic;
import io.millrace.kernel.DeterministicScheduler;
import io.millrace.kernel.ManualClock;
import io.millrace.kernel.Signal;
import io.millrace.log.MemoryLogStorage;
import io.millrace.node.LogNode;
import io.millrace.node.NodeConfig;
import io.millrace.node.NodeDoor;
import io.millrace.record.wire.Message;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the newest admin client does not send, and who may do what. */
class AdminHandlersTest {

    private static final byte TOPIC = 2;
    private static final byte BROKER = 4;
    private static final byte BROKER_LOGGER = 8;

    private final ManualClock clock = new ManualClock(1_000_000);
    private final LogNode node = LogNode.open(new MemoryLogStorage(), NodeConfig.DEFAULT, clock);
    private final DeterministicScheduler scheduler =
            DeterministicScheduler.roundRobin(clock).addAll(node.agents());
    private final NodeDoor door = node.newDoor(Signal.NONE);

    @AfterEach
    void close() {
        door.close();
        node.close();
    }

    private Surroundings around(Authorizer authorizer, BrokerConfig config) {
        return new Surroundings(
                door, new Cluster("cluster", 1), authorizer, config, new PartitionWatches(Signal.NONE), 7);
    }

    private Surroundings around() {
        return around(Authorizer.EVERYBODY, BrokerConfig.DEFAULT);
    }

    private <Q extends Message, R> R ask(Handler<Q> handler, Q request, int version, Class<R> kind) {
        var call = new Call(
                (short) version,
                "test",
                Principal.ANONYMOUS,
                new Endpoint("PLAINTEXT", "127.0.0.1", 9092),
                "/127.0.0.1",
                0);
        Answer answer = handler.handle(request, call);
        Answer.Outcome[] outcome = {null};
        scheduler.runUntil(() -> {
            outcome[0] = answer.poll(0);
            return outcome[0] != null;
        });
        return kind.cast(((Answer.Response) outcome[0]).message());
    }

    private void create(String topic, int partitions, Map<String, String> configs) {
        var pending = door.client().createTopic(new NewTopic(topic, partitions, configs));
        scheduler.runUntil(pending::isDone);
        pending.value();
    }

    private Map<String, String> configsOf(String topic) {
        return door.topics().named(topic).configs();
    }

    @Test
    void theOlderApiReplacesEverything() {
        create("t", 1, Map.of("retention.ms", "1", "segment.ms", "2"));
        var resource = new AlterConfigsRequest.AlterConfigsResource()
                .resourceType(TOPIC)
                .resourceName("t");
        resource.configs()
                .add(new AlterConfigsRequest.AlterConfigsResource.AlterableConfig()
                        .name("flush.ms")
                        .value("3"));
        var request = new AlterConfigsRequest().resources(List.of(resource)).validateOnly(true);

        ask(new AlterConfigsHandler(around()), request, 2, AlterConfigsResponse.class);
        assertThat(configsOf("t")).containsKey("retention.ms");
        var answer = ask(new AlterConfigsHandler(around()), request.validateOnly(false), 0, AlterConfigsResponse.class);

        assertThat(answer.responses()).singleElement().satisfies(one -> {
            assertThat(one.errorCode()).isZero();
            assertThat(one.errorMessage()).isNull();
        });
        assertThat(configsOf("t")).isEqualTo(Map.of("flush.ms", "3"));
    }

    @Test
    void aResourceThatIsNamedTwiceIsRefusedTwice() {
        create("t", 1, Map.of());
        var resource = new AlterConfigsRequest.AlterConfigsResource()
                .resourceType(TOPIC)
                .resourceName("t");

        var answer = ask(
                new AlterConfigsHandler(around()),
                new AlterConfigsRequest().resources(List.of(resource, resource)),
                2,
                AlterConfigsResponse.class);

        assertThat(answer.responses()).hasSize(2).allSatisfy(one -> assertThat(one.errorCode())
                .isEqualTo(ErrorCode.INVALID_REQUEST.code()));
    }

    private short incrementally(Surroundings around, byte type, String name, String key, String value) {
        var resource = new IncrementalAlterConfigsRequest.AlterConfigsResource()
                .resourceType(type)
                .resourceName(name);
        resource.configs()
                .add(new IncrementalAlterConfigsRequest.AlterConfigsResource.AlterableConfig()
                        .name(key)
                        .value(value));
        return ask(
                        new IncrementalAlterConfigsHandler(around),
                        new IncrementalAlterConfigsRequest().resources(List.of(resource)),
                        1,
                        IncrementalAlterConfigsResponse.class)
                .responses()
                .get(0)
                .errorCode();
    }

    @Test
    void onlyThisNodeCanBeChangedAndNoLogger() {
        assertThat(incrementally(around(), BROKER, "7", "log.retention.ms", "1"))
                .isEqualTo(ErrorCode.INVALID_REQUEST.code());
        assertThat(incrementally(around(), BROKER_LOGGER, "1", "root", "DEBUG"))
                .isEqualTo(ErrorCode.INVALID_REQUEST.code());
        assertThat(incrementally(around(), (byte) 99, "1", "key", "value")).isEqualTo(ErrorCode.INVALID_REQUEST.code());
        assertThat(incrementally(around(), TOPIC, "a b", "retention.ms", "1"))
                .isEqualTo(ErrorCode.INVALID_TOPIC_EXCEPTION.code());
    }

    @Test
    void whoMayNotDoItIsToldSoAndNothingHappens() {
        create("t", 1, Map.of());
        Set<String> asked = new java.util.TreeSet<>();
        var nobody = around(
                (principal, operation, resource, name) -> {
                    asked.add(operation + " " + resource + " " + name);
                    return false;
                },
                BrokerConfig.DEFAULT);

        assertThat(incrementally(nobody, TOPIC, "t", "retention.ms", "1"))
                .isEqualTo(ErrorCode.TOPIC_AUTHORIZATION_FAILED.code());
        assertThat(incrementally(nobody, BROKER, "", "log.retention.ms", "1"))
                .isEqualTo(ErrorCode.CLUSTER_AUTHORIZATION_FAILED.code());
        var described = ask(
                new DescribeConfigsHandler(nobody),
                new DescribeConfigsRequest()
                        .resources(List.of(new DescribeConfigsRequest.DescribeConfigsResource()
                                .resourceType(TOPIC)
                                .resourceName("t"))),
                4,
                DescribeConfigsResponse.class);

        assertThat(described.results().get(0).errorCode()).isEqualTo(ErrorCode.TOPIC_AUTHORIZATION_FAILED.code());
        assertThat(asked)
                .containsExactly(
                        "ALTER_CONFIGS CLUSTER kafka-cluster", "ALTER_CONFIGS TOPIC t", "DESCRIBE_CONFIGS TOPIC t");
        assertThat(configsOf("t")).isEmpty();
    }

    @Test
    void topicsStayIfTheNodeDeletesNone() {
        create("t", 1, Map.of());
        var config = NodeSettings.of(Map.of("delete.topic.enable", "false")).broker();
        var request = new DeleteTopicsRequest().topics(List.of(new DeleteTopicsRequest.DeleteTopicState().name("t")));

        var answer = ask(
                new DeleteTopicsHandler(around(Authorizer.EVERYBODY, config)), request, 6, DeleteTopicsResponse.class);

        assertThat(answer.responses().get(0).errorCode()).isEqualTo(ErrorCode.TOPIC_DELETION_DISABLED.code());
        assertThat(door.topics().named("t")).isNotNull();
    }

    @Test
    void aTopicThatIsNamedTwiceHasOneRefusal() {
        var topic = new CreateTopicsRequest.CreatableTopic()
                .name("t")
                .numPartitions(1)
                .replicationFactor((short) 1);

        var answer = ask(
                new CreateTopicsHandler(around()),
                new CreateTopicsRequest().topics(List.of(topic, topic)),
                7,
                CreateTopicsResponse.class);

        assertThat(answer.topics()).singleElement().satisfies(one -> assertThat(one.errorCode())
                .isEqualTo(ErrorCode.INVALID_REQUEST.code()));
    }

    @Test
    void pagesOfPartitionsFollowEachOther() {
        create("a", 3, Map.of());
        create("b", 2, Map.of());
        var request = new DescribeTopicPartitionsRequest()
                .topics(List.of(
                        new DescribeTopicPartitionsRequest.TopicRequest().name("b"),
                        new DescribeTopicPartitionsRequest.TopicRequest().name("a")))
                .responsePartitionLimit(3);

        var first =
                ask(new DescribeTopicPartitionsHandler(around()), request, 0, DescribeTopicPartitionsResponse.class);
        assertThat(first.topics()).singleElement().satisfies(topic -> assertThat(topic.partitions())
                .hasSize(3));
        var cursor = first.nextCursor();
        assertThat(cursor).isNotNull();
        assertThat(cursor.topicName() + cursor.partitionIndex()).isEqualTo("b0");
        var last = ask(
                new DescribeTopicPartitionsHandler(around()),
                request.cursor(new DescribeTopicPartitionsRequest.Cursor()
                        .topicName("b")
                        .partitionIndex(1)),
                0,
                DescribeTopicPartitionsResponse.class);

        assertThat(last.nextCursor()).isNull();
        assertThat(last.topics()).singleElement().satisfies(topic -> assertThat(topic.partitions())
                .singleElement()
                .satisfies(partition -> assertThat(partition.partitionIndex()).isEqualTo(1)));
    }

    @Test
    void aCursorThatPointsNowhereIsRefused() {
        var request = new DescribeTopicPartitionsRequest()
                .topics(List.of(new DescribeTopicPartitionsRequest.TopicRequest().name("a")))
                .cursor(new DescribeTopicPartitionsRequest.Cursor().topicName("b"));

        var answer =
                ask(new DescribeTopicPartitionsHandler(around()), request, 0, DescribeTopicPartitionsResponse.class);

        assertThat(answer.topics().get(0).errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST.code());
    }

    @Test
    void aNodeIsNoControllerToConnectTo() {
        var request = new DescribeClusterRequest().endpointType((byte) 2);

        assertThat(ask(new DescribeClusterHandler(around()), request, 1, DescribeClusterResponse.class)
                        .errorCode())
                .isEqualTo(ErrorCode.MISMATCHED_ENDPOINT_TYPE.code());
        assertThat(ask(
                                new DescribeClusterHandler(around()),
                                request.endpointType((byte) 9),
                                1,
                                DescribeClusterResponse.class)
                        .errorCode())
                .isEqualTo(ErrorCode.UNSUPPORTED_ENDPOINT_TYPE.code());
    }

    @Test
    void theQuorumIsOfTheMetadataAlone() {
        var topic = new DescribeQuorumRequest.TopicData().topicName("t");
        topic.partitions().add(new DescribeQuorumRequest.TopicData.PartitionData());

        var answer = ask(
                new DescribeQuorumHandler(around()),
                new DescribeQuorumRequest().topics(List.of(topic)),
                2,
                DescribeQuorumResponse.class);

        assertThat(answer.topics().get(0).partitions().get(0).errorCode())
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
    }

    @Test
    void theFirstVersionListsClientMetricsAlone() {
        create("t", 1, Map.of());
        incrementally(around(), (byte) 16, "all", "interval.ms", "1000");

        var first = ask(
                new ListConfigResourcesHandler(around()),
                new ListConfigResourcesRequest(),
                0,
                ListConfigResourcesResponse.class);
        var second = ask(
                new ListConfigResourcesHandler(around()),
                new ListConfigResourcesRequest(),
                1,
                ListConfigResourcesResponse.class);

        assertThat(names(first)).containsExactly("all");
        assertThat(names(second)).contains("all", "t", "1");
    }

    private static Set<String> names(ListConfigResourcesResponse response) {
        return response.configResources().stream()
                .map(ListConfigResourcesResponse.ConfigResource::resourceName)
                .collect(Collectors.toSet());
    }
}
