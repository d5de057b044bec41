package io.millrace.conformance.stock;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Writes numbers, in order per partition, with an idempotent producer. */
final class IdempotentLoad extends Load {

    static final String TOPIC = "numbers";

    private static final int AT_ONCE = 20;
    private static final long PAUSE_NS = 5_000_000;

    private final int partitions;

    /** Per partition and offset, as acknowledged. */
    private final Map<Integer, Map<Long, String>> acknowledged = new ConcurrentHashMap<>();

    private volatile int sent;

    IdempotentLoad(String bootstrap, int partitions) {
        super("idempotent producer", bootstrap);
        this.partitions = partitions;
    }

    @Override
    protected void run() {
        try (var producer = producer(Map.of())) {
            for (var next = 0; !isStopping(); ) {
                for (var i = 0; i < AT_ONCE; i++) {
                    send(producer, next++);
                }
                sent = next;
                LockSupport.parkNanos(PAUSE_NS);
            }
            producer.flush();
        }
    }

    private void send(org.apache.kafka.clients.producer.KafkaProducer<String, String> producer, int number) {
        var value = Integer.toString(number);
        producer.send(new ProducerRecord<>(TOPIC, number % partitions, null, value), (metadata, e) -> {
            if (e != null) {
                fail(e);
            } else {
                acknowledged
                        .computeIfAbsent(metadata.partition(), id -> new ConcurrentHashMap<>())
                        .put(metadata.offset(), value);
            }
        });
    }

    /** How many were sent; after the end all of them are acknowledged. */
    int sent() {
        return sent;
    }

    /** What was acknowledged at which offset. */
    Map<Long, String> acknowledged(int partition) {
        return new TreeMap<>(acknowledged.getOrDefault(partition, Map.of()));
    }

    /** What a partition must hold. */
    List<String> expected(int partition) {
        return java.util.stream.IntStream.range(0, sent)
                .filter(number -> number % partitions == partition)
                .mapToObj(Integer::toString)
                .toList();
    }
}
