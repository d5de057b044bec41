package io.millrace.broker.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.message.FetchRequest;
import io.millrace.broker.message.FetchRequest.FetchTopic;
import io.millrace.broker.message.FetchRequest.FetchTopic.FetchPartition;
import io.millrace.broker.message.FetchRequest.ForgottenTopic;
import io.millrace.broker.message.FetchResponse;
import io.millrace.broker.message.FetchResponse.FetchableTopicResponse.PartitionData;
import io.millrace.client.ErrorCode;
import io.millrace.record.wire.ByteSlice;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FetchSessionsTest {

    private static final long LATER_MS = FetchSessions.IDLE_MS_MAX + 1;

    private final FetchSessions sessions = new FetchSessions(2, 11);
    private long nowMs = 1_000;

    private static FetchRequest request(int session, int epoch, int... partitions) {
        FetchTopic topic = new FetchTopic().topic("flights");
        for (int partition : partitions) {
            topic.partitions().add(new FetchPartition().partition(partition));
        }
        FetchRequest request = new FetchRequest().sessionId(session).sessionEpoch(epoch);
        if (partitions.length > 0) {
            request.topics().add(topic);
        }
        return request;
    }

    private FetchContext begin(FetchRequest request) {
        return sessions.begin(request, false, nowMs);
    }

    private FetchResponse respond(FetchContext context, int... partitionsWithRecords) {
        List<Integer> full = IntStream.of(partitionsWithRecords).boxed().toList();
        FetchContext.Served served = (FetchContext.Served) context;
        List<PartitionData> data = served.parts().stream()
                .map(part -> new PartitionData()
                        .partitionIndex(part.key().partition())
                        .highWatermark(5)
                        .records(full.contains(part.key().partition()) ? ByteSlice.of(new byte[1]) : ByteSlice.EMPTY))
                .toList();
        return served.response(served.parts(), data, nowMs);
    }

    private static List<Integer> told(FetchResponse response) {
        return response.responses().stream()
                .flatMap(topic -> topic.partitions().stream())
                .map(PartitionData::partitionIndex)
                .toList();
    }

    private static List<Integer> order(FetchContext context) {
        return ((FetchContext.Served) context)
                .parts().stream().map(part -> part.key().partition()).toList();
    }

    private static ErrorCode error(FetchContext context) {
        return context instanceof FetchContext.Refused refused ? refused.error() : ErrorCode.NONE;
    }

    private int create(int... partitions) {
        return respond(begin(request(0, 0, partitions))).sessionId();
    }

    @Test
    void aSessionTellsOnlyWhatHasChanged() {
        int id = create(0, 1, 2);
        assertThat(id).isPositive();

        assertThat(told(respond(begin(request(id, 1)), 1))).containsExactly(1);
        assertThat(told(respond(begin(request(id, 2))))).isEmpty();
    }

    @Test
    void whoWasGivenRecordsComesLastTheNextTime() {
        int id = create(0, 1, 2);
        respond(begin(request(id, 1)), 0, 1);

        assertThat(order(begin(request(id, 2)))).containsExactly(2, 0, 1);
    }

    @Test
    void aPartitionThatFailedIsToldAgain() {
        int id = create(0);
        FetchContext.Served failing = (FetchContext.Served) begin(request(id, 1));
        failing.response(
                failing.parts(), List.of(new PartitionData().highWatermark(-1).errorCode((short) 1)), nowMs);

        assertThat(told(respond(begin(request(id, 2))))).containsExactly(0);
    }

    @Test
    void partitionsAreAddedAndForgotten() {
        int id = create(0, 1);
        FetchRequest change = request(id, 1, 2);
        change.forgottenTopicsData().add(new ForgottenTopic().topic("flights").partitions(new int[] {0}));

        assertThat(order(begin(change))).containsExactly(1, 2);
    }

    @Test
    void aSessionThatForgetsEverythingEnds() {
        int id = create(0);
        FetchRequest change = request(id, 1);
        change.forgottenTopicsData().add(new ForgottenTopic().topic("flights").partitions(new int[] {0}));

        assertThat(respond(begin(change)).sessionId()).isZero();
        assertThat(sessions.size()).isZero();
    }

    @Test
    void anUnknownSessionAWrongEpochAndAnotherWayOfNamingTopicsAreRefused() {
        int id = create(0);

        assertThat(error(begin(request(id + 1, 1)))).isEqualTo(ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
        assertThat(error(begin(request(0, 1)))).isEqualTo(ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
        assertThat(error(begin(request(id, 2)))).isEqualTo(ErrorCode.INVALID_FETCH_SESSION_EPOCH);
        assertThat(error(sessions.begin(request(id, 1), true, nowMs)))
                .isEqualTo(ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR);
        assertThat(error(begin(request(id, 1)))).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void aFetchThatWasOvertakenIsAnsweredWithAnError() {
        int id = create(0);
        FetchContext overtaken = begin(request(id, 1));
        begin(request(id, 2));

        assertThat(respond(overtaken).errorCode()).isEqualTo(ErrorCode.INVALID_FETCH_SESSION_EPOCH.code());
    }

    @Test
    void aFullFetchEndsTheSessionItNamesAndTheFinalEpochBeginsNone() {
        int id = create(0);
        assertThat(respond(begin(request(id, -1, 0))).sessionId()).isZero();
        assertThat(sessions.size()).isZero();

        int next = create(0);
        assertThat(respond(begin(request(next, 0, 0))).sessionId()).isPositive().isNotEqualTo(next);
        assertThat(sessions.size()).isOne();
    }

    @Test
    void withoutASlotThereIsNoSession() {
        create(0);
        create(1);

        assertThat(create(2, 3, 4)).isZero();
    }

    @Test
    void anIdleSessionIsEvicted() {
        int idle = create(0);
        int used = create(1);
        nowMs += LATER_MS;
        begin(request(used, 1));

        assertThat(create(2)).isPositive();
        assertThat(error(begin(request(idle, 1)))).isEqualTo(ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
        assertThat(error(begin(request(used, 2)))).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void anOldSessionYieldsToALargerOneOnly() {
        int small = create(0);
        int large = create(1, 2, 3);
        nowMs += LATER_MS;
        begin(request(small, 1));
        begin(request(large, 1));

        assertThat(create(4)).isZero();
        assertThat(create(4, 5)).isPositive();
        assertThat(error(begin(request(small, 2)))).isEqualTo(ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
        assertThat(error(begin(request(large, 2)))).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void afterTheLargestEpochComesOne() {
        assertThat(FetchSession.epochAfter(1)).isEqualTo(2);
        assertThat(FetchSession.epochAfter(Integer.MAX_VALUE)).isEqualTo(1);
    }
}
