package io.millrace.broker.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.Answer;
import io.millrace.broker.Call;
import io.millrace.broker.Endpoint;
import io.millrace.broker.Principal;
import io.millrace.broker.SteppedBroker;
import io.millrace.broker.message.FetchRequest;
import io.millrace.broker.message.FetchRequest.FetchTopic;
import io.millrace.broker.message.FetchRequest.FetchTopic.FetchPartition;
import io.millrace.broker.message.FetchRequest.ForgottenTopic;
import io.millrace.broker.message.FetchResponse;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a session does with partitions that have nothing for its client. */
class FetchRestTest {

    private static final Endpoint LISTENER = new Endpoint("PLAINTEXT", "127.0.0.1", 9092);
    private static final int PARTITIONS = 5;
    private static final int WAIT_MS = 500;

    private final SteppedBroker broker = new SteppedBroker();
    private final FetchHandler handler = new FetchHandler(broker.around());
    private int session;
    private int epoch;
    private int wakes;

    /** A session of all partitions, at their ends, that rest. */
    @BeforeEach
    void begin() {
        broker.createTopic("flights", PARTITIONS);
        FetchTopic topic = new FetchTopic().topic("flights");
        for (int partition = 0; partition < PARTITIONS; partition++) {
            topic.partitions().add(at(partition, 0));
        }
        FetchRequest full = new FetchRequest().sessionEpoch(0).minBytes(1).maxBytes(1 << 20);
        full.topics().add(topic);
        session = poll(fetch(full)).sessionId();
        assertThat(told(poll(fetch(next(0))))).isEmpty();
    }

    @AfterEach
    void close() {
        broker.close();
    }

    private static FetchPartition at(int partition, long offset) {
        return new FetchPartition().partition(partition).fetchOffset(offset).partitionMaxBytes(1 << 20);
    }

    private FetchRequest next(int waitMs, FetchPartition... named) {
        FetchRequest request = new FetchRequest()
                .sessionId(session)
                .sessionEpoch(++epoch)
                .minBytes(1)
                .maxBytes(1 << 20)
                .maxWaitMs(waitMs);
        if (named.length > 0) {
            FetchTopic topic = new FetchTopic().topic("flights");
            topic.partitions().addAll(List.of(named));
            request.topics().add(topic);
        }
        return request;
    }

    private Answer fetch(FetchRequest request) {
        return handler.handle(
                request, new Call((short) 12, "test", Principal.ANONYMOUS, LISTENER, "/127.0.0.1", broker.nowMs()));
    }

    private Answer waiting(FetchRequest request) {
        Answer answer = fetch(request);
        assertThat(poll(answer)).isNull();
        assertThat(answer.wakes(() -> wakes++)).isTrue();
        return answer;
    }

    private @Nullable FetchResponse poll(Answer answer) {
        return answer.poll(broker.nowMs()) instanceof Answer.Response response
                ? (FetchResponse) response.message()
                : null;
    }

    private static List<Integer> told(FetchResponse response) {
        return response.responses().stream()
                .flatMap(topic -> topic.partitions().stream())
                .map(FetchResponse.FetchableTopicResponse.PartitionData::partitionIndex)
                .toList();
    }

    @Test
    void aPublicationEndsTheRestOfItsPartitionAndWakesTheFetch() {
        Answer answer = waiting(next(WAIT_MS));
        broker.append("flights", 3, 10);
        broker.settle();

        assertThat(wakes).isOne();
        assertThat(told(poll(answer))).containsExactly(3);
    }

    @Test
    void whatWasPublishedBetweenTwoFetchesIsGivenAtOnce() {
        broker.append("flights", 1, 10);
        broker.append("flights", 4, 10);
        broker.settle();

        assertThat(told(poll(fetch(next(WAIT_MS))))).containsExactlyInAnyOrder(1, 4);
    }

    @Test
    void recordsThatTheClientDoesNotMoveBehindAreGivenAgain() {
        broker.append("flights", 2, 10);
        broker.settle();
        assertThat(told(poll(fetch(next(WAIT_MS))))).containsExactly(2);

        assertThat(told(poll(fetch(next(WAIT_MS))))).containsExactly(2);
        waiting(next(WAIT_MS, at(2, 1)));
    }

    @Test
    void aPartitionThatRestsIsReadFromWhereTheClientNamesIt() {
        broker.append("flights", 0, 10);
        broker.settle();
        poll(fetch(next(0, at(0, 1))));

        assertThat(told(poll(fetch(next(WAIT_MS, at(0, 0)))))).containsExactly(0);
    }

    @Test
    void aDeletedTopicEndsTheRest() {
        Answer answer = waiting(next(WAIT_MS));
        broker.deleteTopic("flights");
        broker.settle();

        assertThat(wakes).isPositive();
        assertThat(told(poll(answer))).isNotEmpty();
    }

    @Test
    void whoIsForgottenIsNotWatchedAnyMore() {
        assertThat(broker.watchedPartitions()).isEqualTo(PARTITIONS);
        FetchRequest change = next(0);
        change.forgottenTopicsData()
                .add(new ForgottenTopic()
                        .topic("flights")
                        .partitions(IntStream.range(0, PARTITIONS - 1).toArray()));
        poll(fetch(change));
        for (int partition = 0; partition < PARTITIONS; partition++) {
            broker.append("flights", partition, 10);
        }
        broker.settle();

        assertThat(broker.watchedPartitions()).isOne(); // the one that is left
        assertThat(told(poll(fetch(next(WAIT_MS))))).containsExactly(PARTITIONS - 1);
    }

    @Test
    void aSessionThatEndsLeavesNobodyWatched() {
        poll(fetch(next(0).sessionEpoch(-1)));
        for (int partition = 0; partition < PARTITIONS; partition++) {
            broker.append("flights", partition, 10);
        }
        broker.settle();

        assertThat(broker.watchedPartitions()).isZero();
    }
}
