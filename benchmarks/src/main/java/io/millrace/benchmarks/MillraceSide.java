package io.millrace.benchmarks;

import io.millrace.client.FetchResult;
import io.millrace.client.IsolationLevel;
import io.millrace.client.LogClient;
import io.millrace.client.NewTopic;
import io.millrace.client.Producer;
import io.millrace.client.ProducerOptions;
import io.millrace.client.Subscription;
import io.millrace.client.TopicPartition;
import io.millrace.node.NodeConfig;
import io.millrace.record.Compression;
import io.millrace.record.Header;
import io.millrace.record.RecordBatch;
import io.millrace.record.RecordBatchBuilder;
import io.millrace.record.RecordCursor;
import io.millrace.record.TimestampType;
import io.millrace.streams.Aggregate;
import io.millrace.streams.Aggregates;
import io.millrace.streams.Emit;
import io.millrace.streams.Job;
import io.millrace.streams.JoinWindows;
import io.millrace.streams.KeyValue;
import io.millrace.streams.Millrace;
import io.millrace.streams.Topic;
import io.millrace.streams.Topology;
import io.millrace.streams.Windows;
import io.millrace.streams.codec.Codecs;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;

/** The workloads on an embedded Millrace, exactly-once, everything at its default. */
final class MillraceSide implements SystemUnderTest {

    private static final int BATCH_BYTES = 256 * 1024;
    private static final Header[] NO_HEADERS = {};
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Workload workload;
    private final long count;
    private final Millrace millrace;
    private int rounds;

    MillraceSide(Workload workload, long count, Path directory, boolean disk) {
        this.workload = workload;
        this.count = count;
        NodeConfig config = NodeConfig.DEFAULT
                .withTopicDefault("durability", disk ? "disk" : "os")
                .withTopicDefault("retention.ms", "-1")
                .withTopicDefault("message.timestamp.after.max.ms", Long.toString(Long.MAX_VALUE));
        this.millrace = Millrace.open(directory, config);
        load();
    }

    @Override
    public Round run() throws Exception {
        String output = Workload.OUTPUT + "-" + ++rounds;
        long pid = ProcessHandle.current().pid();
        double seconds;
        double cpu;
        try (Job job = millrace.start(topology(output))) {
            job.awaitRunning(PATIENCE);
            double cpuBefore = ProcessCpu.secondsOf(pid);
            long startNs = System.nanoTime();
            job.awaitInputDrained(PATIENCE);
            seconds = (System.nanoTime() - startNs) / 1e9;
            cpu = ProcessCpu.secondsOf(pid) - cpuBefore;
        }
        long records = workload == Workload.J6 ? count * 4 : count;
        return new Round(records, seconds, cpu, hashOf(output));
    }

    @Override
    public void close() {
        millrace.close();
    }

    private Topology topology(String output) {
        var job = Topology.define("bench-" + rounds);
        var input = Topic.of(Workload.INPUT, Codecs.longs(), Codecs.bytes());
        switch (workload) {
            case J1 ->
                job.stream(input)
                        .filter((key, value) -> Workload.keeps(value))
                        .mapValues(Workload::mapped)
                        .to(Topic.of(output, Codecs.longs(), Codecs.bytes()));
            case J2 ->
                job.stream(input).groupByKey().count().toStream().to(Topic.of(output, Codecs.longs(), Codecs.longs()));
            case J3 ->
                job.stream(input)
                        .groupByKey()
                        .windowed(Windows.tumbling(Duration.ofMillis(Workload.WINDOW_MS)))
                        .emit(Emit.onWindowClose())
                        .aggregate(countAndSum())
                        .toStream()
                        .map((window, pair) -> KeyValue.of(
                                ByteBuffer.allocate(16)
                                        .putLong(window.key())
                                        .putLong(window.startMs())
                                        .array(),
                                pair))
                        .to(Topic.of(output, Codecs.bytes(), Codecs.bytes()));
            case J4 ->
                job.stream(input)
                        .join(
                                job.stream(Topic.of(Workload.RIGHT, Codecs.longs(), Codecs.bytes())),
                                Workload::joined,
                                JoinWindows.within(Duration.ofMillis(Workload.JOIN_MS)))
                        .to(Topic.of(output, Codecs.longs(), Codecs.bytes()));
            case J6 ->
                job.stream(Topic.of(Workload.INPUT, Codecs.longs(), Codecs.string()))
                        .flatMapValues(line -> List.of(line.split(" ")))
                        .groupBy((key, word) -> word)
                        .count()
                        .toStream()
                        .to(Topic.of(output, Codecs.string(), Codecs.longs()));
        }
        return job.build();
    }

    /** Two numbers per window, as 16 bytes in the output. */
    private static Aggregate<Long, byte[], ?, byte[]> countAndSum() {
        return Aggregates.allOf(
                Aggregates.<Long, byte[]>counting(),
                Aggregates.<Long, byte[]>summingLong(Workload::number),
                (records, sum) ->
                        ByteBuffer.allocate(16).putLong(records).putLong(sum).array());
    }

    private void load() {
        Thread owner = Thread.currentThread();
        try (LogClient client = millrace.client(() -> LockSupport.unpark(owner))) {
            for (String topic : workload.inputs()) {
                Answers.await(client, client.createTopic(new NewTopic(topic, Workload.PARTITIONS)));
            }
            try (Producer producer = client.openProducer(ProducerOptions.idempotent())) {
                Answers.await(client, producer.ready());
                Map<TopicPartition, RecordBatchBuilder> open = new HashMap<>();
                workload.generate(count, (topic, partition, key, value, timestampMs) -> {
                    TopicPartition id = new TopicPartition(topic, partition);
                    RecordBatchBuilder builder = open.computeIfAbsent(
                            id,
                            any -> new RecordBatchBuilder(Compression.NONE, TimestampType.CREATE_TIME, BATCH_BYTES));
                    if (!builder.append(timestampMs, key, value, NO_HEADERS)) {
                        Answers.await(client, producer.append(id, builder));
                        builder.reset();
                        builder.append(timestampMs, key, value, NO_HEADERS);
                    }
                });
                open.forEach((id, builder) -> Answers.await(client, producer.append(id, builder)));
            }
        }
    }

    private long hashOf(String output) {
        OutputHash hash = new OutputHash(workload);
        RecordCursor cursor = new RecordCursor();
        try (LogClient client = millrace.client();
                Subscription subscription = client.openSubscription(IsolationLevel.READ_COMMITTED, 4 * BATCH_BYTES)) {
            for (int partition = 0; partition < Workload.PARTITIONS; partition++) {
                TopicPartition id = new TopicPartition(output, partition);
                subscription.seek(id, 0);
                long end = subscription.ends(id).lastStableOffset();
                while (subscription.position(id) < end) {
                    if (subscription.fetch(id) instanceof FetchResult.Fetched fetched) {
                        for (RecordBatch batch : fetched.batches()) {
                            cursor.wrap(batch);
                            while (cursor.next()) {
                                hash.add(Objects.requireNonNull(cursor.key()), Objects.requireNonNull(cursor.value()));
                            }
                        }
                    }
                }
            }
        }
        return hash.value();
    }
}
