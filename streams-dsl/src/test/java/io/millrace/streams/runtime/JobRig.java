package io.millrace.streams.runtime;

import io.millrace.client.Appended;
import io.millrace.client.LogClient;
import io.millrace.client.NewTopic;
import io.millrace.client.Pending;
import io.millrace.client.Producer;
import io.millrace.client.ProducerOptions;
import io.millrace.client.TopicPartition;
import io.millrace.kernel.DeterministicScheduler;
import io.millrace.kernel.ManualClock;
import io.millrace.kernel.Signal;
import io.millrace.log.MemoryLogStorage;
import io.millrace.node.LogNode;
import io.millrace.node.NodeConfig;
import io.millrace.record.Compression;
import io.millrace.record.Header;
import io.millrace.record.RecordBatchBuilder;
import io.millrace.record.TimestampType;
import io.millrace.store.MemoryBudget;
import io.millrace.streams.JobOptions;
import io.millrace.streams.JobState;
import io.millrace.streams.Topic;
import io.millrace.streams.TopicReader;
import io.millrace.streams.Topology;
import io.millrace.streams.codec.KeyPartitioner;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A log node and one job in memory, in manual time, on zero threads; the process can die at any point and start again. */
final class JobRig {

    final ManualClock clock = new ManualClock(1_700_000_000_000L);
    final MemoryShardStores stores = new MemoryShardStores();
    private static final int BATCH_RECORDS = 1_000;

    private final JobOptions options;
    private final NodeConfig config;
    MemoryLogStorage storage = new MemoryLogStorage();
    DeterministicScheduler scheduler;
    LogNode node;
    LogClient client;
    SteppedJob job;
    EpochHook hook = EpochHook.NONE;
    MemoryBudget memory = MemoryBudget.unbounded();
    private Producer producer;
    private final Random crashes;

    JobRig(JobOptions options, long seed) {
        this(options, NodeConfig.DEFAULT, seed);
    }

    JobRig(JobOptions options, NodeConfig config, long seed) {
        this.options = options;
        this.config = config;
        this.crashes = new Random(seed);
        boot();
    }

    /** Starts the node alone. */
    void boot() {
        node = LogNode.open(storage, config, clock);
        scheduler = DeterministicScheduler.seeded(clock, crashes.nextLong()).addAll(node.agents());
        client = node.newClient(Signal.NONE);
        producer = null;
    }

    /** Power fails: the log keeps what was synced and some of the rest, the stores some earlier state. */
    void crash() {
        storage = storage.crash(crashes.nextLong());
        stores.crash(crashes);
        job = null;
        boot();
    }

    <T> T await(Pending<T> pending) {
        scheduler.runUntil(pending::isDone);
        return pending.value();
    }

    /** A topic that keeps its records for ever, as their event times are long past. */
    void topic(String name, int partitions) {
        await(client.createTopic(new NewTopic(name, partitions, Map.of("retention.ms", "-1"))));
    }

    <K, V> void send(Topic<K, V> topic, int partitions, K key, V value, long timestampMs) {
        byte[] keyBytes = key == null ? null : topic.keys().encode(key);
        int partition = KeyPartitioner.partition(topic.keys(), keyBytes, 0, partitions);
        sendTo(topic, partition, key, value, timestampMs);
    }

    <K, V> void sendTo(Topic<K, V> topic, int partition, K key, V value, long timestampMs) {
        sendRaw(
                new TopicPartition(topic.name(), partition),
                key == null ? null : topic.keys().encode(key),
                value == null ? null : topic.values().encode(value),
                timestampMs);
    }

    void sendRaw(TopicPartition partition, byte[] key, byte[] value, long timestampMs) {
        sendRaw(partition, key, value, timestampMs, scheduler);
    }

    /** Sends a record for each key, in batches. */
    <K, V> void sendKeys(Topic<K, V> topic, int partition, List<K> keys, V value, long timestampMs) {
        for (int from = 0; from < keys.size(); from += BATCH_RECORDS) {
            RecordBatchBuilder batch = new RecordBatchBuilder(Compression.NONE, TimestampType.CREATE_TIME, 1 << 20);
            for (K key : keys.subList(from, Math.min(from + BATCH_RECORDS, keys.size()))) {
                batch.append(
                        timestampMs, topic.keys().encode(key), topic.values().encode(value), Header.NONE);
            }
            send(new TopicPartition(topic.name(), partition), batch, scheduler);
        }
    }

    /** What is sent from now on comes from another producer: the sequences of the last one end with a topic. */
    void changeProducer() {
        producer = null;
    }

    /** Sends a record while the log alone is stepped. */
    <K, V> void sendWhileJobRests(Topic<K, V> topic, int partition, K key, V value, long timestampMs) {
        sendRaw(
                new TopicPartition(topic.name(), partition),
                topic.keys().encode(key),
                topic.values().encode(value),
                timestampMs,
                DeterministicScheduler.roundRobin(clock).addAll(node.agents()));
    }

    private void sendRaw(
            TopicPartition partition, byte[] key, byte[] value, long timestampMs, DeterministicScheduler stepping) {
        RecordBatchBuilder batch = new RecordBatchBuilder(Compression.NONE, TimestampType.CREATE_TIME, 1 << 20);
        batch.append(timestampMs, key, value, Header.NONE);
        send(partition, batch, stepping);
    }

    private void send(TopicPartition partition, RecordBatchBuilder batch, DeterministicScheduler stepping) {
        if (producer == null) {
            producer = client.openProducer(ProducerOptions.idempotent());
            stepping.runUntil(producer.ready()::isDone);
        }
        Pending<Appended> answer = producer.append(partition, batch);
        stepping.runUntil(answer::isDone);
        if (answer.value().baseOffset() < 0) {
            throw new IllegalStateException("not appended");
        }
    }

    /** Adds the job, which does nothing yet. */
    SteppedJob add(Topology topology) {
        return add(topology, options);
    }

    private SteppedJob add(Topology topology, JobOptions options) {
        JobRuntime.Ports ports = new JobRuntime.Ports(
                node::newClient,
                stores,
                () -> new KryoStateTypes(JobRig.class.getClassLoader(), topology.types()),
                memory,
                clock,
                (point, epoch) -> hook.reached(point, epoch));
        job = new SteppedJob(topology, options, ports, scheduler);
        return job;
    }

    SteppedJob start(Topology topology) {
        return start(topology, options);
    }

    SteppedJob start(Topology topology, JobOptions options) {
        return add(topology, options).start();
    }

    /** Starts the job and fails if it does not run. */
    SteppedJob run(Topology topology) {
        start(topology);
        if (job.state() != JobState.RUNNING) {
            throw new IllegalStateException(
                    "the job is " + job.state() + ": " + job.runtime().fault(),
                    job.runtime().fault());
        }
        return job;
    }

    /** Every committed record of a topic as {@code key=value@timestamp}, partition by partition. */
    <K, V> List<String> read(Topic<K, V> topic) {
        List<String> found = new ArrayList<>();
        try (TopicReader<K, V> reader = reader(topic)) {
            while (!reader.isAtEnd()) {
                reader.poll((partition, offset, timestampMs, key, value) ->
                        found.add(key + "=" + value + "@" + timestampMs));
            }
        }
        return found;
    }

    /** The latest value of each key of a topic. */
    <K, V> Map<K, V> latest(Topic<K, V> topic) {
        try (TopicReader<K, V> reader = reader(topic)) {
            return new HashMap<>(reader.latest());
        }
    }

    private <K, V> TopicReader<K, V> reader(Topic<K, V> topic) {
        int partitions = await(client.describeTopic(topic.name())).partitionCount();
        return new TopicReader<>(client, topic, partitions);
    }
}
