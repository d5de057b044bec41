package io.millrace.conformance.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.server.MillraceCommand;
import io.millrace.server.command.Console;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Our command line and Kafka's own Java clients understand what the other one wrote. */
class CommandLineIT {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final String TOPIC = "letters";
    private static final String GROUP = "readers";

    @TempDir
    Path directory;

    private ServedNode node;

    @BeforeEach
    void serve() throws Exception {
        node = new ServedNode(directory);
        try (var admin = Admin.create(Map.of("bootstrap.servers", node.address()))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 2, (short) 1))).all().get();
        }
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private String millrace(String input, String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var console = new Console(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("-b", node.address()));
        int code = MillraceCommand.commandLine(console).execute(all.toArray(String[]::new));
        assertThat(code).as(err.toString(StandardCharsets.UTF_8)).isZero();
        return out.toString(StandardCharsets.UTF_8);
    }

    private KafkaConsumer<String, String> consumer() {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        node.address(),
                        "group.id",
                        GROUP,
                        "auto.offset.reset",
                        "earliest",
                        "heartbeat.interval.ms",
                        100),
                new StringDeserializer(),
                new StringDeserializer());
    }

    private void produce(Map<String, Object> more, int partition, String value) throws Exception {
        var config = new java.util.HashMap<String, Object>(more);
        config.put("bootstrap.servers", node.address());
        try (var producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(TOPIC, partition, "k", value)).get();
        }
    }

    @Test
    void whatJavaWritesIsPrintedAndTheOtherWayRound() throws Exception {
        for (var codec : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
            produce(Map.of("compression.type", codec), 0, codec);
            millrace("k:" + codec + "\n", "produce", TOPIC, "-K", ":", "-z", codec, "--partition", "1");
        }

        assertThat(millrace("", "consume", TOPIC, "--partition", "0").lines())
                .containsExactly("none", "gzip", "snappy", "lz4", "zstd");
        var read = new ArrayList<String>();
        try (var consumer = consumer()) {
            consumer.subscribe(List.of(TOPIC));
            while (read.size() < 10) {
                consumer.poll(POLL).forEach(record -> read.add(record.partition() + record.key() + record.value()));
            }
        }
        assertThat(read).contains("1knone", "1kgzip", "1ksnappy", "1klz4", "1kzstd");
    }

    @Test
    @Timeout(60)
    void aJavaConsumerAndTheCommandLineShareAGroup() throws Exception {
        try (var consumer = consumer()) {
            consumer.subscribe(List.of(TOPIC));
            while (consumer.assignment().size() < 2) {
                consumer.poll(POLL);
            }
            var printed = CompletableFuture.supplyAsync(
                    () -> millrace("", "consume", TOPIC, "--group", GROUP, "--follow", "-n", "1", "--format", "%v@%p"));
            while (consumer.assignment().size() != 1) {
                consumer.poll(POLL);
            }
            int own = consumer.assignment().iterator().next().partition();
            assertThat(millrace("", "groups", "describe", GROUP)).contains("millrace-cli", "consumer-" + GROUP);

            produce(Map.of(), 1 - own, "for the command line");

            assertThat(printed.get()).isEqualTo("for the command line@" + (1 - own));
            while (consumer.assignment().size() != 2) {
                consumer.poll(POLL);
            }
        }
    }
}
