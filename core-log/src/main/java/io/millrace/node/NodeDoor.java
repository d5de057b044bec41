package io.millrace.node;

import io.millrace.client.Appended;
import io.millrace.client.LogClient;
import io.millrace.client.Pending;
import io.millrace.client.ProducerIdentity;
import io.millrace.client.TopicPartition;
import io.millrace.kernel.Signal;
import io.millrace.record.RecordBatch;
import org.jspecify.annotations.Nullable;

/**
 * What a listener may ask of a node on behalf of clients elsewhere: batches as they came over the wire, published views of
 * partitions, coordinators. One thread owns it and everything it hands out; no call blocks.
 *
 * <p>For what needs no wire's detail, such as creating topics, {@link #client} is the same door as any other.
 */
public final class NodeDoor {

    private final Door door;
    private final PartitionTable partitions;
    private final LogClient client;
    private final int leaderEpoch;

    NodeDoor(LogAgent agent, PartitionTable partitions, LogClient client, int leaderEpoch, Signal signal) {
        this.door = new Door(agent, signal);
        this.partitions = partitions;
        this.client = client;
        this.leaderEpoch = leaderEpoch;
    }

    /** A client of the same owner. */
    public LogClient client() {
        return client;
    }

    /** Raised when an answer has come. */
    public Signal signal() {
        return door.signal();
    }

    /** The topics as they are at this moment. */
    public TopicsImage topics() {
        return partitions.image();
    }

    /** Where a partition is read; null if there is none. */
    public @Nullable PartitionHandle partition(TopicPartition id) {
        return partitions.handle(id);
    }

    /** Of every partition that this node leads, in this life. */
    public int leaderEpoch() {
        return leaderEpoch;
    }

    /**
     * Appends a producer's batch as it came, with the identity and the sequence in it. Offset, leader epoch and, as the topic
     * says, timestamps are set in the batch's own array. Answered when it is durable as the topic asks.
     *
     * @param transactionalId whose open transaction the batch belongs to; null outside of any
     */
    public Pending<Appended> append(TopicPartition partition, RecordBatch batch, @Nullable String transactionalId) {
        Pending<Appended> pending = new Pending<>(door.signal());
        door.send(new AppendWork(partition, batch, transactionalId, pending));
        return pending;
    }

    /** An identity that nobody had before, for an idempotent producer. */
    public Pending<ProducerIdentity> freshProducer() {
        return door.ask((log, request) -> new ProducerIdentity(log.topics().freshProducerId(), (short) 0));
    }

    /** Whether the node is behind: stop sending until the signal. */
    public boolean isCongested() {
        return door.isCongested() || client.isCongested();
    }

    /** Sends on what the node could not take before. */
    public int flush() {
        return door.flush() + client.poll(0);
    }

    public void close() {
        client.close();
        door.close();
    }
}
