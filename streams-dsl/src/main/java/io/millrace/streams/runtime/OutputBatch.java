package io.millrace.streams.runtime;

import io.millrace.client.TopicPartition;
import io.millrace.record.RecordBatchBuilder;

/**
 * A batch on its way from a lane to the open transaction.
 *
 * @param epoch it belongs to
 * @param partition it is for
 * @param records the batch; its lane gets it back when it is appended
 * @param shape of the batch, to find its pool again
 * @param changelogShard the shard whose changelog this is, -1 for output
 */
record OutputBatch(
        long epoch, TopicPartition partition, RecordBatchBuilder records, BatchPool.Shape shape, int changelogShard) {

    static final int NO_SHARD = -1;
}
