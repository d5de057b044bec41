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
import io.millrace.broker.message.FetchResponse;
import io.millrace.broker.message.FetchResponse.FetchableTopicResponse.PartitionData;
import io.millrace.client.ErrorCode;
import io.millrace.client.ProducerOptions;
import io.millrace.client.TopicPartition;
import io.millrace.record.Compression;
import io.millrace.record.Header;
import io.millrace.record.RecordBatchBuilder;
import io.millrace.record.TimestampType;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a fetch waits, what wakes it, and what it is given. */
class FetchHandlerTest {

    private static final Endpoint LISTENER = new Endpoint("PLAINTEXT", "127.0.0.1", 9092);
    private static final int WAIT_MS = 500;

    private final SteppedBroker broker = new SteppedBroker();
    private final FetchHandler handler = new FetchHandler(broker.around());
    private int wakes;

    @BeforeEach
    void createTopic() {
        broker.createTopic("flights", 3);
    }

    @AfterEach
    void close() {
        broker.close();
    }

    private static FetchRequest request(int minBytes, long... offsets) {
        FetchTopic topic = new FetchTopic().topic("flights");
        for (int partition = 0; partition < offsets.length; partition++) {
            topic.partitions()
                    .add(new FetchPartition()
                            .partition(partition)
                            .fetchOffset(offsets[partition])
                            .partitionMaxBytes(1 << 20));
        }
        FetchRequest request =
                new FetchRequest().minBytes(minBytes).maxBytes(1 << 20).maxWaitMs(WAIT_MS);
        request.topics().add(topic);
        return request;
    }

    private Answer fetch(FetchRequest request, int version) {
        return handler.handle(
                request,
                new Call((short) version, "test", Principal.ANONYMOUS, LISTENER, "/127.0.0.1", broker.nowMs()));
    }

    private @Nullable FetchResponse poll(Answer answer) {
        return answer.poll(broker.nowMs()) instanceof Answer.Response response
                ? (FetchResponse) response.message()
                : null;
    }

    private Answer waiting(FetchRequest request) {
        Answer answer = fetch(request, 12);
        assertThat(poll(answer)).isNull();
        assertThat(answer.wakes(() -> wakes++)).isTrue();
        return answer;
    }

    private static PartitionData only(FetchResponse response) {
        return response.responses().get(0).partitions().get(0);
    }

    @Test
    void recordsThatAreThereAreGivenAtOnceAndNothingIsWatched() {
        broker.append("flights", 0, 10);
        broker.append("flights", 0, 10);
        FetchResponse response = poll(fetch(request(1, 0), 12));

        assertThat(only(response).records().size())
                .isEqualTo(2 * SteppedBroker.batch(10).sizeInBytes());
        assertThat(only(response).highWatermark()).isEqualTo(2);
        broker.append("flights", 0, 10);
        broker.settle();
        assertThat(wakes).isZero();
    }

    @Test
    void besideAnErrorNoEndIsToldAndNoListOfAbortedTransactions() {
        broker.append("flights", 0, 10);
        PartitionData beyond = only(poll(fetch(request(1, 2).isolationLevel((byte) 1), 12)));
        assertThat(beyond.errorCode()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE.code());
        assertThat(beyond.highWatermark()).isEqualTo(-1);
        assertThat(beyond.lastStableOffset()).isEqualTo(-1);
        assertThat(beyond.logStartOffset()).isEqualTo(-1);
        assertThat(beyond.abortedTransactions()).isNull();
    }

    @Test
    void whoReadsCommittedIsToldOfNoAbortedTransactionsAlsoWhereThereIsNothingToRead() {
        assertThat(only(poll(fetch(request(0, 0).isolationLevel((byte) 1), 12))).abortedTransactions())
                .isEmpty();
        assertThat(only(poll(fetch(request(0, 0), 12))).abortedTransactions()).isNull();
    }

    @Test
    void whoHasReadWhatALaterLeaderWroteIsOutOfRange() {
        broker.append("flights", 0, 10);
        FetchRequest request = request(1, 1);
        FetchPartition asked = request.topics().get(0).partitions().get(0);
        asked.lastFetchedEpoch(broker.door().leaderEpoch() + 1);
        assertThat(only(poll(fetch(request, 12))).errorCode()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE.code());
        asked.lastFetchedEpoch(broker.door().leaderEpoch());
        assertThat(poll(fetch(request, 12))).isNull();
    }

    @Test
    void aPublicationWakesThoseWhoWaitForItsPartitionAlone() {
        Answer first = waiting(request(1, 0));
        Answer both = waiting(request(1, 0, 0));
        broker.append("flights", 1, 10);
        broker.settle();

        assertThat(wakes).isOne();
        assertThat(poll(first)).isNull();
        assertThat(poll(both).responses().get(0).partitions()).hasSize(2);
    }

    @Test
    void bytesOfSeveralPartitionsCountTogether() {
        int size = SteppedBroker.batch(100).sizeInBytes();
        Answer answer = waiting(request(3 * size, 0, 0));
        broker.append("flights", 0, 100);
        broker.append("flights", 1, 100);
        broker.settle();
        assertThat(wakes).isZero();
        assertThat(poll(answer)).isNull();

        broker.append("flights", 1, 100);
        broker.settle();
        assertThat(wakes).isOne();
        assertThat(poll(answer)).isNotNull();
    }

    @Test
    void whoHasWaitedForAsLongAsItWantsIsGivenWhatThereIs() {
        Answer answer = waiting(request(1 << 20, 0));
        broker.append("flights", 0, 10);
        broker.settle();
        assertThat(poll(answer)).isNull();

        assertThat(answer.deadlineMs()).isEqualTo(broker.nowMs() + WAIT_MS);
        Answer.Response late = (Answer.Response) answer.poll(answer.deadlineMs());
        assertThat(only((FetchResponse) late.message()).records().size()).isPositive();
    }

    @Test
    void aDeletedPartitionIsToldAtOnce() {
        Answer answer = waiting(request(1, 0));
        broker.deleteTopic("flights");
        broker.settle();

        assertThat(wakes).isOne();
        assertThat(only(poll(answer)).errorCode()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
    }

    @Test
    void aReaderOfCommittedRecordsIsWokenByTheEndOfTheTransactionAndNotByItsRecords() {
        var producer = broker.door().client().openProducer(ProducerOptions.transactional("t"));
        broker.answer(producer.ready());
        Answer answer = waiting(request(1, 0).isolationLevel((byte) 1));
        var builder = new RecordBatchBuilder(Compression.NONE, TimestampType.CREATE_TIME, 1000);
        builder.append(1000, null, new byte[10], new Header[0]);
        var transaction = producer.begin();
        broker.answer(transaction.append(new TopicPartition("flights", 0), builder));
        broker.settle();
        assertThat(wakes).isZero();
        assertThat(poll(answer)).isNull();

        broker.answer(transaction.abort());
        broker.answer(transaction.completed());
        broker.settle();

        assertThat(wakes).isOne();
        PartitionData data = only(poll(answer));
        assertThat(data.records().size()).isPositive();
        assertThat(data.abortedTransactions()).hasSize(1);
    }

    @Test
    void theFirstBatchIsGivenWholeWhateverItsSizeAndNoSecondOne() {
        broker.append("flights", 0, 5000);
        broker.append("flights", 1, 5000);
        FetchResponse response = poll(fetch(request(1, 0, 0).maxBytes(100), 12));

        assertThat(response.responses().get(0).partitions())
                .extracting(data -> data.records().size())
                .containsExactly(SteppedBroker.batch(5000).sizeInBytes(), 0);
    }

    @Test
    void aCancelledFetchIsForgotten() {
        Answer answer = waiting(request(1, 0));
        answer.cancel();
        broker.append("flights", 0, 10);
        broker.settle();
        assertThat(wakes).isZero();
    }

    @Test
    void anOldLeaderEpochIsRefusedAndTheLeaderNamed() {
        FetchRequest request = request(1, 0);
        request.topics().get(0).topic("").topicId(topicId());
        request.topics()
                .get(0)
                .partitions()
                .get(0)
                .currentLeaderEpoch(broker.door().leaderEpoch() - 1);
        broker.append("flights", 0, 10);

        assertThat(broker.door().leaderEpoch()).isPositive();
        FetchResponse response = poll(fetch(request, 16));
        assertThat(only(response).errorCode()).isEqualTo(ErrorCode.FENCED_LEADER_EPOCH.code());
        assertThat(response.nodeEndpoints()).hasSize(1);
        assertThat(only(response).currentLeader().leaderEpoch())
                .isEqualTo(broker.door().leaderEpoch());
    }

    private UUID topicId() {
        return broker.door().topics().named("flights").id();
    }

    @Test
    void aTopicThatIsMadeAnewIsAnotherOneToASession() {
        FetchRequest full = request(0, 0).sessionEpoch(0);
        full.topics().get(0).topic("").topicId(topicId());
        int session = poll(fetch(full, 13)).sessionId();
        FetchRequest next = new FetchRequest()
                .sessionId(session)
                .sessionEpoch(1)
                .minBytes(1)
                .maxWaitMs(WAIT_MS);

        broker.deleteTopic("flights");
        assertThat(only(poll(fetch(next, 13))).errorCode()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
        broker.createTopic("flights", 1);
        assertThat(only(poll(fetch(next.sessionEpoch(2), 13))).errorCode())
                .isEqualTo(ErrorCode.INCONSISTENT_TOPIC_ID.code());
    }

    @Test
    void anIdThatNobodyEverKnewIsUnknown() {
        FetchRequest request = request(1, 0);
        request.topics().get(0).topic("").topicId(new UUID(1, 2));

        assertThat(only(poll(fetch(request, 13))).errorCode()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID.code());
    }
}
