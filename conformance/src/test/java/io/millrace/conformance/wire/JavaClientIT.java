package io.millrace.conformance.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kafka's own Java client. */
class JavaClientIT {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final TopicPartition FLIGHTS = new TopicPartition("flights", 0);

    @TempDir
    Path directory;

    private ServedNode node;

    @BeforeEach
    void serve() throws Exception {
        node = new ServedNode(directory);
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private KafkaProducer<String, String> producer(Map<String, Object> more) {
        var config = new HashMap<String, Object>(more);
        config.put("bootstrap.servers", node.address());
        return new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
    }

    private KafkaConsumer<String, String> consumer(Map<String, Object> more) {
        var config = new HashMap<String, Object>(more);
        config.put("bootstrap.servers", node.address());
        return new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
    }

    private static List<ConsumerRecord<String, String>> read(KafkaConsumer<String, String> consumer, int count) {
        var found = new ArrayList<ConsumerRecord<String, String>>();
        while (found.size() < count) {
            consumer.poll(POLL).forEach(found::add);
        }
        return found;
    }

    private static List<RecordMetadata> send(KafkaProducer<String, String> producer, int count) throws Exception {
        var sent = new ArrayList<Future<RecordMetadata>>();
        for (int i = 0; i < count; i++) {
            var record = new ProducerRecord<>("flights", null, 1000L + i, "key-" + i % 7, "value-" + i);
            record.headers().add(new RecordHeader("number", new byte[] {(byte) i}));
            sent.add(producer.send(record));
        }
        producer.flush();
        var answers = new ArrayList<RecordMetadata>();
        for (var one : sent) {
            answers.add(one.get());
        }
        return answers;
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void whatIsProducedIsConsumed(String codec) throws Exception {
        try (var producer = producer(Map.of("compression.type", codec));
                var consumer = consumer(Map.of())) {
            assertThat(send(producer, 1000).stream().map(RecordMetadata::offset))
                    .containsExactlyElementsOf(
                            IntStream.range(0, 1000).mapToObj(i -> (long) i).toList());
            consumer.assign(List.of(FLIGHTS));
            consumer.seekToBeginning(List.of(FLIGHTS));

            var found = read(consumer, 1000);

            for (int i = 0; i < found.size(); i++) {
                var record = found.get(i);
                assertThat(record.offset()).isEqualTo(i);
                assertThat(record.key()).isEqualTo("key-" + i % 7);
                assertThat(record.value()).isEqualTo("value-" + i);
                assertThat(record.timestamp()).isEqualTo(1000 + i);
                assertThat(record.headers().lastHeader("number").value()).containsExactly((byte) i);
            }
        }
    }

    @Test
    void offsetsAreFoundByTimeAndAtTheEnds() throws Exception {
        try (var producer = producer(Map.of());
                var consumer = consumer(Map.of())) {
            send(producer, 100);

            assertThat(consumer.offsetsForTimes(Map.of(FLIGHTS, 1042L)).get(FLIGHTS))
                    .extracting(OffsetAndTimestamp::offset, OffsetAndTimestamp::timestamp)
                    .containsExactly(42L, 1042L);
            assertThat(consumer.beginningOffsets(List.of(FLIGHTS))).containsEntry(FLIGHTS, 0L);
            assertThat(consumer.endOffsets(List.of(FLIGHTS))).containsEntry(FLIGHTS, 100L);
            assertThat(consumer.partitionsFor("flights")).hasSize(1);
        }
    }

    @Test
    void aWaitingConsumerIsWokenByTheNextRecord() throws Exception {
        try (var producer = producer(Map.of("linger.ms", 0));
                var consumer = consumer(Map.of("fetch.max.wait.ms", 60_000, "request.timeout.ms", 90_000))) {
            send(producer, 1);
            consumer.assign(List.of(FLIGHTS));
            consumer.seek(FLIGHTS, 1);
            consumer.poll(POLL);

            send(producer, 1);

            assertThat(read(consumer, 1)).hasSize(1);
            consumer.close(CloseOptions.timeout(Duration.ZERO)); // else it waits for its next fetch
        }
    }

    @Test
    void aRecordThatIsTooLargeIsRefusedAndTheNextOneIsNot() throws Exception {
        try (var producer = producer(Map.of("max.request.size", 8 << 20))) {
            var large = new ProducerRecord<>("flights", "key", "v".repeat(3 << 20));

            assertThatThrownBy(() -> producer.send(large).get())
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(RecordTooLargeException.class);
            assertThat(send(producer, 1)).hasSize(1);
        }
    }

    @Test
    void recordsOutliveTheNode() throws Exception {
        try (var producer = producer(Map.of())) {
            send(producer, 10);
        }
        node.close();
        node = new ServedNode(directory);
        try (var consumer = consumer(Map.of())) {
            consumer.assign(List.of(FLIGHTS));
            consumer.seekToBeginning(List.of(FLIGHTS));
            assertThat(read(consumer, 10)).hasSize(10);
        }
    }
}
