package io.millrace.benchmarks;

import io.millrace.client.Appended;
import io.millrace.client.FetchResult;
import io.millrace.client.IsolationLevel;
import io.millrace.client.LogClient;
import io.millrace.client.NewTopic;
import io.millrace.client.Pending;
import io.millrace.client.Producer;
import io.millrace.client.ProducerOptions;
import io.millrace.client.Subscription;
import io.millrace.client.TopicPartition;
import io.millrace.kernel.Signal;
import io.millrace.kernel.SystemClock;
import io.millrace.node.LogNode;
import io.millrace.node.NodeConfig;
import io.millrace.record.Compression;
import io.millrace.record.Header;
import io.millrace.record.RecordBatch;
import io.millrace.record.RecordBatchBuilder;
import io.millrace.record.RecordCursor;
import io.millrace.record.TimestampType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * E1: how many 100-byte records a second one thread encodes and appends to one partition of an embedded log, idempotent, and
 * what that costs in CPU. Afterwards everything is read back and summed up: the oracle.
 *
 * <p>Arguments: {@code [records per round] [os|disk] [rounds]}.
 */
public final class AppendBenchmark {

    private static final int RECORD_BYTES = 100;
    private static final int BATCH_BYTES = 256 * 1024;
    private static final int IN_FLIGHT = 16;
    private static final Header[] NO_HEADERS = {};
    private static final TopicPartition PARTITION = new TopicPartition("append", 0);

    private final LogClient client;
    private final Producer producer;
    private final RecordBatchBuilder[] builders = new RecordBatchBuilder[IN_FLIGHT];
    private final Pending<?>[] inFlight = new Pending<?>[IN_FLIGHT];
    private final byte[] value = new byte[RECORD_BYTES];
    private long numbers;

    private AppendBenchmark(LogClient client) {
        this.client = client;
        Answers.await(client, client.createTopic(new NewTopic(PARTITION.topic(), 1)));
        this.producer = client.openProducer(ProducerOptions.idempotent());
        Answers.await(client, producer.ready());
        for (int i = 0; i < IN_FLIGHT; i++) {
            builders[i] = new RecordBatchBuilder(Compression.NONE, TimestampType.CREATE_TIME, BATCH_BYTES);
            inFlight[i] = Pending.succeeded(null);
        }
    }

    public static void main(String[] args) throws Exception {
        long records = args.length > 0 ? Long.parseLong(args[0]) : 10_000_000;
        String durability = args.length > 1 ? args[1] : "os";
        int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 7;
        Path directory = Files.createTempDirectory("millrace-append-");
        Thread owner = Thread.currentThread();
        Signal signal = () -> LockSupport.unpark(owner);
        double[] rates = new double[rounds];
        double[] cpus = new double[rounds];
        NodeConfig config = NodeConfig.DEFAULT
                .withTopicDefault("durability", durability)
                .withTopicDefault("retention.ms", "-1")
                .withTopicDefault("message.timestamp.after.max.ms", Long.toString(Long.MAX_VALUE));
        try (LogNode node = LogNode.open(directory, config, SystemClock.INSTANCE)
                        .start((agent, fault) -> fault.printStackTrace());
                LogClient client = node.newClient(signal)) {
            AppendBenchmark benchmark = new AppendBenchmark(client);
            long pid = ProcessHandle.current().pid();
            for (int round = 0; round < rounds; round++) {
                double cpuBefore = ProcessCpu.secondsOf(pid);
                long startNs = System.nanoTime();
                benchmark.run(records);
                double seconds = (System.nanoTime() - startNs) / 1e9;
                rates[round] = records / seconds;
                cpus[round] = (ProcessCpu.secondsOf(pid) - cpuBefore) / records * 1e6;
            }
            boolean right = benchmark.sumOfLog() == (records * rounds) * (records * rounds - 1) / 2;
            Arrays.sort(rates);
            Arrays.sort(cpus);
            System.out.printf(
                    Locale.ROOT,
                    "| E1 | millrace %s | %,.0f | %,.0f–%,.0f | %.3f | %.3f–%.3f | %,.0f | %s |%n",
                    durability,
                    rates[rounds / 2],
                    rates[0],
                    rates[rounds - 1],
                    cpus[rounds / 2],
                    cpus[0],
                    cpus[rounds - 1],
                    1e6 / cpus[rounds / 2],
                    right ? "right" : "WRONG");
        }
        Trees.delete(directory);
    }

    private void run(long records) {
        int slot = 0;
        RecordBatchBuilder builder = free(slot);
        for (long i = 0; i < records; i++) {
            Trees.putLong(value, numbers);
            if (!builder.append(numbers, null, value, NO_HEADERS)) {
                send(slot);
                slot = (slot + 1) % IN_FLIGHT;
                builder = free(slot);
                builder.append(numbers, null, value, NO_HEADERS);
            }
            numbers++;
        }
        send(slot);
        for (Pending<?> pending : inFlight) {
            Answers.await(client, pending);
        }
    }

    private RecordBatchBuilder free(int slot) {
        Answers.await(client, inFlight[slot]);
        builders[slot].reset();
        return builders[slot];
    }

    private void send(int slot) {
        Pending<Appended> pending = producer.append(PARTITION, builders[slot]);
        inFlight[slot] = pending;
    }

    /** The sum of the numbers in the log, which were 0, 1, 2 and so on. */
    private long sumOfLog() {
        long sum = 0;
        RecordCursor cursor = new RecordCursor();
        try (Subscription subscription = client.openSubscription(IsolationLevel.READ_COMMITTED, 4 * BATCH_BYTES)) {
            subscription.seek(PARTITION, 0);
            long end = subscription.ends(PARTITION).lastStableOffset();
            while (subscription.position(PARTITION) < end) {
                FetchResult result = subscription.fetch(PARTITION);
                if (result instanceof FetchResult.OutOfRange || result instanceof FetchResult.Failed) {
                    throw new IllegalStateException("what was appended is not there any more");
                }
                if (result instanceof FetchResult.Fetched fetched) {
                    for (RecordBatch batch : fetched.batches()) {
                        cursor.wrap(batch);
                        while (cursor.next()) {
                            sum += Trees.readLong(cursor.buffer(), cursor.valuePosition());
                        }
                    }
                }
            }
        }
        return sum;
    }
}
