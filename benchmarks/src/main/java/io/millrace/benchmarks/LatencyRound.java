package io.millrace.benchmarks;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * One round of J8: sends records at a steady rate, whatever becomes of them, and notes when each comes out. Every one has to, once
 * and in order.
 */
final class LatencyRound {

    private static final int VALUE_BYTES = 100;
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long END_SECONDS_MAX = 60;
    private static final TopicPartition OUTPUT = new TopicPartition(LatencyJob.OUTPUT, 0);

    private final String bootstrap;
    private final int records;
    private final long intervalNs;
    private final Histogram latencyNs = new Histogram(TimeUnit.MINUTES.toNanos(2), 3);
    private final CountDownLatch positioned = new CountDownLatch(1);
    private final AtomicReference<RuntimeException> failure = new AtomicReference<>();

    private LatencyRound(String bootstrap, int rate, int seconds) {
        this.bootstrap = bootstrap;
        this.records = rate * seconds;
        this.intervalNs = TimeUnit.SECONDS.toNanos(1) / rate;
    }

    /** The latencies of a round, in ns. */
    static Histogram run(String bootstrap, int rate, int seconds) throws InterruptedException {
        LatencyRound round = new LatencyRound(bootstrap, rate, seconds);
        Thread reader = new Thread(round::readOrFail, "reader");
        reader.start();
        round.positioned.await();
        round.send();
        reader.join();
        RuntimeException failure = round.failure.get();
        if (failure != null) {
            throw failure;
        }
        return round.latencyNs;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what is lost is missed by the reader
    private void send() {
        Map<String, Object> config = Map.of("bootstrap.servers", bootstrap, "linger.ms", 0);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.partitionsFor(LatencyJob.INPUT);
            long startNs = System.nanoTime();
            for (int i = 0; i < records; i++) {
                long meantNs = startNs + i * intervalNs;
                for (long early = meantNs - System.nanoTime(); early > 0; early = meantNs - System.nanoTime()) {
                    LockSupport.parkNanos(early);
                }
                byte[] value = ByteBuffer.allocate(VALUE_BYTES)
                        .putInt(i)
                        .putLong(meantNs)
                        .array();
                producer.send(new ProducerRecord<>(LatencyJob.INPUT, 0, null, value));
            }
        }
    }

    private void readOrFail() {
        try {
            read();
        } catch (RuntimeException e) {
            failure.set(e);
        } finally {
            positioned.countDown();
        }
    }

    private void read() {
        Map<String, Object> config = Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(OUTPUT));
            consumer.seekToEnd(List.of(OUTPUT));
            consumer.position(OUTPUT);
            consumer.poll(Duration.ZERO);
            positioned.countDown();
            long lastNs = System.nanoTime();
            int seen = 0;
            while (seen < records) {
                for (var record : consumer.poll(POLL)) {
                    lastNs = System.nanoTime();
                    ByteBuffer value = ByteBuffer.wrap(record.value());
                    int number = value.getInt();
                    if (number != seen) {
                        throw new IllegalStateException("record " + number + " came out, " + seen + " was next");
                    }
                    seen++;
                    latencyNs.recordValue(Math.max(0, lastNs - value.getLong()));
                }
                if (System.nanoTime() - lastNs > TimeUnit.SECONDS.toNanos(END_SECONDS_MAX)) {
                    throw new IllegalStateException("only " + seen + " of " + records + " records came out");
                }
            }
        }
    }
}
