package io.millrace.broker;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.millrace.broker.message.ApiVersionsRequest;
import io.millrace.broker.message.RequestHeader;
import io.millrace.record.wire.ByteWriter;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Damaged requests end in an answer, in the end of their connection, or in a wait that the protocol has; never in anything
 * else, and they take no more memory than their own size explains. A failure prints its seed and its frame.
 */
class FrameFuzzTest {

    /** Objects, and answers with names and messages, are larger than the bytes that ask for them. */
    private static final long ALLOCATED_PER_FRAME_BYTE_MAX = 1_000;

    private static final long ALLOCATED_PER_FRAME_MAX = 4 << 20;

    @Test
    void damagedRequestsAreAnsweredOrEndTheirConnection() {
        fuzz(Long.getLong("fuzz.seed", 1), 1, 6_000);
    }

    @Test
    @Tag("long")
    void manyDamagedRequestsAreAnsweredOrEndTheirConnection() {
        fuzz(Long.getLong("fuzz.seed", 1_000), Integer.getInteger("fuzz.seeds", 40), 20_000);
    }

    @Test
    void everyRequestThatIsWholeIsRead() {
        try (SteppedBroker broker = broker()) {
            RandomRequests requests = requests(3, broker);
            for (Api<?> api : broker.apis().values()) {
                for (short version = api.lowest(); version <= api.highest(); version++) {
                    Session session = session(broker);
                    session.take(requests.request(api, version), broker.nowMs());
                    session.step(broker.nowMs(), new Sink());
                    String end = session.end();
                    assertThat(end == null || !end.contains("cannot be read"))
                            .as("%s v%d: %s", api.name(), version, end)
                            .isTrue();
                    session.close();
                }
            }
        }
    }

    private static void fuzz(long firstSeed, int seeds, int rounds) {
        for (long seed = firstSeed; seed < firstSeed + seeds; seed++) {
            try (SteppedBroker broker = broker()) {
                RandomRequests requests = requests(seed, broker);
                for (int round = 0; round < rounds; round++) {
                    serve(broker, requests.next(), "seed " + seed + " round " + round);
                }
                requireThatOthersAreServed(broker);
            }
        }
    }

    private static SteppedBroker broker() {
        SteppedBroker broker = new SteppedBroker();
        broker.createTopic("flights", 2);
        broker.createTopic("delays", 1);
        broker.append("flights", 0, 100);
        return broker;
    }

    private static RandomRequests requests(long seed, SteppedBroker broker) {
        List<UUID> ids = new ArrayList<>(List.of(new UUID(0, 0), new UUID(1, seed)));
        ids.add(broker.door().topics().named("flights").id());
        return new RandomRequests(seed, broker.apis().values(), ids);
    }

    private static Session session(SteppedBroker broker) {
        return new Session(
                broker.apis(), Principal.ANONYMOUS, new Endpoint("PLAINTEXT", "127.0.0.1", 9092), "/127.0.0.1");
    }

    private static void serve(SteppedBroker broker, byte[] frame, String where) {
        Session session = session(broker);
        Sink sink = new Sink();
        long before = allocatedBytes();
        try {
            session.take(frame, broker.nowMs());
            session.step(broker.nowMs(), sink);
        } catch (RuntimeException | Error e) {
            throw new AssertionError(where + ": " + HexFormat.of().formatHex(frame), e);
        }
        assertThat(allocatedBytes() - before)
                .as("%s: %s", where, HexFormat.of().formatHex(frame))
                .isLessThan(ALLOCATED_PER_FRAME_MAX + ALLOCATED_PER_FRAME_BYTE_MAX * frame.length);
        try {
            broker.settle();
            session.step(broker.nowMs(), sink);
        } catch (RuntimeException | Error e) {
            throw new AssertionError(where + ": " + HexFormat.of().formatHex(frame), e);
        }
        session.close();
    }

    private static long allocatedBytes() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    private static void requireThatOthersAreServed(SteppedBroker broker) {
        ByteWriter out = new ByteWriter();
        new RequestHeader()
                .requestApiKey(ApiVersionsRequest.API_KEY)
                .correlationId(1)
                .clientId("beside")
                .write(out, (short) 1);
        new ApiVersionsRequest().write(out, (short) 0);
        Session session = session(broker);
        Sink sink = new Sink();
        session.take(out.toByteArray(), broker.nowMs());
        session.step(broker.nowMs(), sink);
        assertThat(sink.frames).isOne();
    }

    private static final class Sink implements Session.Sender {
        private int frames;

        @Override
        public void send(ByteWriter frame) {
            frames++;
        }

        @Override
        public boolean hasRoom() {
            return true;
        }
    }
}
