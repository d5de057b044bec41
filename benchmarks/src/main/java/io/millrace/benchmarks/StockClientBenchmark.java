package io.millrace.benchmarks;

import io.millrace.benchmarks.WireTable.Round;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * W1: Kafka's Java client at its defaults ({@code acks=all}, idempotent) against Millrace and Apache Kafka in turn. Each round
 * produces as fast as it goes while a consumer follows the tail, reads everything again from the start, and then produces at
 * half the rate with intended send times for the latency. A round with lost or changed records is an error.
 *
 * <p>Arguments: see {@link WireOptions}.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the callback is told
public final class StockClientBenchmark {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final double HALF = 0.5;
    /** After so long without a record a round has failed: the producer's own patience is two minutes. */
    private static final long SILENCE_NS_MAX = 150_000_000_000L;

    private static final long LATENCY_NS_MAX = 60_000_000_000L;

    private final int bytes;
    private final int partitions;
    private final long count;

    private StockClientBenchmark(int bytes, int partitions, long count) {
        this.bytes = bytes;
        this.partitions = partitions;
        this.count = count;
    }

    public static void main(String[] args) throws Exception {
        WireOptions options = WireOptions.of(args);
        System.out.println("W1, " + options.title() + "\n");
        WireTable.printHead();
        for (int partitions : options.partitions()) {
            for (int bytes : options.recordBytes()) {
                long count = options.records(bytes);
                var benchmark = new StockClientBenchmark(bytes, partitions, count);
                new WireRace(options).run(partitions, count + benchmark.latencyCount(), benchmark::round);
            }
        }
    }

    /** Fixed, so that the number of records in a topic is known; the rate decides how long it takes. */
    private long latencyCount() {
        return count / 4;
    }

    private void round(WireSystem system, String topic, WireTable table) throws Exception {
        String kind = bytes + " B, " + partitions + " partitions: ";
        Round produced = produceAndFollow(system, topic, kind, table);
        double cpu = system.cpuSeconds();
        double seconds = consume(system, topic, new AtomicReference<>());
        table.add(kind + "consume again", Round.of(count, count * bytes, seconds, system.cpuSeconds() - cpu));
        table.add(kind + "produce at half load", paced(system, topic, HALF * produced.recordsPerSecond()));
    }

    private Round produceAndFollow(WireSystem system, String topic, String kind, WireTable table) throws Exception {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread follower = new Thread(() -> {
            try {
                consume(system, topic, failure);
            } catch (Exception e) {
                failure.set(e);
            }
        });
        follower.start();
        double cpu = system.cpuSeconds();
        long start = System.nanoTime();
        double producedSeconds;
        try (KafkaProducer<byte[], byte[]> producer = producer(system)) {
            for (long i = 0; i < count; i++) {
                producer.send(record(topic, i), (sent, problem) -> {
                    if (problem != null) {
                        failure.set(problem);
                    }
                });
            }
            producer.flush();
            producedSeconds = (System.nanoTime() - start) / 1e9;
        }
        follower.join();
        double seconds = (System.nanoTime() - start) / 1e9;
        if (failure.get() != null) {
            throw new IOException("a round failed on " + system.name(), failure.get());
        }
        double spent = system.cpuSeconds() - cpu;
        Round round = Round.of(count, count * bytes, producedSeconds, spent);
        table.add(kind + "produce, tail consumed", round);
        table.add(kind + "tail consumer", Round.of(count, count * bytes, seconds, spent));
        return round;
    }

    private KafkaProducer<byte[], byte[]> producer(WireSystem system) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", system.address()), new ByteArraySerializer(), new ByteArraySerializer());
    }

    private ProducerRecord<byte[], byte[]> record(String topic, long number) {
        byte[] value = new byte[bytes];
        Trees.putLong(value, number);
        return new ProducerRecord<>(topic, (int) (number % partitions), null, value);
    }

    /** Reads from the start until all records were there, or writing them has failed; their numbers must sum up. */
    private double consume(WireSystem system, String topic, AtomicReference<Throwable> failure) throws IOException {
        List<TopicPartition> all = IntStream.range(0, partitions)
                .mapToObj(i -> new TopicPartition(topic, i))
                .toList();
        Map<String, Object> config = Map.of("bootstrap.servers", system.address(), "auto.offset.reset", "earliest");
        long start = System.nanoTime();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(all);
            consumer.seekToBeginning(all);
            long found = 0;
            long sum = 0;
            long foundAt = System.nanoTime();
            while (found < count && failure.get() == null) {
                long before = found;
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    sum += Trees.readLong(record.value(), 0);
                    found++;
                }
                if (found > before) {
                    foundAt = System.nanoTime();
                } else if (System.nanoTime() - foundAt > SILENCE_NS_MAX) {
                    break;
                }
            }
            if (found != count || sum != count * (count - 1) / 2) {
                throw new IOException(system.name() + " gave " + found + " records of " + count + ", sum " + sum);
            }
        }
        return (System.nanoTime() - start) / 1e9;
    }

    /** Open loop: latency counts from when a record should have been sent. */
    private Round paced(WireSystem system, String topic, double rate) throws Exception {
        Histogram latency = new ConcurrentHistogram(LATENCY_NS_MAX, 3);
        AtomicReference<Exception> failure = new AtomicReference<>();
        double cpu = system.cpuSeconds();
        long total = latencyCount();
        long start = System.nanoTime();
        try (KafkaProducer<byte[], byte[]> producer = producer(system)) {
            producer.partitionsFor(topic);
            start = System.nanoTime();
            for (long i = 0; i < total; i++) {
                long intended = start + (long) (i / rate * 1e9);
                while (System.nanoTime() < intended) {
                    LockSupport.parkNanos(intended - System.nanoTime());
                }
                producer.send(record(topic, i), (sent, problem) -> {
                    if (problem == null) {
                        latency.recordValue(Math.min(LATENCY_NS_MAX, System.nanoTime() - intended));
                    } else {
                        failure.set(problem);
                    }
                });
            }
            producer.flush();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        if (failure.get() != null) {
            throw new IOException("a paced round failed on " + system.name(), failure.get());
        }
        double p99Ms = latency.getValueAtPercentile(99) / 1e6;
        return new Round(total, total * bytes, seconds, system.cpuSeconds() - cpu, p99Ms);
    }
}
