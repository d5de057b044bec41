package io.millrace.conformance.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the configuration of a topic does to its records. */
class TopicConfigsIT {

    private static final int ATTRIBUTES_AT = 21;
    private static final int CODEC_MASK = 7;
    private static final int GZIP = 1;
    private static final int ZSTD = 4;

    @TempDir
    Path directory;

    private ConfiguredNode node;
    private Admin admin;

    @BeforeEach
    void serve() throws Exception {
        node = new ConfiguredNode(directory, Map.of("compression.type", "zstd", "num.partitions", "2"));
        admin = Admin.create(Map.of("bootstrap.servers", node.address()));
    }

    @AfterEach
    void stop() {
        admin.close();
        node.close();
    }

    private void create(Map<String, String> configs) throws Exception {
        admin.createTopics(List.of(new NewTopic("t", 1, (short) 1).configs(configs)))
                .all()
                .get();
    }

    private RecordMetadata send(long timestamp) throws Exception {
        Map<String, Object> config = Map.of("bootstrap.servers", node.address(), "compression.type", "lz4");
        try (var producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            return producer.send(new ProducerRecord<>("t", 0, timestamp, "key", "value"))
                    .get();
        }
    }

    private ConsumerRecord<String, String> first() {
        Map<String, Object> config = Map.of("bootstrap.servers", node.address(), "auto.offset.reset", "earliest");
        try (var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(new TopicPartition("t", 0)));
            while (true) {
                var records = consumer.poll(Duration.ofMillis(100));
                if (!records.isEmpty()) {
                    return records.iterator().next();
                }
            }
        }
    }

    private int codecOnDisk() throws Exception {
        var file = Files.readAllBytes(directory.resolve("t-0").resolve("00000000000000000000.log"));
        return ByteBuffer.wrap(file).getShort(ATTRIBUTES_AT) & CODEC_MASK;
    }

    @Test
    void batchesAreStoredWithTheTopicsCompression() throws Exception {
        create(Map.of("compression.type", "gzip"));

        send(System.currentTimeMillis());

        assertThat(codecOnDisk()).isEqualTo(GZIP);
        assertThat(first().value()).isEqualTo("value");
    }

    @Test
    void aTopicThatIsMadeByTheWayHasTheNodesDefaults() throws Exception {
        send(System.currentTimeMillis());

        assertThat(codecOnDisk()).isEqualTo(ZSTD);
        assertThat(admin.describeTopics(List.of("t"))
                        .allTopicNames()
                        .get()
                        .get("t")
                        .partitions())
                .hasSize(2);
    }

    @Test
    void recordsGetTheTimeOfTheAppend() throws Exception {
        create(Map.of("message.timestamp.type", "LogAppendTime"));
        long before = System.currentTimeMillis();

        var sent = send(1);

        assertThat(sent.timestamp()).isBetween(before, System.currentTimeMillis());
        assertThat(first().timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
        assertThat(first().timestamp()).isEqualTo(sent.timestamp());
    }

    @Test
    void recordsThatAreTooOldOrTooNewAreRefused() throws Exception {
        create(Map.of("message.timestamp.before.max.ms", "60000", "message.timestamp.after.max.ms", "60000"));
        long now = System.currentTimeMillis();

        assertThat(send(now).offset()).isZero();
        assertThatThrownBy(() -> send(now - 3_600_000)).hasCauseInstanceOf(InvalidTimestampException.class);
        assertThatThrownBy(() -> send(now + 3_600_000)).hasCauseInstanceOf(InvalidTimestampException.class);
    }

    @Test
    void moreReplicasInSyncThanThereAreStillMeansAllOfThem() throws Exception {
        create(Map.of("min.insync.replicas", "2", "unclean.leader.election.enable", "true"));

        assertThat(send(System.currentTimeMillis()).offset())
                .isZero(); // as Kafka does where a partition has one replica
    }
}
