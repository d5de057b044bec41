package io.millrace.conformance.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.benchmarks.peer.KafkaBroker;
import io.millrace.server.MillraceCommand;
import io.millrace.server.command.Console;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command of the command line that asks a node, one after the other: on a node, and the same on Apache Kafka. */
class CommandCourseIT {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final int REFUSED = 1;

    /** Readers of committed records may see a marker a moment after whoever wrote it. */
    private static final Duration SEEN_MAX = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private String address;

    private record Result(int code, String out, String err) {}

    private Result run(String input, String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var console = new Console(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("-b", address));
        int code = MillraceCommand.commandLine(console).execute(all.toArray(String[]::new));
        return new Result(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private String done(String... arguments) {
        return doneWith("", arguments);
    }

    private String doneWith(String input, String... arguments) {
        var result = run(input, arguments);
        assertThat(result.code())
                .as("%s: %s", String.join(" ", arguments), result.err())
                .isZero();
        return result.out();
    }

    private String refused(String... arguments) {
        var result = run("", arguments);
        assertThat(result.code())
                .as("%s: %s", String.join(" ", arguments), result.out())
                .isEqualTo(REFUSED);
        assertThat(result.err().lines()).hasSize(1);
        return result.err();
    }

    @Test
    void everyCommandDoesItsWorkOnANode() throws Exception {
        try (var node = new ServedNode(directory.resolve("node"))) {
            address = node.address();
            course();
        }
    }

    @Test
    @Tag("long")
    void everyCommandDoesItsWorkOnApacheKafka() throws Exception {
        try (var kafka = KafkaBroker.start(Files.createDirectory(directory.resolve("kafka")), Map.of())) {
            address = kafka.address();
            course();
        }
    }

    private void course() throws Exception {
        topics();
        records();
        groups();
        newGroups();
        configs();
        transactions();
        done("topics", "delete", "letters", "payments");
        assertThat(done("topics", "list", "--json")).doesNotContain("letters", "payments");
    }

    private void topics() {
        done("topics", "create", "letters", "-p", "1", "--config", "retention.ms=-1");
        assertThat(refused("topics", "create", "letters")).contains("TOPIC_ALREADY_EXISTS");
        done("topics", "alter", "letters", "-p", "2", "--config", "max.message.bytes=100000");
        assertThat(done("topics", "list", "--json"))
                .contains("{\"topic\":\"letters\",\"partitions\":2,\"replicas\":1,\"internal\":false}");
        assertThat(done("topics", "describe", "letters"))
                .contains("letters: max.message.bytes=100000", "letters: retention.ms=-1");
        assertThat(done("topics", "describe", "letters", "--json").lines()).hasSize(2);
        assertThat(refused("topics", "describe", "others")).contains("there is no topic others");
    }

    private void records() {
        doneWith("a:1\nb:2\na:3\n", "produce", "letters", "-K", ":", "-H", "from=here", "-z", "zstd");
        assertThat(done("consume", "letters", "--format", "%k=%v %h\\n").lines())
                .containsExactlyInAnyOrder("a=1 from=here", "b=2 from=here", "a=3 from=here");
        assertThat(done("consume", "letters", "--json", "--from", "PT1H", "-n", "3")
                        .lines())
                .hasSize(3)
                .allMatch(line -> line.startsWith("{\"topic\":\"letters\",\"partition\":"));
        assertThat(done("consume", "letters", "--read-committed").lines()).hasSize(3);
        assertThat(refused("consume", "letters", "--partition", "7")).contains("no 7");
    }

    private void groups() {
        assertThat(done("consume", "letters", "--group", "readers").lines()).hasSize(3);
        assertThat(done("groups", "list", "--json"))
                .contains("{\"group\":\"readers\",\"type\":\"classic\",\"protocol\":\"consumer\",\"state\":\"Empty\"}");
        assertThat(done("groups", "describe", "readers", "--json").lines())
                .hasSize(2)
                .allMatch(line -> line.contains("\"lag\":0,\"behindSeconds\":0"));
        done("groups", "reset", "readers", "--to-earliest", "--execute");
        assertThat(done("consume", "letters", "--group", "readers").lines()).hasSize(3);
        done("groups", "delete", "readers");
        assertThat(refused("groups", "describe", "readers")).contains("there is no group readers");
        assertThat(refused("groups", "delete", "readers")).contains("GROUP_ID_NOT_FOUND");
    }

    /** A consumer of Kafka's newer protocol; it keeps its place while the command line looks. */
    private void newGroups() {
        try (var consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", address,
                        "group.id", "modern",
                        "group.protocol", "consumer",
                        "client.id", "somebody",
                        "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.subscribe(List.of("letters"));
            int read = 0;
            while (read < 3) {
                read += consumer.poll(POLL).count();
            }
            consumer.commitSync();
            assertThat(done("groups", "list", "--state", "Stable"))
                    .containsPattern("modern +consumer +consumer +Stable");
            assertThat(done("groups", "describe", "modern", "--json").lines())
                    .hasSize(2)
                    .allMatch(line -> line.contains("\"lag\":0") && line.contains("\"client\":\"somebody\""));
            assertThat(refused("groups", "reset", "modern", "--to-earliest", "--execute"))
                    .contains("has 1 members");
            assertThat(refused("groups", "delete", "modern")).contains("NON_EMPTY_GROUP");
        }
        done("groups", "reset", "modern", "--topic", "letters", "--to-offset", "0", "--execute");
        assertThat(done("groups", "describe", "modern", "--json")).contains("\"position\":0,");
        done("groups", "delete", "modern");
    }

    private void configs() {
        assertThat(done("configs", "describe", "topic", "letters", "--json"))
                .contains("{\"name\":\"retention.ms\",\"value\":\"-1\",\"source\":\"topic\"");
        assertThat(done("configs", "describe", "topic", "letters", "--all")).containsPattern("segment.ms +604800000");
        done("configs", "alter", "topic", "letters", "--set", "cleanup.policy=compact", "--delete", "retention.ms");
        assertThat(done("topics", "describe", "letters"))
                .contains("cleanup.policy=compact")
                .doesNotContain("retention.ms");
        assertThat(refused("configs", "alter", "topic", "letters", "--set", "cleanup.policy=shred"))
                .contains("INVALID_CONFIG");
        done("configs", "alter", "topic", "letters", "--set", "segment.ms=5", "--dry-run");
        assertThat(done("topics", "describe", "letters")).doesNotContain("segment.ms");
        done("configs", "alter", "broker", "1", "--set", "log.cleaner.threads=2");
        assertThat(done("configs", "describe", "broker", "1")).containsPattern("log.cleaner.threads +2");
        done("configs", "alter", "group", "readers", "--set", "consumer.session.timeout.ms=50000");
        assertThat(done("configs", "describe", "group", "readers"))
                .containsPattern("consumer.session.timeout.ms +50000");
    }

    private void transactions() throws Exception {
        done("topics", "create", "payments", "-p", "1");
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", address, "transactional.id", "till"),
                new StringSerializer(),
                new StringSerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("payments", "paid")).get();
            assertThat(done("transactions", "list", "--state", "Ongoing", "--json"))
                    .contains("\"transactionalId\":\"till\"");
            assertThat(done("transactions", "describe", "till", "--json"))
                    .contains("\"state\":\"Ongoing\"", "\"partitions\":[\"payments-0\"]");
            assertThat(refused("transactions", "describe", "nobody")).contains("TRANSACTIONAL_ID_NOT_FOUND");
            assertThat(done("transactions", "hanging", "payments")).isEmpty();
            assertThat(done("transactions", "hanging", "payments", "--longer-than", "PT0S", "--json"))
                    .contains("\"startOffset\":0,");
            doneWith("behind\n", "produce", "payments");
            assertThat(done("consume", "payments", "--read-committed")).isEmpty();
            done("transactions", "abort", "--topic", "payments", "--partition", "0", "--start-offset", "0");
            awaitOutput("behind\n", "consume", "payments", "--read-committed");
            assertThat(refused(
                            "transactions", "abort", "--topic", "payments", "--partition", "0", "--start-offset", "0"))
                    .contains("no open transaction");
        }
    }

    private void awaitOutput(String wanted, String... arguments) {
        var endNs = System.nanoTime() + SEEN_MAX.toNanos();
        var found = done(arguments);
        while (!found.equals(wanted) && System.nanoTime() < endNs) {
            found = done(arguments);
        }
        assertThat(found).isEqualTo(wanted);
    }
}
