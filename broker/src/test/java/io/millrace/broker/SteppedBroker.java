package io.millrace.broker;

import io.millrace.broker.handler.Apis;
import io.millrace.client.NewTopic;
import io.millrace.client.Pending;
import io.millrace.client.TopicPartition;
import io.millrace.kernel.DeterministicScheduler;
import io.millrace.kernel.ManualClock;
import io.millrace.log.MemoryLogStorage;
import io.millrace.node.LogNode;
import io.millrace.node.NodeConfig;
import io.millrace.node.NodeDoor;
import io.millrace.record.Compression;
import io.millrace.record.Header;
import io.millrace.record.RecordBatch;
import io.millrace.record.RecordBatchBuilder;
import io.millrace.record.TimestampType;
import java.util.Map;

/** A node in memory and the handlers of one event loop, on the thread of the test and in manual time. */
public final class SteppedBroker implements AutoCloseable {

    private static final int BATCH_BYTES_MAX = 1 << 20;

    private final ManualClock clock = new ManualClock(1_700_000_000_000L);
    private final LogNode node = inItsSecondLife();
    private final DeterministicScheduler scheduler =
            DeterministicScheduler.roundRobin(clock).addAll(node.agents());
    private int signals;
    private final NodeDoor door = node.newDoor(() -> signals++);
    private final PartitionWatches watches = new PartitionWatches(() -> signals++);
    private final Surroundings around = new Surroundings(
            door,
            new Cluster(node.clusterId(), node.nodeId()),
            Authorizer.EVERYBODY,
            BrokerConfig.DEFAULT,
            watches,
            new Traffic(),
            7);

    /** So that there is a leader epoch before this one. */
    private LogNode inItsSecondLife() {
        MemoryLogStorage storage = new MemoryLogStorage();
        NodeConfig config = NodeConfig.DEFAULT.withTopicDefault("durability", "os");
        LogNode.open(storage, config, clock).close();
        return LogNode.open(storage.crash(1), config, clock);
    }

    public Surroundings around() {
        return around;
    }

    public NodeDoor door() {
        return door;
    }

    public PartitionWatches watches() {
        return watches;
    }

    /** How many partitions somebody of the event loop watches. */
    public int watchedPartitions() {
        return watches.joinedCount();
    }

    public Map<Short, Api<?>> apis() {
        return Apis.of(around);
    }

    public long nowMs() {
        return clock.nanoTime() / 1_000_000;
    }

    /** Does what an event loop does after a signal, once the node has come to rest. */
    public void settle() {
        scheduler.runUntilIdle();
        door.flush();
        watches.tell();
    }

    public <T> T answer(Pending<T> pending) {
        scheduler.runUntil(() -> {
            door.flush();
            return pending.isDone();
        });
        return pending.value();
    }

    public void createTopic(String name, int partitions) {
        answer(door.client().createTopic(new NewTopic(name, partitions)));
    }

    public void deleteTopic(String name) {
        answer(door.client().deleteTopic(name));
    }

    /** Appends one record whose value has this size. */
    public void append(String topic, int partition, int valueBytes) {
        answer(door.append(new TopicPartition(topic, partition), null, batch(valueBytes), null));
    }

    public static RecordBatch batch(int valueBytes) {
        return batch(valueBytes, Compression.NONE);
    }

    public static RecordBatch batch(int valueBytes, Compression compression) {
        var builder = new RecordBatchBuilder(compression, TimestampType.CREATE_TIME, BATCH_BYTES_MAX);
        builder.append(1000, null, new byte[valueBytes], new Header[0]);
        return builder.finish();
    }

    @Override
    public void close() {
        door.close();
        node.close();
    }
}
