package io.millrace.broker.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.BrokerConfig;
import io.millrace.broker.NetworkLimits;
import io.millrace.broker.RequestCounters;
import io.millrace.broker.message.DeleteGroupsRequest;
import io.millrace.broker.message.DeleteTopicsRequest;
import io.millrace.broker.message.DeleteTopicsRequest.DeleteTopicState;
import io.millrace.broker.message.DeleteTopicsResponse;
import io.millrace.broker.message.MetadataRequest;
import io.millrace.broker.message.MetadataRequest.MetadataRequestTopic;
import io.millrace.broker.message.ResponseHeader;
import io.millrace.client.ErrorCode;
import io.millrace.node.NodeService;
import io.millrace.record.wire.ByteReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What clients may take of a node without taking it from others. */
class SharedLimitsIT {

    private static final int LARGE_BYTES = 200_000;

    private static Listener open(Listeners listeners) throws Exception {
        return listeners.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Listener.NAME, null);
    }

    @Test
    void theListenersOfANodeCountTheirConnectionsTogether() throws Exception {
        NetworkLimits limits = NetworkLimits.DEFAULT.withConnectionsMax(1, Integer.MAX_VALUE);
        try (LiveNode node = new LiveNode(NetworkLimits.DEFAULT)) {
            node.createTopic("flights", 1);
            Listeners listeners =
                    new Listeners(node.log(), BrokerConfig.DEFAULT.withNetwork(limits), new RequestCounters());
            try (Listener inner = open(listeners);
                    Listener outer = open(listeners);
                    PlainClient first = new PlainClient(inner.endpoint().port())) {
                assertThat(first.produce("flights", 1)).isZero();
                try (PlainClient second = new PlainClient(outer.endpoint().port())) {
                    second.send(
                            PlainClient.frame((short) 1, (short) 12, true, 7, PlainClient.fetchRequest("flights", 0)));
                    assertThat(first.produce("flights", 1)).isOne();
                    assertThat(second.socket().getInputStream().available()).isZero();

                    first.close();
                    assertThat(second.receive()).isNotEmpty();
                }
            }
        }
    }

    @Test
    void theListenersOfANodeCountTheConnectionsOfAnAddressTogether() throws Exception {
        NetworkLimits limits = NetworkLimits.DEFAULT.withConnectionsMax(Integer.MAX_VALUE, 1);
        try (LiveNode node = new LiveNode(NetworkLimits.DEFAULT)) {
            node.createTopic("flights", 1);
            Listeners listeners =
                    new Listeners(node.log(), BrokerConfig.DEFAULT.withNetwork(limits), new RequestCounters());
            try (Listener inner = open(listeners);
                    Listener outer = open(listeners);
                    PlainClient first = new PlainClient(inner.endpoint().port())) {
                assertThat(first.produce("flights", 1)).isZero();
                try (PlainClient second = new PlainClient(outer.endpoint().port())) {
                    assertThat(second.socket().getInputStream().read())
                            .as("closed")
                            .isEqualTo(-1);
                }
            }
        }
    }

    private static byte[] beginningOf(int frameBytes, int bytes) {
        return ByteBuffer.allocate(Integer.BYTES + bytes).putInt(frameBytes).array();
    }

    @Test
    void lengthsThatAreOnlyClaimedTakeNothingFromOthers() throws Exception {
        try (LiveNode node = new LiveNode(NetworkLimits.DEFAULT.withQueuedRequestBytesMax(8 << 20));
                PlainClient writer = new PlainClient(node.port())) {
            node.createTopic("flights", 1);
            List<PlainClient> claimants = new ArrayList<>();
            try {
                for (int i = 0; i < 140; i++) {
                    PlainClient claimant = new PlainClient(node.port());
                    claimants.add(claimant);
                    claimant.send(beginningOf(2 << 20, 1));
                }
                LiveNode.await(() -> node.listener().queuedRequestBytes() == 140L * FrameReader.FIRST_BYTES);
                assertThat(writer.produce("flights", LARGE_BYTES)).isZero();
            } finally {
                for (PlainClient claimant : claimants) {
                    claimant.close();
                }
            }
        }
    }

    @Test
    void smallRequestsAreServedAlthoughLargeOnesWaitForMemory() throws Exception {
        try (LiveNode node = new LiveNode(NetworkLimits.DEFAULT.withQueuedRequestBytesMax(1));
                PlainClient half = new PlainClient(node.port());
                PlainClient large = new PlainClient(node.port());
                PlainClient small = new PlainClient(node.port())) {
            node.createTopic("flights", 1);
            half.send(beginningOf(LARGE_BYTES, LARGE_BYTES / 2));
            LiveNode.await(() -> node.listener().queuedRequestBytes() >= LARGE_BYTES / 2);
            large.send(beginningOf(LARGE_BYTES, LARGE_BYTES));
            for (int i = 0; i < 10; i++) {
                assertThat(small.produce("flights", 10)).isEqualTo(i);
            }
        }
    }

    @Test
    @Tag("long")
    void aHalfRequestThatDoesNotComeOnIsCutOffWhileOthersWaitForItsMemory() throws Exception {
        try (LiveNode node = new LiveNode(NetworkLimits.DEFAULT.withQueuedRequestBytesMax(1));
                PlainClient half = new PlainClient(node.port());
                PlainClient writer = new PlainClient(node.port())) {
            node.createTopic("flights", 1);
            half.send(beginningOf(LARGE_BYTES, LARGE_BYTES / 2));
            LiveNode.await(() -> node.listener().queuedRequestBytes() >= LARGE_BYTES / 2);
            assertThat(writer.produce("flights", LARGE_BYTES)).isZero();
            assertThat(half.socket().getInputStream().read()).as("closed").isEqualTo(-1);
        }
    }

    @Test
    void requestsOfManyPartsAndThoseBesideThemAreAllAnswered() throws Exception {
        List<String> groups = IntStream.range(0, 12_000).mapToObj(i -> "g" + i).toList();
        byte[] many = PlainClient.frame(
                DeleteGroupsRequest.API_KEY, (short) 2, true, 1, new DeleteGroupsRequest().groupsNames(groups));
        try (LiveNode node = new LiveNode(NetworkLimits.DEFAULT);
                PlainClient first = new PlainClient(node.port());
                PlainClient second = new PlainClient(node.port());
                PlainClient writer = new PlainClient(node.port())) {
            node.createTopic("flights", 1);
            for (int i = 0; i < 3; i++) {
                first.send(many);
                second.send(many);
                assertThat(writer.produce("flights", 10)).isEqualTo(i);
            }
            for (int i = 0; i < 3; i++) {
                assertThat(first.receive()).hasSizeGreaterThan(groups.size());
                assertThat(second.receive()).hasSizeGreaterThan(groups.size());
            }
        }
    }

    @Test
    void theTopicsOfAJobAreNeitherMadeNorDeletedByItsReaders() throws Exception {
        try (LiveNode node = new LiveNode(NetworkLimits.DEFAULT);
                NodeService.Served served = new KafkaService().serve(node.log(), "127.0.0.1", 0)) {
            node.createTopic("board", 1);
            int port = Integer.parseInt(served.address().replaceAll(".*:", ""));
            MetadataRequest typo = new MetadataRequest().allowAutoTopicCreation(true);
            typo.topics(new ArrayList<>(List.of(new MetadataRequestTopic().name("bord"))));
            DeleteTopicsRequest deletion = new DeleteTopicsRequest();
            deletion.topics().add(new DeleteTopicState().name("board"));
            try (PlainClient client = new PlainClient(port)) {
                client.send(PlainClient.frame(MetadataRequest.API_KEY, (short) 9, true, 1, typo));
                client.receive();
                client.send(PlainClient.frame(DeleteTopicsRequest.API_KEY, (short) 6, true, 2, deletion));
                ByteReader in = new ByteReader(client.receive());
                ResponseHeader.read(in, (short) 1);
                assertThat(DeleteTopicsResponse.read(in, (short) 6)
                                .responses()
                                .get(0)
                                .errorCode())
                        .isEqualTo(ErrorCode.TOPIC_DELETION_DISABLED.code());
            }
            var topics = node.log().newDoor(() -> {}).topics();
            assertThat(topics.named("bord")).isNull();
            assertThat(topics.named("board")).isNotNull();
        }
    }
}
