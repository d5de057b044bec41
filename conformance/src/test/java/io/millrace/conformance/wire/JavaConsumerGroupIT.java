package io.millrace.conformance.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.coordinator.ConsumerGroupLimits;
import io.millrace.coordinator.GroupLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.InvalidRegularExpression;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups of the consumer protocol (KIP-848): Kafka's own Java client with {@code group.protocol=consumer}, and its admin client. */
class JavaConsumerGroupIT {

    private static final Duration POLL = Duration.ofMillis(50);
    private static final long PATIENCE_NS = Duration.ofSeconds(30).toNanos();
    private static final int PARTITIONS = 4;
    private static final String TOPIC = "flights";
    private static final String GROUP = "readers";

    /** Members are told to send ten times a second, so that nobody waits for a heartbeat. */
    private static final GroupLimits LIMITS = GroupLimits.DEFAULT
            .withInitialRebalanceDelayMs(0)
            .withConsumers(ConsumerGroupLimits.DEFAULT.withTimesMs(3_000, 100).withAssignmentIntervalMs(0));

    @TempDir
    Path directory;

    private ServedNode node;
    private Admin admin;

    @BeforeEach
    void serve() throws Exception {
        open();
        admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1)))
                .all()
                .get();
    }

    private void open() throws Exception {
        node = new ServedNode(directory, LIMITS);
        admin = Admin.create(Map.of("bootstrap.servers", node.address()));
    }

    @AfterEach
    void stop() {
        admin.close();
        node.close();
    }

    private void produce(String topic, int count) {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", node.address()),
                new StringSerializer(),
                new StringSerializer())) {
            IntStream.range(0, count)
                    .forEach(i -> producer.send(new ProducerRecord<>(topic, i % PARTITIONS, "k" + i, "v" + i)));
        }
    }

    private KafkaConsumer<String, String> consumer(String protocol, Map<String, Object> more) {
        var config = new HashMap<String, Object>(more);
        config.put("bootstrap.servers", node.address());
        config.put("group.id", GROUP);
        config.put("group.protocol", protocol);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 200);
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false); // a deleted topic would come again
        if (protocol.equals("classic")) {
            config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 100);
        }
        return new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
    }

    private KafkaConsumer<String, String> member(Map<String, Object> more) {
        var consumer = consumer("consumer", more);
        consumer.subscribe(List.of(TOPIC));
        return consumer;
    }

    @SafeVarargs
    private static void pollUntil(BooleanSupplier done, KafkaConsumer<String, String>... consumers) {
        pollUntil(done, record -> {}, consumers);
    }

    @SafeVarargs
    private static void pollUntil(
            BooleanSupplier done, Consumer<String> values, KafkaConsumer<String, String>... consumers) {
        long endNs = System.nanoTime() + PATIENCE_NS;
        while (!done.getAsBoolean()) {
            assertThat(System.nanoTime())
                    .as(() -> "in time; assigned are "
                            + Stream.of(consumers)
                                    .map(KafkaConsumer::assignment)
                                    .toList())
                    .isLessThan(endNs);
            for (var consumer : consumers) {
                consumer.poll(POLL).forEach(record -> values.accept(record.value()));
            }
        }
    }

    private ConsumerGroupDescription describe() throws Exception {
        return admin.describeConsumerGroups(List.of(GROUP))
                .describedGroups()
                .get(GROUP)
                .get();
    }

    @Test
    void membersShareAndOneTakesOverFromAnother() throws Exception {
        produce(TOPIC, 100);
        var values = new ArrayList<String>();
        var events = new ArrayList<String>();
        try (var one = consumer("consumer", Map.of())) {
            one.subscribe(List.of(TOPIC), new ConsumerRebalanceListener() {
                @Override
                public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                    events.add("revoked " + partitions.size());
                }

                @Override
                public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                    events.add("assigned " + partitions.size());
                }
            });
            pollUntil(() -> values.size() == 100, values::add, one);
            one.commitSync();
            try (var two = member(Map.of());
                    var three = member(Map.of())) {
                pollUntil(
                        () -> !one.assignment().isEmpty()
                                && one.assignment().size() <= 2
                                && !two.assignment().isEmpty()
                                && !three.assignment().isEmpty()
                                && one.assignment().size()
                                                + two.assignment().size()
                                                + three.assignment().size()
                                        == PARTITIONS,
                        values::add,
                        one,
                        two,
                        three);
                var all = new HashSet<>(one.assignment());
                all.addAll(two.assignment());
                all.addAll(three.assignment());
                assertThat(all).hasSize(PARTITIONS);
                var described = describe();
                assertThat(described.type()).isEqualTo(GroupType.CONSUMER);
                assertThat(described.groupState()).isEqualTo(GroupState.STABLE);
                assertThat(described.partitionAssignor()).isEqualTo("uniform");
                assertThat(described.groupEpoch()).isEqualTo(described.targetAssignmentEpoch());
                assertThat(described.members())
                        .hasSize(3)
                        .allMatch(
                                member -> member.assignment().topicPartitions().size() >= 1)
                        .allMatch(member ->
                                member.targetAssignment().orElseThrow().equals(member.assignment()));
            }
            pollUntil(() -> one.assignment().size() == PARTITIONS, values::add, one);
            assertThat(values)
                    .as("committed positions are read again by nobody")
                    .hasSize(100);
            assertThat(events).startsWith("assigned 4").anyMatch(event -> event.startsWith("revoked "));
        }
        assertThat(admin.listGroups(ListGroupsOptions.forConsumerGroups()).all().get())
                .anySatisfy(group -> {
                    assertThat(group.groupId()).isEqualTo(GROUP);
                    assertThat(group.type()).contains(GroupType.CONSUMER);
                    assertThat(group.groupState()).contains(GroupState.EMPTY);
                });
    }

    @Test
    void aGroupGoesOnAfterARestartOfTheNode() throws Exception {
        produce(TOPIC, 40);
        var values = new ArrayList<String>();
        try (var one = member(Map.of())) {
            pollUntil(() -> values.size() == 40, values::add, one);
            one.commitSync();
            one.commitAsync();
            Set<TopicPartition> before = Set.copyOf(one.assignment());
            int port = node.port();
            admin.close();
            node.close();
            node = new ServedNode(directory, LIMITS, port);
            admin = Admin.create(Map.of("bootstrap.servers", node.address()));
            produce(TOPIC, 8);
            pollUntil(() -> values.size() == 48, values::add, one);
            assertThat(one.assignment()).isEqualTo(before);
            one.commitSync();
            assertThat(describe().members()).hasSize(1);
        }
        assertThat(admin.listConsumerGroupOffsets(GROUP)
                        .partitionsToOffsetAndMetadata()
                        .get()
                        .values())
                .extracting(OffsetAndMetadata::offset)
                .containsExactly(12L, 12L, 12L, 12L);
    }

    @Test
    void aStaticMemberComesBackToItsPartitions() {
        var instance = Map.<String, Object>of("group.instance.id", "desk-1");
        try (var other = member(Map.of())) {
            var first = member(instance);
            pollUntil(() -> first.assignment().size() == 2 && other.assignment().size() == 2, first, other);
            Set<TopicPartition> before = Set.copyOf(first.assignment());
            Set<TopicPartition> others = Set.copyOf(other.assignment());
            first.close();
            try (var again = member(instance)) {
                pollUntil(() -> !again.assignment().isEmpty(), again, other);
                assertThat(again.assignment()).isEqualTo(before);
                assertThat(other.assignment()).isEqualTo(others);
            }
        }
    }

    @Test
    void topicsAreReadByRegularExpressionAlsoThoseThatComeLater() throws Exception {
        try (var one = consumer("consumer", Map.of());
                var wrong = consumer("consumer", Map.of())) {
            one.subscribe(new SubscriptionPattern("fl.*"));
            pollUntil(() -> one.assignment().size() == PARTITIONS, one);
            admin.createTopics(List.of(new NewTopic("flows", 2, (short) 1), new NewTopic("other", 1, (short) 1)))
                    .all()
                    .get();
            pollUntil(() -> one.assignment().size() == PARTITIONS + 2, one);
            admin.deleteTopics(List.of(TOPIC)).all().get();
            pollUntil(() -> one.assignment().size() == 2, one);

            wrong.subscribe(new SubscriptionPattern("("));
            assertThatThrownBy(() -> pollUntil(() -> false, wrong)).isInstanceOf(InvalidRegularExpression.class);
        }
    }

    @Test
    void partitionsOfItsOwnChoiceAreCommittedWithoutJoining() throws Exception {
        produce(TOPIC, 8);
        var values = new ArrayList<String>();
        try (var one = consumer("consumer", Map.of())) {
            one.assign(List.of(new TopicPartition(TOPIC, 0)));
            pollUntil(() -> values.size() == 2, values::add, one);
            one.commitSync();
            assertThat(one.committed(Set.of(new TopicPartition(TOPIC, 0))).values())
                    .extracting(OffsetAndMetadata::offset)
                    .containsExactly(2L);
        }
        admin.deleteConsumerGroups(List.of(GROUP)).all().get();
    }

    @Test
    void aGroupIsMovedToTheConsumerProtocolAndBackMemberByMember() throws Exception {
        var strategy = Map.<String, Object>of(
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                "org.apache.kafka.clients.consumer.CooperativeStickyAssignor");
        try (var old = consumer("classic", strategy)) {
            old.subscribe(List.of(TOPIC));
            pollUntil(() -> old.assignment().size() == PARTITIONS, old);
            try (var fresh = member(Map.of())) {
                pollUntil(
                        () -> old.assignment().size() == 2 && fresh.assignment().size() == 2, old, fresh);
                old.commitSync();
                assertThat(describe().type()).isEqualTo(GroupType.CONSUMER);
                assertThat(describe().members()).hasSize(2);
                assertThatThrownBy(() ->
                                admin.deleteConsumerGroups(List.of(GROUP)).all().get())
                        .isInstanceOf(ExecutionException.class)
                        .hasCauseInstanceOf(GroupNotEmptyException.class);
            }
            pollUntil(() -> old.assignment().size() == PARTITIONS, old);
            assertThat(describe().type()).isEqualTo(GroupType.CLASSIC);
        }
    }

    @Test
    void theGroupVersionIsFinalized() throws Exception {
        var features = admin.describeFeatures().featureMetadata().get();
        assertThat(features.finalizedFeatures().get("group.version").maxVersionLevel())
                .isEqualTo((short) 1);
    }
}
