package io.millrace.testkit;

import io.millrace.client.LogClient;
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
import io.millrace.record.RecordBatchBuilder;
import java.util.Random;
import java.util.UUID;

/** One life of the log node in memory, with the scheduler that steps it and a client for the test. */
final class TesterNode {

    final LogNode node;
    final DeterministicScheduler scheduler;
    final LogClient client;

    /** Steps the node alone: what the test does to the log does not make the job go on. */
    private final DeterministicScheduler alone;

    private final Producer producer;

    TesterNode(MemoryLogStorage storage, ManualClock clock, Random random, boolean drawsOrder) {
        NodeConfig config =
                NodeConfig.DEFAULT.withSyncThreads(1).withIds(() -> new UUID(random.nextLong(), random.nextLong()));
        node = LogNode.open(storage, config, clock);
        scheduler = drawsOrder
                ? DeterministicScheduler.seeded(clock, random.nextLong())
                : DeterministicScheduler.roundRobin(clock);
        scheduler.addAll(node.agents());
        alone = DeterministicScheduler.roundRobin(clock).addAll(node.agents());
        client = node.newClient(Signal.NONE);
        producer = client.openProducer(ProducerOptions.idempotent());
        await(producer.ready());
    }

    <T> T await(Pending<T> pending) {
        alone.runUntil(() -> {
            client.poll(alone.clock().wallMs());
            return pending.isDone();
        });
        return pending.value();
    }

    void append(TopicPartition partition, RecordBatchBuilder batch) {
        await(producer.append(partition, batch));
    }
}
