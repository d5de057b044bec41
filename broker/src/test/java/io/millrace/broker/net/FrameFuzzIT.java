package io.millrace.broker.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.NetworkLimits;
import io.millrace.broker.RandomRequests;
import io.millrace.broker.SteppedBroker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Damaged requests, wrong lengths and clients that do not read, over sockets: the client beside them is served all the time,
 * and in the end nothing is held for any of them.
 */
class FrameFuzzIT {

    private static final int SOCKETS_MAX = 16;
    private static final int ROUNDS_PER_LOOK = 100;

    @Test
    void theClientBesideIsServed() throws Exception {
        fuzz(Long.getLong("fuzz.seed", 1), 3_000);
    }

    @Test
    @Tag("long")
    void theClientBesideIsServedForLong() throws Exception {
        for (long seed = 1_000; seed < 1_000 + Integer.getInteger("fuzz.seeds", 10); seed++) {
            fuzz(seed, 20_000);
        }
    }

    private static void fuzz(long seed, int rounds) throws Exception {
        Random random = new Random(seed);
        NetworkLimits limits = NetworkLimits.DEFAULT.withQueuedRequestBytesMax(4 << 20);
        try (LiveNode node = new LiveNode(limits);
                SteppedBroker schemas = new SteppedBroker()) {
            node.createTopic("flights", 2);
            node.createTopic("beside", 1);
            RandomRequests requests =
                    new RandomRequests(seed, schemas.apis().values(), List.of(new UUID(0, 0), new UUID(1, 2)));
            Deque<PlainClient> strangers = new ArrayDeque<>();
            try (PlainClient beside = new PlainClient(node.port())) {
                for (int round = 0; round < rounds; round++) {
                    disturb(node, strangers, framed(requests.next(), random), random);
                    if (round % ROUNDS_PER_LOOK == 0) {
                        long offset = beside.produce("beside", 100);
                        assertThat(beside.fetch("beside", offset))
                                .as("seed %d round %d", seed, round)
                                .isEqualTo(SteppedBroker.batch(100).sizeInBytes());
                    }
                }
            }
            for (PlainClient stranger : strangers) {
                stranger.close();
            }
            LiveNode.await(() -> node.listener().queuedRequestBytes() == 0);
        }
    }

    private static byte[] framed(byte[] frame, Random random) {
        int length = random.nextInt(20) == 0 ? random.nextInt() >> random.nextInt(32) : frame.length;
        return ByteBuffer.allocate(Integer.BYTES + frame.length)
                .putInt(length)
                .put(frame)
                .array();
    }

    /** A socket that was closed on the other side is a legal end; answers are not read. */
    private static void disturb(LiveNode node, Deque<PlainClient> strangers, byte[] bytes, Random random)
            throws IOException {
        if (strangers.isEmpty() || random.nextInt(3) == 0) {
            strangers.addLast(new PlainClient(node.port()));
        }
        if (strangers.size() > SOCKETS_MAX) {
            strangers.removeFirst().close();
        }
        PlainClient stranger = strangers.getLast();
        try {
            stranger.send(bytes);
        } catch (IOException closedByTheNode) {
            strangers.removeLast();
            stranger.close();
        }
    }
}
