package io.millrace.conformance.stock;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** A member of a group that copies the numbers, exactly once: records and positions in one transaction (KIP-447). */
final class CopyingLoad extends Load {

    static final String TOPIC = "copies";
    static final String GROUP = "copiers";

    private static final Duration POLL = Duration.ofMillis(50);
    private static final int TRANSACTION_MS = 10_000;
    private static final int SESSION_MS = 6_000;
    private static final int HEARTBEAT_MS = 500;

    private final String name;
    private final String groupProtocol;

    /** @param groupProtocol {@code classic} or {@code consumer} (KIP-848) */
    CopyingLoad(String bootstrap, String name, String groupProtocol) {
        super("copier " + name, bootstrap);
        this.name = name;
        this.groupProtocol = groupProtocol;
    }

    @Override
    protected void run() {
        while (!isStopping()) {
            try (var consumer = consumer(membership());
                    var producer = producer(Map.of(
                            ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                            "copier-" + name,
                            ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                            TRANSACTION_MS))) {
                producer.initTransactions();
                consumer.subscribe(List.of(IdempotentLoad.TOPIC));
                while (!isStopping()) {
                    copy(consumer, producer);
                }
            } catch (KafkaException e) {
                // Begins again from the committed positions, with a new producer that fences this one.
            }
        }
    }

    private Map<String, Object> membership() {
        var config = new HashMap<String, Object>();
        config.put(ConsumerConfig.GROUP_ID_CONFIG, GROUP);
        config.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, groupProtocol);
        if (groupProtocol.equals("classic")) {
            config.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_MS);
            config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, HEARTBEAT_MS);
        }
        return config;
    }

    private static void copy(KafkaConsumer<String, String> consumer, KafkaProducer<String, String> producer) {
        var records = consumer.poll(POLL);
        if (records.isEmpty()) {
            return;
        }
        producer.beginTransaction();
        records.forEach(record -> producer.send(new ProducerRecord<>(TOPIC, record.partition(), null, record.value())));
        producer.sendOffsetsToTransaction(positionsAfter(records), consumer.groupMetadata());
        producer.commitTransaction();
    }

    private static Map<TopicPartition, OffsetAndMetadata> positionsAfter(ConsumerRecords<String, String> records) {
        return records.nextOffsets();
    }
}
