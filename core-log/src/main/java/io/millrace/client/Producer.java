package io.millrace.client;

import io.millrace.record.RecordBatchBuilder;

/**
 * An idempotent, optionally transactional writer. It stamps producer id, epoch and sequence into each batch, so batches of
 * one partition must be handed over in the order in which they shall stand in the log.
 */
public interface Producer extends AutoCloseable {

    /**
     * Done once the producer has its identity. For a transactional producer: once every older producer of the id is fenced
     * and its last transaction is complete, its markers included. Errors: INVALID_TRANSACTION_TIMEOUT.
     */
    Pending<ProducerIdentity> ready();

    /**
     * Appends a batch outside of any transaction; done when it is durable as its topic asks. The builder must not be touched
     * until then. Errors: MESSAGE_TOO_LARGE, CORRUPT_MESSAGE, INVALID_TIMESTAMP, UNKNOWN_TOPIC_OR_PARTITION,
     * OUT_OF_ORDER_SEQUENCE_NUMBER, INVALID_PRODUCER_EPOCH; THROTTLING_QUOTA_EXCEEDED (the disk has too little room: nothing
     * was appended, try again later); KAFKA_STORAGE_ERROR (the disk failed, for good in this process).
     *
     * @throws IllegalStateException if this producer is transactional
     */
    Pending<Appended> append(TopicPartition partition, RecordBatchBuilder batch);

    /**
     * Opens the next transaction, on the client's side only: the log learns of it with the first append.
     *
     * @throws IllegalStateException if this producer is not transactional, not ready, or {@link Transaction#completed} of
     *     the last transaction is not done
     * @throws LogException if one of the two was refused: open another producer
     */
    Transaction begin();

    /** Aborts an open transaction and lets the producer go. */
    @Override
    void close();
}
