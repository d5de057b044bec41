package io.millrace.client;

import io.millrace.record.RecordBatchBuilder;
import java.util.Map;

/**
 * Appends and consumed positions that become visible together or never; fenced by (producer id, epoch).
 *
 * <p>Errors of every call that end this producer: PRODUCER_FENCED and INVALID_PRODUCER_EPOCH (a newer one is there; stop).
 * TRANSACTION_ABORTABLE: the log has aborted it, for instance after the time-out; open another producer and start again.
 * THROTTLING_QUOTA_EXCEEDED: the disk has too little room for users' records; abort, and try the whole transaction later.
 */
public interface Transaction {

    /** Appends a batch to this transaction; done when the partition has taken it in, and durable no later than the decision. */
    Pending<Appended> append(TopicPartition partition, RecordBatchBuilder batch);

    /** Commits a group's positions with this transaction. */
    Pending<Void> commitOffsets(String group, Map<TopicPartition, CommittedOffset> offsets);

    /**
     * Asks for the decision. Every append must be done. Syncs all partitions that were touched, then decides; done at the
     * commit point: the decision is durable and no crash can undo it. Readers may have to wait a little more for the markers.
     *
     * @throws IllegalStateException if an append is not done or was refused: such a transaction can only be aborted
     */
    Pending<Void> commit();

    /** Gives everything up. Done when the decision is durable. */
    Pending<Void> abort();

    /**
     * Done once the markers of the decision are in every partition that was touched (visible to read-committed readers, and
     * durable as the topics ask): the producer may then begin its next transaction. Only after {@link #commit} or {@link #abort}.
     */
    Pending<ProducerIdentity> completed();
}
