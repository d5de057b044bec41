package io.millrace.broker.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.Answer;
import io.millrace.broker.Call;
import io.millrace.broker.Endpoint;
import io.millrace.broker.Handler;
import io.millrace.broker.Principal;
import io.millrace.broker.SteppedBroker;
import io.millrace.broker.message.CreatePartitionsRequest;
import io.millrace.broker.message.CreatePartitionsRequest.CreatePartitionsTopic;
import io.millrace.broker.message.CreatePartitionsResponse;
import io.millrace.broker.message.CreatePartitionsResponse.CreatePartitionsTopicResult;
import io.millrace.broker.message.DeleteGroupsRequest;
import io.millrace.broker.message.DeleteGroupsResponse;
import io.millrace.broker.message.DescribeConfigsRequest;
import io.millrace.broker.message.DescribeConfigsRequest.DescribeConfigsResource;
import io.millrace.broker.message.DescribeConfigsResponse;
import io.millrace.broker.message.DescribeConfigsResponse.DescribeConfigsResult;
import io.millrace.broker.message.DescribeTransactionsRequest;
import io.millrace.broker.message.DescribeTransactionsResponse;
import io.millrace.broker.message.OffsetFetchRequest;
import io.millrace.broker.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.millrace.broker.message.OffsetFetchRequest.OffsetFetchRequestGroup.OffsetFetchRequestTopics;
import io.millrace.broker.message.OffsetFetchResponse;
import io.millrace.client.ErrorCode;
import io.millrace.record.wire.Message;
import java.util.ArrayList;
import java.util.List;
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

    private <Q extends Message, R> R ask(Handler<Q> handler, Q request, int version, Class<R> kind) {
        Call call = new Call(
                (short) version,
                "test",
                Principal.ANONYMOUS,
                new Endpoint("PLAINTEXT", "127.0.0.1", 9092),
                "/127.0.0.1",
                0);
        Answer answer = handler.handle(request, call);
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
        DescribeConfigsResponse two = describe(List.of(
                resource(TOPIC, "flights", "retention.ms"), resource(TOPIC, "flights", "cleanup.policy")));
        assertThat(two.results()).hasSize(1);
        assertThat(two.results().get(0).configs())
                .extracting(DescribeConfigsResponse.DescribeConfigsResult.DescribeConfigsResourceResult::name)
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
            request.topics()
                    .add(new CreatePartitionsTopic().name(name).count(2).assignments(null));
        }
        CreatePartitionsResponse response =
                ask(new CreatePartitionsHandler(broker.around()), request, 3, CreatePartitionsResponse.class);
        assertThat(response.results())
                .extracting(CreatePartitionsTopicResult::name, CreatePartitionsTopicResult::errorCode)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("flights", ErrorCode.INVALID_REQUEST.code()),
                        org.assertj.core.groups.Tuple.tuple("delays", (short) 0));
    }
}
