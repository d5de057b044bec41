package io.millrace.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.message.ApiVersionsRequest;
import io.millrace.broker.message.ApiVersionsResponse;
import io.millrace.broker.message.FindCoordinatorRequest;
import io.millrace.broker.message.FindCoordinatorResponse;
import io.millrace.broker.message.ProduceRequest;
import io.millrace.broker.message.ProduceResponse;
import io.millrace.broker.message.RequestHeader;
import io.millrace.broker.message.ResponseHeader;
import io.millrace.record.wire.ByteReader;
import io.millrace.record.wire.ByteWriter;
import io.millrace.record.wire.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SessionTest {

    private static final short FIND_VERSION = 0;
    private static final short PRODUCE_VERSION = 9;

    /** Requests in the order in which they began, answered when the test says so. */
    private final List<String> begun = new ArrayList<>();

    private final Map<String, Answer.Outcome> outcomes = new HashMap<>();
    private final List<byte[]> sent = new ArrayList<>();
    private boolean hasRoom = true;
    private final Session.Sender sender = new Session.Sender() {
        @Override
        public void send(ByteWriter frame) {
            sent.add(frame.toByteArray());
        }

        @Override
        public boolean hasRoom() {
            return hasRoom;
        }
    };
    private final Session session =
            new Session(apis(), Principal.ANONYMOUS, new Endpoint("PLAINTEXT", "127.0.0.1", 9092), "/127.0.0.1");

    private Map<Short, Api<?>> apis() {
        return Map.of(
                FindCoordinatorRequest.API_KEY,
                Api.of(FindCoordinatorRequest.KIND, (request, call) -> begin(request.key()))
                        .upTo(2),
                ProduceRequest.API_KEY,
                Api.of(ProduceRequest.KIND, (request, call) -> begin(String.valueOf(request.transactionalId())))
                        .upTo(9),
                ApiVersionsRequest.API_KEY,
                Api.of(
                                ApiVersionsRequest.KIND,
                                (request, call) -> Answer.of(new ApiVersionsResponse().errorCode(call.version())))
                        .upTo(3));
    }

    private Answer begin(String name) {
        begun.add(name);
        return nowMs -> outcomes.get(name);
    }

    private static byte[] frame(short key, short version, int correlationId, boolean flexible, Message body) {
        ByteWriter out = new ByteWriter();
        new RequestHeader()
                .requestApiKey(key)
                .requestApiVersion(version)
                .correlationId(correlationId)
                .clientId("test")
                .write(out, (short) (flexible ? 2 : 1));
        if (body != null) {
            body.write(out, version);
        }
        return out.toByteArray();
    }

    private void find(int correlationId, String name) {
        session.take(
                frame(
                        FindCoordinatorRequest.API_KEY,
                        FIND_VERSION,
                        correlationId,
                        false,
                        new FindCoordinatorRequest().key(name)),
                0);
    }

    private void produce(int correlationId, String name) {
        session.take(
                frame(
                        ProduceRequest.API_KEY,
                        PRODUCE_VERSION,
                        correlationId,
                        true,
                        new ProduceRequest().transactionalId(name)),
                0);
    }

    private void step() {
        session.step(0, sender);
    }

    private List<Integer> correlationIds() {
        return sent.stream()
                .map(frame -> {
                    ByteReader in = new ByteReader(frame);
                    assertThat(in.int32()).isEqualTo(frame.length - Integer.BYTES);
                    return ResponseHeader.read(in, (short) 0).correlationId();
                })
                .toList();
    }

    @Test
    void aRequestBeginsWhenTheOneBeforeIsAnswered() {
        find(1, "a");
        find(2, "b");
        step();
        assertThat(begun).containsExactly("a");
        assertThat(sent).isEmpty();

        outcomes.put("b", new Answer.Response(new FindCoordinatorResponse()));
        outcomes.put("a", new Answer.Response(new FindCoordinatorResponse()));
        step();

        assertThat(begun).containsExactly("a", "b");
        assertThat(correlationIds()).containsExactly(1, 2);
    }

    @Test
    void produceRequestsOverlapAndAreAnsweredInOrder() {
        produce(1, "a");
        produce(2, "b");
        find(3, "c");
        step();
        assertThat(begun).containsExactly("a", "b");

        outcomes.put("b", new Answer.Response(new ProduceResponse()));
        step();
        assertThat(sent).isEmpty();

        outcomes.put("a", new Answer.Silence());
        step();
        assertThat(correlationIds()).containsExactly(2);
        assertThat(begun).containsExactly("a", "b", "c");
    }

    @Test
    void nothingMoreIsReadAheadThanIsNamed() {
        for (int i = 0; i < Session.REQUESTS_MAX; i++) {
            assertThat(session.takesMore()).isTrue();
            find(i, "a");
        }
        assertThat(session.takesMore()).isFalse();
    }

    @Test
    void anUnknownVersionOfApiVersionsIsAnsweredInTheOldestForm() {
        session.take(frame(ApiVersionsRequest.API_KEY, (short) 99, 7, true, null), 0);
        step();

        assertThat(correlationIds()).containsExactly(7);
        ByteReader in = new ByteReader(sent.get(0));
        in.int32();
        in.int32();
        assertThat(ApiVersionsResponse.read(in, (short) 0).errorCode()).isEqualTo((short) 99);
        in.checkEnd();
    }

    @Test
    void whatCannotBeReadEndsTheConnectionAndSaysWhy() {
        session.take(frame(FindCoordinatorRequest.API_KEY, (short) 5, 1, false, null), 0);
        assertThat(session.end()).contains("FindCoordinator is served in versions 0 to 2, not in 5");
        assertThat(session.takesMore()).isFalse();
    }

    @Test
    void aBodyThatIsCutShortEndsTheConnection() {
        session.take(frame(FindCoordinatorRequest.API_KEY, FIND_VERSION, 1, false, null), 0);
        step();
        assertThat(session.end()).contains("a request of FindCoordinator cannot be read");
        assertThat(begun).isEmpty();
    }

    @Test
    void aHangupIsTheLastThingThatHappens() {
        find(1, "a");
        find(2, "b");
        outcomes.put("a", new Answer.Hangup("because"));
        step();
        assertThat(session.end()).isEqualTo("because");
        assertThat(begun).containsExactly("a");
        assertThat(sent).isEmpty();
    }

    @Test
    void nothingBeginsWhileTheSocketDoesNotKeepUp() {
        hasRoom = false;
        outcomes.put("a", new Answer.Silence());
        find(1, "a");
        step();
        assertThat(begun).isEmpty();

        hasRoom = true;
        step();
        assertThat(begun).containsExactly("a");
    }

    @Test
    void theBytesOfARequestAreHeldUntilItBeginsAndThoseOfRecordsUntilTheyAreAnswered() {
        find(1, "a");
        assertThat(session.heldBytes()).isPositive();
        step();
        assertThat(session.heldBytes()).isZero();

        outcomes.put("a", new Answer.Silence());
        produce(2, "b");
        step();
        assertThat(session.heldBytes()).isPositive();
        outcomes.put("b", new Answer.Silence());
        step();
        assertThat(session.heldBytes()).isZero();
    }
}
