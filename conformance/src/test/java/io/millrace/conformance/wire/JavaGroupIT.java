package io.millrace.conformance.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups of Kafka's own Java client, and its admin client. */
class JavaGroupIT {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final int PARTITIONS = 4;
    private static final String TOPIC = "flights";
    private static final String GROUP = "readers";

    @TempDir
    Path directory;

    private ServedNode node;
    private Admin admin;

    @BeforeEach
    void serve() throws Exception {
        node = new ServedNode(directory);
        admin = Admin.create(Map.of("bootstrap.servers", node.address()));
        admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1)))
                .all()
                .get();
    }

    @AfterEach
    void stop() {
        admin.close();
        node.close();
    }

    private void produce(int count) {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", node.address()),
                new StringSerializer(),
                new StringSerializer())) {
            IntStream.range(0, count)
                    .forEach(i -> producer.send(new ProducerRecord<>(TOPIC, i % PARTITIONS, "k" + i, "v" + i)));
        }
    }

    private KafkaConsumer<String, String> member(Map<String, Object> more) {
        var config = new HashMap<String, Object>(more);
        config.put("bootstrap.servers", node.address());
        config.put("group.id", GROUP);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 100);
        var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
        consumer.subscribe(List.of(TOPIC));
        return consumer;
    }

    private static Set<String> read(KafkaConsumer<String, String> consumer, int count) {
        var found = new HashSet<String>();
        while (found.size() < count) {
            consumer.poll(POLL).forEach(record -> found.add(record.value()));
        }
        return found;
    }

    @Test
    void twoMembersShareAndOneTakesOverFromTheOther() throws Exception {
        try (var one = member(Map.of())) {
            try (var two = member(Map.of())) {
                while (one.assignment().size() != 2 || two.assignment().size() != 2) {
                    one.poll(POLL);
                    two.poll(POLL);
                }
                var all = new HashSet<>(one.assignment());
                all.addAll(two.assignment());
                assertThat(all).hasSize(PARTITIONS);

                var described = admin.describeConsumerGroups(List.of(GROUP))
                        .describedGroups()
                        .get(GROUP)
                        .get();
                assertThat(described.groupState()).isEqualTo(GroupState.STABLE);
                assertThat(described.members()).hasSize(2);
            }
            while (one.assignment().size() != PARTITIONS) {
                one.poll(POLL);
            }
        }
        assertThat(admin.listGroups().all().get())
                .anyMatch(group -> group.groupId().equals(GROUP));
    }

    @Test
    void aGroupGoesOnWhereItHasCommittedAlsoOnTheNextLifeOfTheNode() throws Exception {
        produce(100);
        try (var first = member(Map.of())) {
            assertThat(read(first, 100)).hasSize(100);
            first.commitSync();
        }
        node.close();
        admin.close();
        node = new ServedNode(directory);
        admin = Admin.create(Map.of("bootstrap.servers", node.address()));
        produce(8);

        try (var second = member(Map.of())) {
            assertThat(read(second, 8))
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, 8).mapToObj(i -> "v" + i).toList());
        }

        var offsets = admin.listConsumerGroupOffsets(GROUP)
                .partitionsToOffsetAndMetadata()
                .get();
        assertThat(offsets)
                .hasSize(PARTITIONS)
                .containsEntry(new TopicPartition(TOPIC, 0), new OffsetAndMetadata(25, Optional.of(0), ""));
    }

    @Test
    void aStaticMemberComesBackToItsPartitions() {
        var instance = Map.<String, Object>of("group.instance.id", "desk-1");
        Set<TopicPartition> before;
        try (var other = member(Map.of())) {
            var first = member(instance);
            while (first.assignment().size() != 2 || other.assignment().size() != 2) {
                first.poll(POLL);
                other.poll(POLL);
            }
            before = Set.copyOf(first.assignment());
            first.close();
            try (var again = member(instance)) {
                while (again.assignment().isEmpty()) {
                    again.poll(POLL);
                    other.poll(POLL);
                }
                assertThat(again.assignment()).isEqualTo(before);
                assertThat(other.assignment()).hasSize(2);
            }
        }
    }

    @Test
    void anOperatorMovesAndDeletesAGroup() throws Exception {
        produce(40);
        var first = new TopicPartition(TOPIC, 0);
        var second = new TopicPartition(TOPIC, 1);
        var positions = Map.of(first, new OffsetAndMetadata(3), second, new OffsetAndMetadata(7));
        admin.alterConsumerGroupOffsets(GROUP, positions).all().get();
        assertThat(admin.listConsumerGroupOffsets(GROUP)
                        .partitionsToOffsetAndMetadata()
                        .get())
                .isEqualTo(positions);

        admin.deleteConsumerGroupOffsets(GROUP, Set.of(second)).all().get();
        assertThat(admin.listConsumerGroupOffsets(GROUP)
                        .partitionsToOffsetAndMetadata()
                        .get())
                .containsOnlyKeys(first);
        admin.deleteConsumerGroups(List.of(GROUP)).all().get();

        assertThat(admin.listGroups().all().get())
                .noneMatch(group -> group.groupId().equals(GROUP));
        admin.deleteTopics(List.of(TOPIC)).all().get();
        assertThat(admin.listTopics().names().get()).doesNotContain(TOPIC);
    }
}
