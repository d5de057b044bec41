package io.millrace.streams.runtime;

import io.millrace.client.TopicPartition;
import io.millrace.record.Header;
import io.millrace.record.RecordBatchBuilder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Fills batches for the partitions of one topic and adds them to the current item's outputs as they are full. Owned by the
 * lane; all of its shards share it, so that a partition gets one batch where it would get one per shard.
 */
final class TopicWriter {

    private final OutputTopic topic;
    private final BatchPool pool;
    private final BatchPool.Shape shape;
    private final int batchBytes;
    private final TopicPartition[] partitions;
    private final @Nullable RecordBatchBuilder[] open;
    private final boolean isChangelog;

    /** @param batchBytes a batch is handed over when it has reached about this size */
    TopicWriter(OutputTopic topic, BatchPool pool, int batchBytes, boolean isChangelog) {
        this.topic = topic;
        this.pool = pool;
        this.shape = new BatchPool.Shape(topic.compression(), topic.batchBytesMax());
        this.batchBytes = Math.min(batchBytes, topic.batchBytesMax());
        this.isChangelog = isChangelog;
        partitions = new TopicPartition[topic.partitionCount()];
        for (int i = 0; i < partitions.length; i++) {
            partitions[i] = new TopicPartition(topic.name(), i);
        }
        open = new RecordBatchBuilder[partitions.length];
    }

    int partitionCount() {
        return partitions.length;
    }

    /**
     * Writes one record.
     *
     * @param full takes the batch that was full
     * @throws io.millrace.record.RecordTooLargeException if the record alone exceeds {@code max.message.bytes}; nothing is
     *     written
     */
    void write(
            int partition,
            byte @Nullable [] key,
            byte @Nullable [] value,
            long timestampMs,
            Header[] headers,
            long epoch,
            List<OutputBatch> full)
            throws Exception {
        RecordBatchBuilder builder = open[partition];
        if (builder == null) {
            builder = pool.take(shape);
            open[partition] = builder;
        }
        if (!builder.append(timestampMs, key, value, headers)) {
            handOver(partition, epoch, full);
            builder = pool.take(shape);
            open[partition] = builder;
            builder.append(timestampMs, key, value, headers);
        }
        if (builder.sizeInBytes() >= batchBytes) {
            handOver(partition, epoch, full);
        }
    }

    /** Hands over whatever has been begun. */
    void flush(long epoch, List<OutputBatch> full) {
        for (int partition = 0; partition < open.length; partition++) {
            handOver(partition, epoch, full);
        }
    }

    private void handOver(int partition, long epoch, List<OutputBatch> full) {
        RecordBatchBuilder builder = open[partition];
        if (builder == null || builder.isEmpty()) {
            return;
        }
        open[partition] = null;
        full.add(new OutputBatch(
                epoch, partitions[partition], builder, shape, isChangelog ? partition : OutputBatch.NO_SHARD));
    }

    @Override
    public String toString() {
        return topic.name();
    }
}
