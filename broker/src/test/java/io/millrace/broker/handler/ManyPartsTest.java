package io.millrace.broker.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.broker.Answer;
import io.millrace.broker.Call;
import io.millrace.broker.Endpoint;
import io.millrace.broker.Handler;
import io.millrace.broker.Principal;
import io.millrace.broker.SteppedBroker;
import io.millrace.broker.message.ConsumerGroupDescribeRequest;
import io.millrace.broker.message.ConsumerGroupDescribeResponse;
import io.millrace.broker.message.CreatePartitionsRequest;
import io.millrace.broker.message.CreatePartitionsRequest.CreatePartitionsTopic;
import io.millrace.broker.message.CreatePartitionsResponse;
import io.millrace.broker.message.CreatePartitionsResponse.CreatePartitionsTopicResult;
import io.millrace.broker.message.CreateTopicsRequest;
import io.millrace.broker.message.CreateTopicsRequest.CreatableTopic;
import io.millrace.broker.message.CreateTopicsResponse;
import io.millrace.broker.message.CreateTopicsResponse.CreatableTopicResult;
import io.millrace.broker.message.DeleteGroupsRequest;
import io.millrace.broker.message.DeleteGroupsResponse;
import io.millrace.broker.message.DescribeConfigsRequest;
import io.millrace.broker.message.DescribeConfigsRequest.DescribeConfigsResource;
import io.millrace.broker.message.DescribeConfigsResponse;
import io.millrace.broker.message.DescribeConfigsResponse.DescribeConfigsResult;
import io.millrace.broker.message.DescribeGroupsRequest;
import io.millrace.broker.message.DescribeGroupsResponse;
import io.millrace.broker.message.DescribeProducersRequest;
import io.millrace.broker.message.DescribeProducersRequest.TopicRequest;
import io.millrace.broker.message.DescribeProducersResponse;
import io.millrace.broker.message.DescribeTransactionsRequest;
import io.millrace.broker.message.DescribeTransactionsResponse;
import io.millrace.broker.message.OffsetFetchRequest;
import io.millrace.broker.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.millrace.broker.message.OffsetFetchRequest.OffsetFetchRequestGroup.OffsetFetchRequestTopics;
import io.millrace.broker.message.OffsetFetchResponse;
import io.millrace.broker.message.ProduceRequest;
import io.millrace.broker.message.ProduceRequest.TopicProduceData;
import io.millrace.broker.message.ProduceRequest.TopicProduceData.PartitionProduceData;
import io.millrace.client.ErrorCode;
import io.millrace.record.RecordBatch;
import io.millrace.record.wire.ByteSlice;
import io.millrace.record.wire.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests of many parts, and requests that name the same thing again and again. */
class ManyPartsTest {

    /** More than the node's ring and a client's queue together. */
    private static final int PARTS = 12_000;

    private static final byte TOPIC = 2;
    private static final byte GROUP = 32;

    private final SteppedBroker broker = new SteppedBroker();

    @AfterEach
    void close() {
        broker.close();
    }

    private static Call call(int version) {
        return new Call(
                (short) version,
                "test",
                Principal.ANONYMOUS,
                new Endpoint("PLAINTEXT", "127.0.0.1", 9092),
                "/127.0.0.1",
                0);
    }

    private <Q extends Message, R> R ask(Handler<Q> handler, Q request, int version, Class<R> kind) {
        Answer answer = handler.handle(request, call(version));
        for (int round = 0; round < PARTS; round++) {
            if (answer.poll(0) instanceof Answer.Response response) {
                return kind.cast(response.message());
            }
            broker.settle();
        }
        throw new AssertionError("no answer");
    }

    private static List<String> names() {
        return IntStream.range(0, PARTS).mapToObj(i -> "group-" + i).toList();
    }

    @Test
    void asManyGroupsAsAFrameNamesAreDeleted() {
        DeleteGroupsResponse response = ask(
                new DeleteGroupsHandler(broker.around()),
                new DeleteGroupsRequest().groupsNames(names()),
                2,
                DeleteGroupsResponse.class);
        assertThat(response.results())
                .hasSize(PARTS)
                .allMatch(result -> result.errorCode() == ErrorCode.GROUP_ID_NOT_FOUND.code());
        assertThat(broker.door().isCongested()).isFalse();
    }

    @Test
    void thePositionsOfAsManyGroupsAreTold() {
        OffsetFetchRequest request = new OffsetFetchRequest();
        names().forEach(name ->
                request.groups().add(new OffsetFetchRequestGroup().groupId(name).topics(null)));
        OffsetFetchResponse response =
                ask(new OffsetFetchHandler(broker.around()), request, 9, OffsetFetchResponse.class);
        assertThat(response.groups()).hasSize(PARTS);
    }

    private static OffsetFetchRequestGroup group(int partition) {
        OffsetFetchRequestTopics topic =
                new OffsetFetchRequestTopics().name("flights").partitionIndexes(new int[] {partition});
        return new OffsetFetchRequestGroup().groupId("readers").topics(new ArrayList<>(List.of(topic)));
    }

    @Test
    void aGroupThatIsNamedAgainHasOneAnswerForAllItsPartitions() {
        broker.createTopic("flights", 2);
        OffsetFetchRequest request = new OffsetFetchRequest();
        request.groups().add(group(0));
        request.groups().add(group(1));
        request.groups().add(group(1));
        OffsetFetchResponse response =
                ask(new OffsetFetchHandler(broker.around()), request, 9, OffsetFetchResponse.class);
        assertThat(response.groups()).hasSize(1);
        assertThat(response.groups().get(0).topics().get(0).partitions()).hasSize(2);
    }

    private DescribeConfigsResponse describe(List<DescribeConfigsResource> resources) {
        return ask(
                new DescribeConfigsHandler(broker.around()),
                new DescribeConfigsRequest().resources(resources),
                4,
                DescribeConfigsResponse.class);
    }

    private static DescribeConfigsResource resource(byte type, String name, String... keys) {
        return new DescribeConfigsResource()
                .resourceType(type)
                .resourceName(name)
                .configurationKeys(keys.length == 0 ? null : List.of(keys));
    }

    @Test
    void aResourceThatIsNamedAgainIsDescribedOnceWithAllThatIsWanted() {
        broker.createTopic("flights", 1);
        DescribeConfigsResponse two = describe(
                List.of(resource(TOPIC, "flights", "retention.ms"), resource(TOPIC, "flights", "cleanup.policy")));
        assertThat(two.results()).hasSize(1);
        assertThat(two.results().get(0).configs())
                .extracting(DescribeConfigsResult.DescribeConfigsResourceResult::name)
                .containsExactlyInAnyOrder("retention.ms", "cleanup.policy");

        DescribeConfigsResponse all =
                describe(List.of(resource(TOPIC, "flights", "retention.ms"), resource(TOPIC, "flights")));
        assertThat(all.results()).hasSize(1);
        assertThat(all.results().get(0).configs()).hasSizeGreaterThan(20);
    }

    @Test
    void moreResourcesThanOneAnswerHasAreRefused() {
        List<DescribeConfigsResource> groups = IntStream.rangeClosed(0, DescribeConfigsHandler.RESOURCES_MAX)
                .mapToObj(i -> resource(GROUP, "group-" + i, "consumer.session.timeout.ms"))
                .toList();
        List<DescribeConfigsResult> results = describe(groups).results();
        assertThat(results.get(DescribeConfigsHandler.RESOURCES_MAX - 1).errorCode())
                .isZero();
        assertThat(results.get(DescribeConfigsHandler.RESOURCES_MAX).errorCode())
                .isEqualTo(ErrorCode.INVALID_REQUEST.code());
    }

    @Test
    void aTransactionalIdThatIsNamedAgainIsShownOnce() {
        DescribeTransactionsResponse response = ask(
                new DescribeTransactionsHandler(broker.around()),
                new DescribeTransactionsRequest().transactionalIds(List.of("tx", "tx", "ty")),
                0,
                DescribeTransactionsResponse.class);
        assertThat(response.transactionStates()).hasSize(2);
    }

    @Test
    void ofATopicThatIsToHaveMorePartitionsTwiceThereIsOneRefusal() {
        broker.createTopic("flights", 1);
        broker.createTopic("delays", 1);
        CreatePartitionsRequest request = new CreatePartitionsRequest();
        for (String name : List.of("flights", "delays", "flights")) {
            request.topics().add(new CreatePartitionsTopic().name(name).count(2).assignments(null));
        }
        CreatePartitionsResponse response =
                ask(new CreatePartitionsHandler(broker.around()), request, 3, CreatePartitionsResponse.class);
        assertThat(response.results())
                .extracting(CreatePartitionsTopicResult::name, CreatePartitionsTopicResult::errorCode)
                .containsExactly(tuple("flights", ErrorCode.INVALID_REQUEST.code()), tuple("delays", (short) 0));
    }

    private static CreatableTopic topic(String name) {
        return new CreatableTopic().name(name).numPartitions(1).replicationFactor((short) 1);
    }

    @Test
    void topicsOfOneRequestAreMadeTogetherAndThoseThatCannotBeAreRefused() {
        CreateTopicsRequest request = new CreateTopicsRequest().timeoutMs(1000);
        broker.createTopic("there", 1);
        List<String> names = new ArrayList<>(names().subList(0, 500));
        names.addAll(List.of("there", "a.b", "a_b", "last"));
        names.forEach(name -> request.topics().add(topic(name)));
        CreateTopicsResponse response =
                ask(new CreateTopicsHandler(broker.around()), request, 7, CreateTopicsResponse.class);

        assertThat(response.topics()).extracting(CreatableTopicResult::name).containsExactlyElementsOf(names);
        Map<String, Short> refused = response.topics().stream()
                .filter(topic -> topic.errorCode() != 0)
                .collect(Collectors.toMap(CreatableTopicResult::name, CreatableTopicResult::errorCode));
        assertThat(refused)
                .isEqualTo(Map.of(
                        "there", ErrorCode.TOPIC_ALREADY_EXISTS.code(),
                        "a_b", ErrorCode.INVALID_TOPIC_EXCEPTION.code()));
        assertThat(broker.door().topics().named("last")).isNotNull();
        assertThat(broker.door().topics().named("a_b")).isNull();
        broker.append("group-7", 0, 10);
    }

    @Test
    void groupsAndPartitionsThatAreNamedAgainAreShownOnce() {
        broker.createTopic("flights", 1);
        List<String> twice = List.of("a", "b", "a");
        assertThat(ask(
                                new DescribeGroupsHandler(broker.around()),
                                new DescribeGroupsRequest().groups(twice),
                                5,
                                DescribeGroupsResponse.class)
                        .groups())
                .hasSize(2);
        assertThat(ask(
                                new ConsumerGroupDescribeHandler(broker.around()),
                                new ConsumerGroupDescribeRequest().groupIds(twice),
                                1,
                                ConsumerGroupDescribeResponse.class)
                        .groups())
                .hasSize(2);
        DescribeProducersRequest producers = new DescribeProducersRequest();
        producers.topics().add(new TopicRequest().name("flights").partitionIndexes(new int[] {0, 0}));
        assertThat(ask(new DescribeProducersHandler(broker.around()), producers, 0, DescribeProducersResponse.class)
                        .topics()
                        .get(0)
                        .partitions())
                .hasSize(1);
    }

    private Answer produceSilently(int... partitions) {
        ProduceRequest request = new ProduceRequest().acks((short) 0).timeoutMs(1000);
        TopicProduceData data = new TopicProduceData().name("flights");
        for (int partition : partitions) {
            RecordBatch batch = SteppedBroker.batch(10);
            data.partitionData()
                    .add(new PartitionProduceData()
                            .index(partition)
                            .records(new ByteSlice(batch.bytes(), batch.position(), batch.sizeInBytes())));
        }
        request.topicData().add(data);
        return new ProduceHandler(broker.around()).handle(request, call(9));
    }

    @Test
    void whatNeedsNoAcknowledgementIsServedUntilTheLogHasIt() {
        broker.createTopic("flights", 2);
        Answer taken = produceSilently(0, 1);
        Answer refused = produceSilently(7, 0);
        assertThat(taken.poll(0)).as("its memory is still needed").isNull();
        assertThat(refused.poll(0)).isNull();

        broker.settle();
        assertThat(taken.poll(0)).isInstanceOf(Answer.Silence.class);
        assertThat(refused.poll(0)).isInstanceOf(Answer.Hangup.class);
    }
}
