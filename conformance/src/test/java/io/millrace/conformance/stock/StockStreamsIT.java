package io.millrace.conformance.stock;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.conformance.wire.ServedNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stock Kafka Streams application with exactly_once_v2, killed and restarted, loses and repeats nothing. */
class StockStreamsIT {

    private static final int PARTITIONS = 2;
    private static final Duration LIFE_MAX = Duration.ofSeconds(3);
    private static final Duration PAUSE = Duration.ofMillis(5);
    private static final int RECORDS_AFTER_LAST_KILL = 200;

    @TempDir
    Path scratch;

    @Test
    void twoKillsOfTheApplicationLoseAndRepeatNothing() throws Exception {
        kill(2);
    }

    @Test
    @Tag("long")
    void fifteenKillsOfTheApplicationLoseAndRepeatNothing() throws Exception {
        kill(15);
    }

    private void kill(int rounds) throws Exception {
        var seed = Long.getLong("millrace.seed", System.nanoTime());
        System.out.println(
                "stock streams: seed " + seed + "; -Dmillrace.seed=" + seed + " repeats its input and moments");
        var random = new Random(seed);
        var input = new StreamsInput(seed);
        try (var node = new ServedNode(scratch.resolve("node"));
                var producer = new KafkaProducer<>(
                        Map.<String, Object>of("bootstrap.servers", node.address()),
                        new StringSerializer(),
                        new StringSerializer())) {
            createTopics(node);
            for (var round = 1; round <= rounds; round++) {
                try (var application = start(node, round)) {
                    application.await("RUNNING");
                    produceFor(random.nextLong(LIFE_MAX.toNanos()), input, producer);
                    application.kill();
                }
            }
            for (var i = 0; i < RECORDS_AFTER_LAST_KILL; i++) {
                input.next().forEach(producer::send);
            }
            producer.flush();
            try (var last = start(node, rounds + 1)) {
                check(node, input, last, "seed " + seed);
            }
        }
    }

    private static void createTopics(ServedNode node) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", node.address()))) {
            admin.createTopics(List.of(
                            new NewTopic(StreamsApplication.LINES, PARTITIONS, (short) 1),
                            new NewTopic(StreamsApplication.LEFT, PARTITIONS, (short) 1),
                            new NewTopic(StreamsApplication.RIGHT, PARTITIONS, (short) 1),
                            new NewTopic(StreamsApplication.COUNTS, PARTITIONS, (short) 1),
                            new NewTopic(StreamsApplication.PAIRS, PARTITIONS, (short) 1)))
                    .all()
                    .get();
        }
    }

    private ChildJvm start(ServedNode node, int round) throws Exception {
        return ChildJvm.start(
                scratch.resolve("application-" + round + ".txt"),
                StreamsApplication.class.getName(),
                node.address(),
                scratch.resolve("state").toString());
    }

    private static void produceFor(long durationNs, StreamsInput input, KafkaProducer<String, String> producer) {
        for (var endNs = System.nanoTime() + durationNs; System.nanoTime() < endNs; ) {
            input.next().forEach(producer::send);
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        producer.flush();
    }

    private static void check(ServedNode node, StreamsInput input, ChildJvm last, String why) throws Exception {
        var expectedCounts = input.expectedCounts();
        var updates = expectedCounts.values().stream().mapToInt(List::size).sum();
        var counts = new TreeMap<String, List<String>>();
        CommittedRecords.read(node.address(), StreamsApplication.COUNTS, updates, last::isAlive)
                .forEach(record -> counts.computeIfAbsent(record.key(), key -> new ArrayList<>())
                        .add(record.value()));
        assertThat(counts).as("%s: %s", why, last.said()).isEqualTo(new TreeMap<>(expectedCounts));

        var expectedPairs = input.expectedPairs();
        var pairs =
                CommittedRecords.read(node.address(), StreamsApplication.PAIRS, expectedPairs.size(), last::isAlive);
        assertThat(pairs.stream().map(ConsumerRecord::value).sorted().toList())
                .as("%s: %s", why, last.said())
                .isEqualTo(expectedPairs);
    }
}
