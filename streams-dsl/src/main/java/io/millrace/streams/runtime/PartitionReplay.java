package io.millrace.streams.runtime;

import io.millrace.client.FetchResult;
import io.millrace.client.LogException;
import io.millrace.client.Subscription;
import io.millrace.client.TopicPartition;
import io.millrace.record.RecordBatch;
import java.util.List;

/** Reads one partition from an offset to where it was stable when the reading began. Owned by the I/O agent. */
final class PartitionReplay {

    final TopicPartition partition;
    private final Subscription subscription;
    private final long endOffset;
    private long readEnd = -1;
    private int readEpoch = -1;

    PartitionReplay(Subscription subscription, TopicPartition partition, long fromOffset) {
        this.subscription = subscription;
        this.partition = partition;
        subscription.seek(partition, fromOffset);
        this.endOffset = subscription.ends(partition).lastStableOffset();
    }

    boolean isDone() {
        return subscription.position(partition) >= endOffset;
    }

    /** The offset behind the last record that was read; -1 if there was none. */
    long readEnd() {
        return readEnd;
    }

    /** Leader epoch of the last record that was read; -1 if there was none. */
    int readEpoch() {
        return readEpoch;
    }

    /** Offset of the next record. */
    long position() {
        return subscription.position(partition);
    }

    /** What is there next; empty if nothing is at the moment. */
    List<RecordBatch> next() {
        FetchResult result = subscription.fetch(partition);
        if (result instanceof FetchResult.Fetched fetched) {
            List<RecordBatch> batches = fetched.batches();
            if (!batches.isEmpty()) {
                RecordBatch last = batches.get(batches.size() - 1);
                readEnd = last.nextOffset();
                readEpoch = last.partitionLeaderEpoch();
            }
            return batches;
        }
        if (result instanceof FetchResult.OutOfRange out) {
            throw new PositionLostException(partition, out.position(), out.logStartOffset(), out.logEndOffset());
        }
        if (result instanceof FetchResult.Failed failed) {
            throw new LogException(failed.error(), "cannot read " + partition + ": " + failed.message());
        }
        return List.of();
    }

    void close() {
        subscription.remove(partition);
    }
}
