package io.millrace.broker.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.Authorizer;
import io.millrace.broker.BrokerConfig;
import io.millrace.broker.Surroundings;
import io.millrace.broker.config.NodeSettings;
import io.millrace.broker.message.CreateTopicsRequest;
import io.millrace.broker.message.CreateTopicsResponse;
import io.millrace.broker.message.DeleteTopicsRequest;
import io.millrace.broker.message.DeleteTopicsResponse;
import io.millrace.broker.message.DescribeTopicPartitionsRequest;
import io.millrace.broker.message.DescribeTopicPartitionsResponse;
import io.millrace.broker.message.MetadataRequest;
import io.millrace.broker.message.MetadataRequest.MetadataRequestTopic;
import io.millrace.broker.message.MetadataResponse;
import io.millrace.client.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Topics that are made, described and deleted: what is refused, and what is not told. */
class TopicHandlersTest {

    private final SteppedHandlers handlers = new SteppedHandlers();

    @AfterEach
    void close() {
        handlers.close();
    }

    @Test
    void topicsStayIfTheNodeDeletesNone() {
        handlers.create("t", 1, Map.of());
        var config = NodeSettings.of(Map.of("delete.topic.enable", "false")).broker();
        var request = new DeleteTopicsRequest().topics(List.of(new DeleteTopicsRequest.DeleteTopicState().name("t")));

        var answer = handlers.ask(
                new DeleteTopicsHandler(handlers.around(Authorizer.EVERYBODY, config)),
                request,
                6,
                DeleteTopicsResponse.class);

        assertThat(answer.responses().get(0).errorCode()).isEqualTo(ErrorCode.TOPIC_DELETION_DISABLED.code());
        assertThat(handlers.door().topics().named("t")).isNotNull();
    }

    private List<String> deleted(Surroundings around, DeleteTopicsRequest.DeleteTopicState... asked) {
        return handlers
                .ask(
                        new DeleteTopicsHandler(around),
                        new DeleteTopicsRequest().topics(List.of(asked)),
                        6,
                        DeleteTopicsResponse.class)
                .responses()
                .stream()
                .map(one -> one.name() + " " + one.errorCode())
                .toList();
    }

    @Test
    void aTopicThatIsNamedByItsNameAndItsIdStays() {
        handlers.create("t", 1, Map.of());
        var byName = new DeleteTopicsRequest.DeleteTopicState().name("t");
        var byId = new DeleteTopicsRequest.DeleteTopicState()
                .name(null)
                .topicId(handlers.door().topics().named("t").id());

        assertThat(deleted(handlers.around(), byName, byId)).containsExactly("t 42");
        assertThat(deleted(handlers.around(), byId, byId)).containsExactly("null 42");
        assertThat(deleted(handlers.around(), byName, byName)).containsExactly("t 42");
        assertThat(handlers.door().topics().named("t")).isNotNull();
        assertThat(deleted(handlers.around(), byId)).containsExactly("t 0");
        assertThat(handlers.door().topics().named("t")).isNull();
    }

    @Test
    void whoMayNotSeeATopicIsNotToldItsNameWhenItIsToGo() {
        handlers.create("t", 1, Map.of());
        var byId = new DeleteTopicsRequest.DeleteTopicState()
                .name(null)
                .topicId(handlers.door().topics().named("t").id());
        var nobody = handlers.around((principal, operation, resource, name) -> false, BrokerConfig.DEFAULT);
        var reader = handlers.around(
                (principal, operation, resource, name) -> operation == Authorizer.Operation.DESCRIBE,
                BrokerConfig.DEFAULT);

        assertThat(deleted(nobody, byId)).containsExactly("null 29");
        assertThat(deleted(nobody, new DeleteTopicsRequest.DeleteTopicState().name("none")))
                .containsExactly("none 29");
        assertThat(deleted(reader, byId)).containsExactly("t 29");
        assertThat(handlers.door().topics().named("t")).isNotNull();
    }

    @Test
    void aTopicThatIsNamedTwiceHasOneRefusal() {
        var topic = new CreateTopicsRequest.CreatableTopic()
                .name("t")
                .numPartitions(1)
                .replicationFactor((short) 1);

        var answer = handlers.ask(
                new CreateTopicsHandler(handlers.around()),
                new CreateTopicsRequest().topics(List.of(topic, topic)),
                7,
                CreateTopicsResponse.class);

        assertThat(answer.topics()).singleElement().satisfies(one -> assertThat(one.errorCode())
                .isEqualTo(ErrorCode.INVALID_REQUEST.code()));
    }

    private DescribeTopicPartitionsResponse page(DescribeTopicPartitionsRequest.Cursor cursor) {
        var request = new DescribeTopicPartitionsRequest()
                .topics(List.of(
                        new DescribeTopicPartitionsRequest.TopicRequest().name("b"),
                        new DescribeTopicPartitionsRequest.TopicRequest().name("a")))
                .responsePartitionLimit(2)
                .cursor(cursor);
        return handlers.ask(
                new DescribeTopicPartitionsHandler(handlers.around()),
                request,
                0,
                DescribeTopicPartitionsResponse.class);
    }

    private static List<String> partitions(DescribeTopicPartitionsResponse page) {
        return page.topics().stream()
                .flatMap(topic -> topic.partitions().stream().map(one -> topic.name() + one.partitionIndex()))
                .toList();
    }

    @Test
    void pagesOfPartitionsFollowEachOther() {
        handlers.create("a", 3, Map.of());
        handlers.create("b", 2, Map.of());
        List<List<String>> pages = new ArrayList<>();
        List<String> cursors = new ArrayList<>();

        DescribeTopicPartitionsResponse page = page(null);
        pages.add(partitions(page));
        while (page.nextCursor() != null) {
            var next = page.nextCursor();
            cursors.add(next.topicName() + next.partitionIndex());
            page = page(new DescribeTopicPartitionsRequest.Cursor()
                    .topicName(next.topicName())
                    .partitionIndex(next.partitionIndex()));
            pages.add(partitions(page));
        }

        assertThat(pages).containsExactly(List.of("a0", "a1"), List.of("a2", "b0"), List.of("b1"));
        assertThat(cursors).containsExactly("a2", "b1");
    }

    @Test
    void aFullPagePointsToTheNextNameWhetherThereIsSuchATopicOrNot() {
        handlers.create("a", 2, Map.of());

        var next = page(null).nextCursor();

        assertThat(next).isNotNull();
        assertThat(next.topicName() + next.partitionIndex()).isEqualTo("b0");
    }

    @Test
    void aCursorThatPointsNowhereIsRefused() {
        var request = new DescribeTopicPartitionsRequest()
                .topics(List.of(new DescribeTopicPartitionsRequest.TopicRequest().name("a")))
                .cursor(new DescribeTopicPartitionsRequest.Cursor().topicName("b"));

        var answer = handlers.ask(
                new DescribeTopicPartitionsHandler(handlers.around()),
                request,
                0,
                DescribeTopicPartitionsResponse.class);

        assertThat(answer.topics().get(0).errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST.code());
    }

    private MetadataResponse metadata(Surroundings around, int version, MetadataRequest request) {
        return handlers.ask(new MetadataHandler(around), request, version, MetadataResponse.class);
    }

    private static List<String> told(MetadataResponse response) {
        return response.topics().stream()
                .map(topic -> topic.name() + " " + topic.errorCode())
                .toList();
    }

    private static MetadataRequest about(MetadataRequestTopic... topics) {
        return new MetadataRequest().topics(List.of(topics)).allowAutoTopicCreation(true);
    }

    @Test
    void whatIsAskedForTwiceIsToldOnceAndNamesBesideIdsArePassedOver() {
        handlers.create("t", 1, Map.of());
        var byName = new MetadataRequestTopic().name("t");
        var byId = new MetadataRequestTopic()
                .name(null)
                .topicId(handlers.door().topics().named("t").id());
        var other = new MetadataRequestTopic().name("none");

        assertThat(told(metadata(handlers.around(), 12, about(byName, byName)))).containsExactly("t 0");
        assertThat(told(metadata(handlers.around(), 12, about(byId, other, byId))))
                .containsExactly("t 0");
    }

    @Test
    void whatIsAskedForByItsIdTooEarlyIsRefusedAsAWhole() {
        handlers.create("t", 1, Map.of());
        var byId = new MetadataRequestTopic()
                .name("t")
                .topicId(handlers.door().topics().named("t").id());

        var answer = metadata(handlers.around(), 11, about(byId, new MetadataRequestTopic().name("t")));

        assertThat(told(answer)).containsExactly("t 42", "t 42");
        assertThat(answer.brokers()).isEmpty();
    }

    @Test
    void whoMayNotMakeATopicIsToldSoWhenItsMetadataAreAskedFor() {
        var reader = handlers.around(
                (principal, operation, resource, name) -> operation == Authorizer.Operation.DESCRIBE,
                BrokerConfig.DEFAULT);

        assertThat(told(metadata(reader, 12, about(new MetadataRequestTopic().name("new")))))
                .containsExactly("new 29");
        assertThat(handlers.door().topics().named("new")).isNull();
        assertThat(told(metadata(handlers.around(), 12, about(new MetadataRequestTopic().name("new")))))
                .containsExactly("new 0");
    }
}
