package io.millrace.conformance.client.driver;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** One course through Kafka's Java client: accepts the address of a node and the name of a part of the course. */
public final class JavaCourse implements BiConsumer<String, String> {

    private static final List<String> CODECS = List.of("none", "gzip", "snappy", "lz4", "zstd");
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long WAIT_NS_MAX = Duration.ofSeconds(30).toNanos();
    private static final int PARTITIONS = 4;
    private static final int COUNT = 200;

    @Override
    public void accept(String address, String part) {
        try {
            switch (part) {
                case "records" -> records(address);
                case "groups" -> groups(address);
                case "operators" -> operators(address);
                case "transactions" -> transactions(address);
                default -> throw new IllegalArgumentException(part);
            }
        } catch (Exception e) {
            throw new IllegalStateException(part + ": " + e, e);
        }
    }

    private static Map<String, Object> config(String address, Object... more) {
        var config = new HashMap<String, Object>();
        config.put("bootstrap.servers", address);
        for (var i = 0; i < more.length; i += 2) {
            config.put((String) more[i], more[i + 1]);
        }
        return config;
    }

    private static KafkaProducer<String, String> producer(String address, Object... more) {
        return new KafkaProducer<>(config(address, more), new StringSerializer(), new StringSerializer());
    }

    private static KafkaConsumer<String, String> consumer(String address, Object... more) {
        return new KafkaConsumer<>(config(address, more), new StringDeserializer(), new StringDeserializer());
    }

    private static void require(boolean holds, Object what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    private static void topic(String address, String name) throws Exception {
        try (var admin = AdminClient.create(config(address))) {
            admin.createTopics(List.of(new NewTopic(name, PARTITIONS, (short) 1)))
                    .all()
                    .get();
        }
    }

    private static List<String> read(KafkaConsumer<String, String> consumer, int count) {
        var found = new ArrayList<String>();
        var deadline = System.nanoTime() + WAIT_NS_MAX;
        while (found.size() < count && System.nanoTime() < deadline) {
            consumer.poll(POLL).forEach(record -> found.add(record.value()));
        }
        require(found.size() == count, found.size() + " records instead of " + count);
        return found;
    }

    /** Each compression, plain and idempotent, and found by time. */
    private static void records(String address) throws Exception {
        for (var codec : CODECS) {
            var topic = "records-" + codec;
            topic(address, topic);
            try (var producer =
                            producer(address, "compression.type", codec, "enable.idempotence", true, "acks", "all");
                    var consumer = consumer(address)) {
                var sent = new ArrayList<Future<RecordMetadata>>();
                for (var i = 0; i < COUNT; i++) {
                    var record = new ProducerRecord<>(topic, 1, 1000L + i, "key", "value " + i);
                    record.headers().add("number", new byte[] {(byte) i});
                    sent.add(producer.send(record));
                }
                for (var i = 0; i < COUNT; i++) {
                    require(sent.get(i).get().offset() == i, sent.get(i).get());
                }
                var partition = new TopicPartition(topic, 1);
                consumer.assign(List.of(partition));
                consumer.seekToBeginning(List.of(partition));
                require(read(consumer, COUNT).get(COUNT - 1).equals("value " + (COUNT - 1)), codec);
                var found = consumer.offsetsForTimes(Map.of(partition, 1042L)).get(partition);
                require(found.offset() == 42, found);
                require(consumer.endOffsets(List.of(partition)).get(partition) == COUNT, "end");
            }
        }
    }

    /** Two members share, one goes, the other takes over and goes on where the first one has committed. */
    private static void groups(String address) throws Exception {
        topic(address, "shared");
        try (var producer = producer(address)) {
            for (var i = 0; i < COUNT; i++) {
                producer.send(new ProducerRecord<>("shared", i % PARTITIONS, "key", "value " + i));
            }
        }
        try (var one = member(address)) {
            require(new HashSet<>(read(one, COUNT)).size() == COUNT, "each once");
            one.commitSync();
            try (var two = member(address)) {
                var deadline = System.nanoTime() + WAIT_NS_MAX;
                while (one.assignment().size() != 2 || two.assignment().size() != 2) {
                    require(one.poll(POLL).isEmpty() && two.poll(POLL).isEmpty(), "read twice");
                    require(System.nanoTime() < deadline, one.assignment() + " and " + two.assignment());
                }
            }
            var deadline = System.nanoTime() + WAIT_NS_MAX;
            while (one.assignment().size() != PARTITIONS) {
                require(one.poll(POLL).isEmpty(), "read twice");
                require(System.nanoTime() < deadline, one.assignment());
            }
            try (var producer = producer(address)) {
                producer.send(new ProducerRecord<>("shared", 3, "key", "one more"))
                        .get();
            }
            require(read(one, 1).equals(List.of("one more")), "where it was left");
            one.commitSync();
        }
    }

    private static KafkaConsumer<String, String> member(String address) {
        var consumer = consumer(
                address,
                "group.id",
                "sharers",
                "enable.auto.commit",
                false,
                "auto.offset.reset",
                "earliest",
                "heartbeat.interval.ms",
                200);
        consumer.subscribe(List.of("shared"));
        return consumer;
    }

    /** Topics, groups and positions, as an operator has them. After the groups. */
    private static void operators(String address) throws Exception {
        try (var admin = AdminClient.create(config(address))) {
            topic(address, "operated");
            require(admin.listTopics().names().get().containsAll(Set.of("operated", "shared")), "listed");
            require(described(admin, "operated").contains("operated"), "described");
            require(admin.describeCluster().nodes().get().size() == 1, "one node");
            var positions = admin.listConsumerGroupOffsets("sharers")
                    .partitionsToOffsetAndMetadata()
                    .get();
            require(positions.get(new TopicPartition("shared", 3)).offset() == COUNT / PARTITIONS + 1, positions);
            var group = admin.describeConsumerGroups(List.of("sharers"))
                    .describedGroups()
                    .get("sharers")
                    .get();
            require(group.members().isEmpty(), group);
            admin.deleteConsumerGroups(List.of("sharers")).all().get();
            admin.deleteTopics(List.of("operated")).all().get();
            require(!admin.listTopics().names().get().contains("operated"), "deleted");
        }
    }

    /** The same question under the name that it has in this version. */
    private static String described(AdminClient admin, String topic) throws Exception {
        var result = admin.describeTopics(List.of(topic));
        for (var name : List.of("allTopicNames", "all")) {
            try {
                var answer = result.getClass().getMethod(name).invoke(result);
                return ((KafkaFuture<?>) answer).get().toString();
            } catch (NoSuchMethodException e) {
                continue;
            }
        }
        throw new AssertionError("no way to see what was described");
    }

    /** Two topics and a position, together or not at all; another life ends the one before. */
    private static void transactions(String address) throws Exception {
        topic(address, "together");
        var position = Map.of(new TopicPartition("together", 3), new OffsetAndMetadata(7));
        try (var producer = producer(address, "transactional.id", "tx")) {
            producer.initTransactions();
            producer.beginTransaction();
            send(producer, "committed");
            commitPosition(producer, position);
            producer.commitTransaction();
            producer.beginTransaction();
            send(producer, "aborted");
            producer.flush();
            producer.abortTransaction();
            producer.beginTransaction();
            send(producer, "committed later");
            producer.flush();
            try (var next = producer(address, "transactional.id", "tx")) {
                next.initTransactions();
                fenced(producer);
                next.beginTransaction();
                send(next, "of the next life");
                next.commitTransaction();
            }
        }
        try (var reader = consumer(
                address,
                "group.id",
                "together",
                "isolation.level",
                "read_committed",
                "auto.offset.reset",
                "earliest")) {
            reader.assign(List.of(new TopicPartition("together", 0), new TopicPartition("together", 1)));
            var found = read(reader, 4);
            Collections.sort(found);
            require(found.equals(List.of("committed", "committed", "of the next life", "of the next life")), found);
            require(reader.position(new TopicPartition("together", 0)) >= 4, "behind the last marker");
        }
        try (var admin = AdminClient.create(config(address))) {
            var positions = admin.listConsumerGroupOffsets("together")
                    .partitionsToOffsetAndMetadata()
                    .get();
            require(positions.get(new TopicPartition("together", 3)).offset() == 7, positions);
        }
    }

    private static void send(KafkaProducer<String, String> producer, String value) {
        producer.send(new ProducerRecord<>("together", 0, "k", value));
        producer.send(new ProducerRecord<>("together", 1, "k", value));
    }

    private static void fenced(KafkaProducer<String, String> producer) {
        try {
            producer.commitTransaction();
        } catch (RuntimeException e) {
            return;
        }
        throw new AssertionError("the life before could commit");
    }

    /** By the name of the group in old clients, by what the consumer knows of it in new ones. */
    private static void commitPosition(
            KafkaProducer<String, String> producer, Map<TopicPartition, OffsetAndMetadata> position) throws Exception {
        for (var method : KafkaProducer.class.getMethods()) {
            if (method.getName().equals("sendOffsetsToTransaction")) {
                var type = method.getParameterTypes()[1];
                var group = type == String.class
                        ? "together"
                        : type.getConstructor(String.class).newInstance("together");
                method.invoke(producer, position, group);
                return;
            }
        }
        throw new AssertionError("no way to commit a position");
    }
}
