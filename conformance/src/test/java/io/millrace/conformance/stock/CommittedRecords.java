package io.millrace.conformance.stock;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** What a read-committed consumer finds in a topic. */
final class CommittedRecords {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration WAIT_MAX = Duration.ofMinutes(2);

    /** How long nothing more must come, after as many as were expected have come: a repeated one would come now. */
    private static final Duration QUIET = Duration.ofSeconds(1);

    private CommittedRecords() {}

    /**
     * Reads until there are as many records as expected, and then until no more come.
     *
     * @param goesOn whether there is still somebody who writes; if not, gives what there is
     */
    static List<ConsumerRecord<String, String>> read(
            String address, String topic, int expected, BooleanSupplier goesOn) {
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of(
                        "bootstrap.servers",
                        address,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
            var partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var records = new ArrayList<ConsumerRecord<String, String>>();
            var endNs = System.nanoTime() + WAIT_MAX.toNanos();
            var quietSinceNs = System.nanoTime();
            while (System.nanoTime() < endNs && goesOn.getAsBoolean()) {
                var polled = consumer.poll(POLL);
                polled.forEach(records::add);
                if (!polled.isEmpty()) {
                    quietSinceNs = System.nanoTime();
                } else if (records.size() >= expected && System.nanoTime() - quietSinceNs > QUIET.toNanos()) {
                    break;
                }
            }
            return records;
        }
    }
}
