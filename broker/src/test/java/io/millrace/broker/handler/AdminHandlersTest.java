package io.millrace.broker.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.BrokerConfig;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.AlterConfigsRequest;
import io.millrace.broker.message.AlterConfigsResponse;
import io.millrace.broker.message.DescribeClusterRequest;
import io.millrace.broker.message.DescribeClusterResponse;
import io.millrace.broker.message.DescribeConfigsRequest;
import io.millrace.broker.message.DescribeConfigsResponse;
import io.millrace.broker.message.DescribeQuorumRequest;
import io.millrace.broker.message.DescribeQuorumResponse;
import io.millrace.broker.message.IncrementalAlterConfigsRequest;
import io.millrace.broker.message.IncrementalAlterConfigsResponse;
import io.millrace.broker.message.ListConfigResourcesRequest;
import io.millrace.broker.message.ListConfigResourcesResponse;
import io.millrace.client.ErrorCode;
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

    private final SteppedHandlers handlers = new SteppedHandlers();

    @AfterEach
    void close() {
        handlers.close();
    }

    private Map<String, String> configsOf(String topic) {
        return handlers.door().topics().named(topic).configs();
    }

    @Test
    void theOlderApiReplacesEverything() {
        handlers.create("t", 1, Map.of("retention.ms", "1", "segment.ms", "2"));
        var resource = new AlterConfigsRequest.AlterConfigsResource()
                .resourceType(TOPIC)
                .resourceName("t");
        resource.configs()
                .add(new AlterConfigsRequest.AlterConfigsResource.AlterableConfig()
                        .name("flush.ms")
                        .value("3"));
        var request = new AlterConfigsRequest().resources(List.of(resource)).validateOnly(true);

        handlers.ask(new AlterConfigsHandler(handlers.around()), request, 2, AlterConfigsResponse.class);
        assertThat(configsOf("t")).containsKey("retention.ms");
        var answer = handlers.ask(
                new AlterConfigsHandler(handlers.around()), request.validateOnly(false), 0, AlterConfigsResponse.class);

        assertThat(answer.responses()).singleElement().satisfies(one -> {
            assertThat(one.errorCode()).isZero();
            assertThat(one.errorMessage()).isNull();
        });
        assertThat(configsOf("t")).isEqualTo(Map.of("flush.ms", "3"));
    }

    @Test
    void aResourceThatIsNamedTwiceIsRefusedTwice() {
        handlers.create("t", 1, Map.of());
        var resource = new AlterConfigsRequest.AlterConfigsResource()
                .resourceType(TOPIC)
                .resourceName("t");

        var answer = handlers.ask(
                new AlterConfigsHandler(handlers.around()),
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
        return handlers.ask(
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
        assertThat(incrementally(handlers.around(), BROKER, "7", "log.retention.ms", "1"))
                .isEqualTo(ErrorCode.INVALID_REQUEST.code());
        assertThat(incrementally(handlers.around(), BROKER_LOGGER, "1", "root", "DEBUG"))
                .isEqualTo(ErrorCode.INVALID_REQUEST.code());
        assertThat(incrementally(handlers.around(), (byte) 99, "1", "key", "value"))
                .isEqualTo(ErrorCode.INVALID_REQUEST.code());
        assertThat(incrementally(handlers.around(), TOPIC, "a b", "retention.ms", "1"))
                .isEqualTo(ErrorCode.INVALID_TOPIC_EXCEPTION.code());
    }

    @Test
    void whoMayNotDoItIsToldSoAndNothingHappens() {
        handlers.create("t", 1, Map.of());
        Set<String> asked = new java.util.TreeSet<>();
        var nobody = handlers.around(
                (principal, operation, resource, name) -> {
                    asked.add(operation + " " + resource + " " + name);
                    return false;
                },
                BrokerConfig.DEFAULT);

        assertThat(incrementally(nobody, TOPIC, "t", "retention.ms", "1"))
                .isEqualTo(ErrorCode.TOPIC_AUTHORIZATION_FAILED.code());
        assertThat(incrementally(nobody, BROKER, "", "log.retention.ms", "1"))
                .isEqualTo(ErrorCode.CLUSTER_AUTHORIZATION_FAILED.code());
        var described = handlers.ask(
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
    void aNodeIsNoControllerToConnectTo() {
        var request = new DescribeClusterRequest().endpointType((byte) 2);

        assertThat(handlers.ask(
                                new DescribeClusterHandler(handlers.around()),
                                request,
                                1,
                                DescribeClusterResponse.class)
                        .errorCode())
                .isEqualTo(ErrorCode.MISMATCHED_ENDPOINT_TYPE.code());
        assertThat(handlers.ask(
                                new DescribeClusterHandler(handlers.around()),
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

        var answer = handlers.ask(
                new DescribeQuorumHandler(handlers.around()),
                new DescribeQuorumRequest().topics(List.of(topic)),
                2,
                DescribeQuorumResponse.class);

        assertThat(answer.topics().get(0).partitions().get(0).errorCode())
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
    }

    @Test
    void theFirstVersionListsClientMetricsAlone() {
        handlers.create("t", 1, Map.of());
        incrementally(handlers.around(), (byte) 16, "all", "interval.ms", "1000");

        var first = handlers.ask(
                new ListConfigResourcesHandler(handlers.around()),
                new ListConfigResourcesRequest(),
                0,
                ListConfigResourcesResponse.class);
        var second = handlers.ask(
                new ListConfigResourcesHandler(handlers.around()),
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
