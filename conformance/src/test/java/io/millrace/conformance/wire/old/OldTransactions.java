package io.millrace.conformance.wire.old;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A course of transactions; takes the address of a node and gives what was seen on the way, one line each. */
public final class OldTransactions implements Function<String, List<String>> {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final TopicPartition IN = new TopicPartition("in", 0);
    private static final String ID = "old";

    private final List<String> seen = new ArrayList<>();

    @Override
    public List<String> apply(String address) {
        // The class itself tells; the version that the client logs is a resource, which any class loader may have
        // found.
        String jar = KafkaProducer.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath();
        seen.add(jar.substring(jar.lastIndexOf('/') + 1));
        try (KafkaProducer<String, String> producer = producer(address)) {
            producer.initTransactions();
            end(producer, "a", true);
            end(producer, "b", false);
            end(producer, "c", true);
            copy(address, producer);
            producer.beginTransaction();
            send(producer, "lost");
            try (KafkaProducer<String, String> next = producer(address)) {
                next.initTransactions();
                end(next, "d", true);
            }
            try {
                producer.commitTransaction();
                seen.add("the old producer was not fenced");
            } catch (ProducerFencedException e) {
                seen.add("fenced");
            }
        }
        seen.add("committed " + read(address, "out", 4));
        return seen;
    }

    private static Map<String, Object> config(String address) {
        Map<String, Object> config = new HashMap<>();
        config.put("bootstrap.servers", address);
        return config;
    }

    private static KafkaProducer<String, String> producer(String address) {
        Map<String, Object> config = config(address);
        config.put("transactional.id", ID);
        return new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
    }

    private static KafkaConsumer<String, String> consumer(String address) {
        Map<String, Object> config = config(address);
        config.put("group.id", "old-copiers");
        config.put("isolation.level", "read_committed");
        config.put("auto.offset.reset", "earliest");
        config.put("enable.auto.commit", false);
        return new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
    }

    private static void send(KafkaProducer<String, String> producer, String value) {
        try {
            producer.send(new ProducerRecord<>("out", 0, "k", value)).get();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void end(KafkaProducer<String, String> producer, String value, boolean commit) {
        producer.beginTransaction();
        send(producer, value);
        if (commit) {
            producer.commitTransaction();
        } else {
            producer.abortTransaction();
        }
    }

    /** Reads what the test has written to one topic and writes it to the other, with the position. */
    private void copy(String address, KafkaProducer<String, String> producer) {
        try (KafkaConsumer<String, String> consumer = consumer(address)) {
            consumer.subscribe(List.of("in"));
            List<String> values = new ArrayList<>();
            while (values.isEmpty()) {
                consumer.poll(POLL).forEach(record -> values.add(record.value()));
            }
            producer.beginTransaction();
            values.forEach(value -> send(producer, "copy of " + value));
            producer.sendOffsetsToTransaction(Map.of(IN, new OffsetAndMetadata(1)), consumer.groupMetadata());
            producer.commitTransaction();
            seen.add("position " + consumer.committed(Set.of(IN)).get(IN).offset());
        }
    }

    private static List<String> read(String address, String topic, int count) {
        try (KafkaConsumer<String, String> consumer = consumer(address)) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            List<String> values = new ArrayList<>();
            while (values.size() < count) {
                consumer.poll(POLL).forEach(record -> values.add(record.value()));
            }
            consumer.poll(POLL).forEach(record -> values.add(record.value()));
            return values;
        }
    }
}
