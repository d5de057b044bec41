package io.millrace.conformance.stock;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.conformance.wire.ServedNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A stock Connect worker with Kafka's file connectors, killed and restarted. The source is exactly-once (KIP-618): every line of
 * the file is in the topic once, in order. The file sink can be no better than at-least-once on any broker, since it writes to a
 * file what it has no transaction for; of it nothing is lost, and what is repeated lies behind its committed position.
 */
class StockConnectIT {

    private static final String TOPIC = "copied";
    private static final String SINK_GROUP = "connect-to-file";
    private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
    private static final Duration LIFE_MAX = Duration.ofSeconds(3);
    private static final Duration PAUSE = Duration.ofMillis(2);
    private static final Duration END_MAX = Duration.ofMinutes(2);
    private static final int LINES_AFTER_LAST_KILL = 100;

    @TempDir
    Path scratch;

    private final List<String> lines = new ArrayList<>();
    private final List<Long> committedAtKill = new ArrayList<>();

    @Test
    void aKillOfTheWorkerLosesAndRepeatsNothing() throws Exception {
        kill(1);
    }

    @Test
    @Tag("long")
    void eightKillsOfTheWorkerLoseAndRepeatNothing() throws Exception {
        kill(8);
    }

    private void kill(int rounds) throws Exception {
        var seed = Long.getLong("millrace.seed", System.nanoTime());
        System.out.println("stock connect: seed " + seed + "; -Dmillrace.seed=" + seed + " repeats its moments");
        var random = new Random(seed);
        var from = Files.createFile(scratch.resolve("from.txt"));
        var to = scratch.resolve("to.txt");
        try (var node = new ServedNode(scratch.resolve("node"));
                var admin = Admin.create(Map.of("bootstrap.servers", node.address()))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
            for (var round = 1; round <= rounds; round++) {
                try (var worker = ConnectWorker.start(node.address(), scratch, round)) {
                    if (round == 1) {
                        createConnectors(worker, from, to);
                    }
                    var before = size(to);
                    append(from, 100);
                    await(worker, () -> size(to) > before);
                    writeFor(random.nextLong(LIFE_MAX.toNanos()), from);
                    worker.kill();
                    committedAtKill.add(committed(admin));
                }
            }
            append(from, LINES_AFTER_LAST_KILL);
            try (var last = ConnectWorker.start(node.address(), scratch, rounds + 1)) {
                var records = CommittedRecords.read(node.address(), TOPIC, lines.size(), last::isAlive);
                assertThat(records.stream().map(ConsumerRecord::value).toList())
                        .as("seed %d: %s", seed, last.said())
                        .isEqualTo(lines);
                await(last, () -> Files.readAllLines(to).contains(lines.get(lines.size() - 1)));
                checkSink(Files.readAllLines(to), records, "seed " + seed);
            }
        }
    }

    private static void createConnectors(ConnectWorker worker, Path from, Path to) throws Exception {
        worker.put("from-file", """
                {"connector.class": "FileStreamSource", "tasks.max": "1", "file": "%s", "topic": "%s"}
                """.formatted(from, TOPIC));
        worker.put("to-file", """
                {"connector.class": "FileStreamSink", "tasks.max": "1", "file": "%s", "topics": "%s"}
                """.formatted(to, TOPIC));
    }

    private static long committed(Admin admin) throws Exception {
        var position = admin.listConsumerGroupOffsets(SINK_GROUP)
                .partitionsToOffsetAndMetadata()
                .get()
                .get(PARTITION);
        return position == null ? 0 : position.offset();
    }

    /** Each line once, in order, if what a restart has delivered again is taken away; and that only from a committed position. */
    private void checkSink(List<String> written, List<ConsumerRecord<String, String>> records, String why) {
        assertThat(new ArrayList<>(new LinkedHashSet<>(written))).as(why).isEqualTo(lines);
        var restarts = 0;
        for (var i = 1; i < written.size(); i++) {
            var index = lines.indexOf(written.get(i));
            if (index != lines.indexOf(written.get(i - 1)) + 1) {
                assertThat(records.get(index).offset())
                        .as("%s: delivered again from", why)
                        .isGreaterThanOrEqualTo(committedAtKill.get(restarts));
                restarts++;
            }
        }
        assertThat(restarts).as(why).isLessThanOrEqualTo(committedAtKill.size());
    }

    private void writeFor(long durationNs, Path file) throws IOException {
        for (var endNs = System.nanoTime() + durationNs; System.nanoTime() < endNs; ) {
            append(file, 1);
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private void append(Path file, int count) throws IOException {
        for (var i = 0; i < count; i++) {
            var line = "line " + lines.size();
            lines.add(line);
            Files.writeString(file, line + "\n", StandardOpenOption.APPEND);
        }
    }

    private static long size(Path file) throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void await(ConnectWorker worker, Condition condition) throws IOException {
        var endNs = System.nanoTime() + END_MAX.toNanos();
        while (!condition.holds()) {
            assertThat(worker.isAlive() && System.nanoTime() < endNs)
                    .as("%s", worker.said())
                    .isTrue();
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }
}
