package io.millrace.benchmarks;

import io.millrace.benchmarks.peer.KafkaBroker;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.JoinWindows;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.StreamJoined;
import org.apache.kafka.streams.kstream.Suppressed;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.state.WindowStore;
import org.jspecify.annotations.Nullable;

/**
 * The workloads on Kafka Streams, exactly-once v2, beside a broker of its own. Everything is at its default but what a fair
 * comparison on one small machine needs: commits every 100 ms (its default under exactly-once), one thread per two cores.
 */
final class KafkaSide implements SystemUnderTest {

    private static final long POLL_NS = 20_000_000;

    private final Workload workload;
    private final long count;
    private final Path directory;
    private final KafkaBroker broker;
    private final Admin admin;
    private int rounds;

    KafkaSide(Workload workload, long count, Path directory, boolean disk) throws Exception {
        this.workload = workload;
        this.count = count;
        this.directory = directory;
        this.broker = KafkaBroker.start(directory, disk);
        this.admin = Admin.create(Map.of("bootstrap.servers", broker.address()));
        load();
    }

    @Override
    public Round run() throws Exception {
        String output = Workload.OUTPUT + "-" + ++rounds;
        create(output);
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "bench-" + rounds);
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, broker.address());
        config.put(
                StreamsConfig.STATE_DIR_CONFIG,
                directory.resolve("state-" + rounds).toString());
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        config.put(
                StreamsConfig.NUM_STREAM_THREADS_CONFIG,
                Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
        config.put(StreamsConfig.topicPrefix("retention.ms"), "-1");
        config.put(StreamsConfig.consumerPrefix("auto.offset.reset"), "earliest");
        try (KafkaStreams streams = new KafkaStreams(topology(output).build(), config)) {
            streams.start();
            while (streams.state() != KafkaStreams.State.RUNNING) {
                LockSupport.parkNanos(1_000_000);
            }
            double cpuBefore =
                    ProcessCpu.secondsOf(broker.pid(), ProcessHandle.current().pid());
            long startNs = System.nanoTime();
            while (!isDone("bench-" + rounds)) {
                LockSupport.parkNanos(POLL_NS);
            }
            double seconds = (System.nanoTime() - startNs) / 1e9;
            double cpu =
                    ProcessCpu.secondsOf(broker.pid(), ProcessHandle.current().pid()) - cpuBefore;
            streams.close(Duration.ofSeconds(30));
            long records = workload == Workload.J6 ? count * 4 : count;
            return new Round(records, seconds, cpu, hashOf(output));
        }
    }

    @Override
    public void close() {
        admin.close();
        broker.close();
    }

    private StreamsBuilder topology(String output) {
        StreamsBuilder builder = new StreamsBuilder();
        Serde<byte[]> bytes = Serdes.ByteArray();
        Consumed<Long, byte[]> longKeys = Consumed.with(Serdes.Long(), bytes);
        switch (workload) {
            case J1 ->
                builder.stream(Workload.INPUT, longKeys)
                        .filter((key, value) -> Workload.keeps(value))
                        .mapValues(Workload::mapped)
                        .to(output, Produced.with(Serdes.Long(), bytes));
            case J2 ->
                builder.stream(Workload.INPUT, longKeys)
                        .groupByKey(Grouped.with(Serdes.Long(), bytes))
                        .count(Materialized.with(Serdes.Long(), Serdes.Long()))
                        .toStream()
                        .to(output, Produced.with(Serdes.Long(), Serdes.Long()));
            case J3 ->
                builder.stream(Workload.INPUT, longKeys)
                        .groupByKey(Grouped.with(Serdes.Long(), bytes))
                        .windowedBy(TimeWindows.ofSizeWithNoGrace(Duration.ofMillis(Workload.WINDOW_MS)))
                        .aggregate(
                                () -> new byte[16],
                                (key, value, pair) -> ByteBuffer.allocate(16)
                                        .putLong(ByteBuffer.wrap(pair).getLong(0) + 1)
                                        .putLong(ByteBuffer.wrap(pair).getLong(8) + Workload.number(value))
                                        .array(),
                                Materialized.<Long, byte[], WindowStore<Bytes, byte[]>>with(Serdes.Long(), bytes))
                        .suppress(Suppressed.untilWindowCloses(Suppressed.BufferConfig.unbounded()))
                        .toStream()
                        .map((window, pair) -> new org.apache.kafka.streams.KeyValue<>(
                                ByteBuffer.allocate(16)
                                        .putLong(window.key())
                                        .putLong(window.window().start())
                                        .array(),
                                pair))
                        .to(output, Produced.with(bytes, bytes));
            case J4 -> {
                KStream<Long, byte[]> right = builder.stream(Workload.RIGHT, longKeys);
                builder.stream(Workload.INPUT, longKeys)
                        .join(
                                right,
                                Workload::joined,
                                JoinWindows.ofTimeDifferenceWithNoGrace(Duration.ofMillis(Workload.JOIN_MS)),
                                StreamJoined.with(Serdes.Long(), bytes, bytes))
                        .to(output, Produced.with(Serdes.Long(), bytes));
            }
            case J6 ->
                builder.stream(Workload.INPUT, Consumed.with(Serdes.Long(), Serdes.String()))
                        .flatMapValues(line -> List.of(line.split(" ")))
                        .groupBy((key, word) -> word, Grouped.with(Serdes.String(), Serdes.String()))
                        .count(Materialized.with(Serdes.String(), Serdes.Long()))
                        .toStream()
                        .to(output, Produced.with(Serdes.String(), Serdes.Long()));
        }
        return builder;
    }

    private void create(String topic) throws Exception {
        // Event times lie years back: without this the broker would delete the input while it is being read.
        NewTopic created = new NewTopic(topic, Workload.PARTITIONS, (short) 1).configs(Map.of("retention.ms", "-1"));
        admin.createTopics(List.of(created)).all().get();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback checks it
    private void load() throws Exception {
        for (String topic : workload.inputs()) {
            create(topic);
        }
        Map<String, Object> config =
                Map.of("bootstrap.servers", broker.address(), "linger.ms", 20, "batch.size", 256 * 1024);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            workload.generate(
                    count,
                    (topic, partition, key, value, timestampMs) -> producer.send(
                            new ProducerRecord<>(topic, partition, timestampMs, key, value), KafkaSide::requireSent));
        }
    }

    private static void requireSent(RecordMetadata metadata, @Nullable Exception failure) {
        if (failure != null) {
            throw new IllegalStateException("the input could not be loaded into " + metadata.topic(), failure);
        }
    }

    /** Whether every input, repartition topics included, has been consumed and committed. */
    private boolean isDone(String application) throws Exception {
        var committed = admin.listConsumerGroupOffsets(application)
                .partitionsToOffsetAndMetadata()
                .get();
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : admin.listTopics().names().get()) {
            if (workload.inputs().contains(topic) || topic.startsWith(application) && topic.endsWith("-repartition")) {
                IntStream.range(0, Workload.PARTITIONS).forEach(p -> partitions.add(new TopicPartition(topic, p)));
            }
        }
        Map<TopicPartition, OffsetSpec> latest = new java.util.HashMap<>();
        partitions.forEach(partition -> latest.put(partition, OffsetSpec.latest()));
        var ends = admin.listOffsets(latest).all().get();
        for (var entry : ends.entrySet()) {
            TopicPartition partition = entry.getKey();
            long end = entry.getValue().offset();
            var position = committed.get(partition);
            // A repartition topic ends with a transaction marker, which a position may or may not have passed.
            long markers = partition.topic().endsWith("-repartition") ? 1 : 0;
            if (end > 0 && (position == null || position.offset() < end - markers)) {
                return false;
            }
        }
        return true;
    }

    private long hashOf(String output) {
        OutputHash hash = new OutputHash(workload);
        Map<String, Object> config = Map.of(
                "bootstrap.servers",
                broker.address(),
                "isolation.level",
                "read_committed",
                "enable.auto.commit",
                false);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = IntStream.range(0, Workload.PARTITIONS)
                    .mapToObj(partition -> new TopicPartition(output, partition))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    hash.add(record.key(), record.value());
                }
            }
        }
        return hash.value();
    }
}
