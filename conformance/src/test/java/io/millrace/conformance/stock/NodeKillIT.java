package io.millrace.conformance.stock;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code kill -9} of a node under load: nothing acknowledged is lost, nothing is there twice, offsets stay what they were,
 * groups and transactions go on.
 */
class NodeKillIT {

    private static final int PARTITIONS = 3;
    private static final int COPIERS = 2;
    private static final Duration LIFE_MIN = Duration.ofMillis(300);
    private static final Duration LIFE_MAX = Duration.ofSeconds(2);
    private static final String READY = "Millrace is ready.";

    @TempDir
    Path scratch;

    private int port;

    @Test
    void threeKillsOfTheNodeLoseAndRepeatNothing() throws Exception {
        kill(3, "classic");
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    @Tag("long")
    void thirtyKillsOfTheNodeLoseAndRepeatNothing(String groupProtocol) throws Exception {
        kill(30, groupProtocol);
    }

    private void kill(int rounds, String groupProtocol) throws Exception {
        var seed = Long.getLong("millrace.seed", System.nanoTime());
        System.out.println("node kill -9: seed " + seed + "; -Dmillrace.seed=" + seed + " repeats its moments");
        var random = new Random(seed);
        port = freePort();
        var numbers = new IdempotentLoad(address(), PARTITIONS);
        var pairs = new TransactionalLoad(address(), PARTITIONS);
        var copiers = new ArrayList<CopyingLoad>();
        for (var i = 0; i < COPIERS; i++) {
            copiers.add(new CopyingLoad(address(), Integer.toString(i), groupProtocol));
        }
        var loads = new ArrayList<Load>(copiers);
        loads.add(numbers);
        loads.add(pairs);
        var node = startNode(0);
        try {
            createTopics();
            loads.forEach(Load::start);
            for (var round = 1; round <= rounds; round++) {
                LockSupport.parkNanos(LIFE_MIN.toNanos() + random.nextLong(LIFE_MAX.toNanos()));
                var before = positions();
                node.kill();
                node = startNode(round);
                loads.forEach(Load::check);
                assertNotBehind(positions(), before, "round " + round + ", seed " + seed);
            }
            numbers.finish();
            pairs.finish();
            check(numbers, pairs, node, groupProtocol + ", seed " + seed);
            for (var copier : copiers) {
                copier.finish();
            }
        } finally {
            loads.forEach(Load::close);
            node.close();
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private String address() {
        return "127.0.0.1:" + port;
    }

    private ChildJvm startNode(int round) throws Exception {
        var node = ChildJvm.start(
                scratch.resolve("node-" + round + ".txt"),
                "io.millrace.server.MillraceCommand",
                "dev",
                "--port",
                Integer.toString(port),
                "--data-dir",
                scratch.resolve("data").toString());
        node.await(READY);
        assertThat(node.said()).contains(address());
        return node;
    }

    private void createTopics() throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", address()))) {
            admin.createTopics(List.of(
                            new NewTopic(IdempotentLoad.TOPIC, PARTITIONS, (short) 1),
                            new NewTopic(TransactionalLoad.TOPIC, PARTITIONS, (short) 1),
                            new NewTopic(CopyingLoad.TOPIC, PARTITIONS, (short) 1)))
                    .all()
                    .get();
        }
    }

    private Map<TopicPartition, Long> positions() throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", address()))) {
            return admin
                    .listConsumerGroupOffsets(CopyingLoad.GROUP)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .entrySet()
                    .stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, entry -> entry.getValue().offset()));
        }
    }

    private static void assertNotBehind(Map<TopicPartition, Long> now, Map<TopicPartition, Long> before, String why) {
        before.forEach((partition, offset) -> assertThat(now.get(partition))
                .as("%s: position in %s", why, partition)
                .isGreaterThanOrEqualTo(offset));
    }

    private void check(IdempotentLoad numbers, TransactionalLoad pairs, ChildJvm node, String why) {
        var copies = byPartition(CommittedRecords.read(address(), CopyingLoad.TOPIC, numbers.sent(), node::isAlive));
        var written =
                byPartition(CommittedRecords.read(address(), IdempotentLoad.TOPIC, numbers.sent(), node::isAlive));
        var paired = byPartition(CommittedRecords.read(address(), TransactionalLoad.TOPIC, 0, node::isAlive));
        var expectedPairs = pairs.expected(values(paired.getOrDefault(0, List.of())));
        for (var partition = 0; partition < PARTITIONS; partition++) {
            var records = written.getOrDefault(partition, List.of());
            assertThat(values(records)).as("%s: numbers of %d", why, partition).isEqualTo(numbers.expected(partition));
            assertThat(records.stream().collect(Collectors.toMap(ConsumerRecord::offset, ConsumerRecord::value)))
                    .as("%s: offsets of %d", why, partition)
                    .isEqualTo(numbers.acknowledged(partition));
            assertThat(values(copies.getOrDefault(partition, List.of())))
                    .as("%s: copies of %d", why, partition)
                    .isEqualTo(numbers.expected(partition));
            assertThat(values(paired.getOrDefault(partition, List.of())))
                    .as("%s: transactions in %d", why, partition)
                    .isEqualTo(expectedPairs);
        }
        assertThat(pairs.ends().values())
                .as(why)
                .contains(TransactionalLoad.End.COMMITTED, TransactionalLoad.End.ABORTED);
    }

    private static Map<Integer, List<ConsumerRecord<String, String>>> byPartition(
            List<ConsumerRecord<String, String>> records) {
        return records.stream().collect(Collectors.groupingBy(ConsumerRecord::partition));
    }

    private static List<String> values(List<ConsumerRecord<String, String>> records) {
        return records.stream().map(ConsumerRecord::value).toList();
    }
}
