package io.millrace.client;

import java.util.List;

/**
 * A transactional id as its coordinator sees it.
 *
 * @param transactionalId its id
 * @param state Kafka's word: Empty, Ongoing, PrepareCommit, PrepareAbort, CompleteCommit, CompleteAbort
 * @param producerId of the current producer
 * @param producerEpoch of the current producer
 * @param startedMs wall-clock time (ms) at which the open transaction began, -1 if none is open
 * @param timeoutMs after which an open transaction is aborted
 * @param partitions of the open transaction
 */
public record TransactionDescription(
        String transactionalId,
        String state,
        long producerId,
        short producerEpoch,
        long startedMs,
        int timeoutMs,
        List<TopicPartition> partitions) {

    public TransactionDescription {
        partitions = List.copyOf(partitions);
    }
}
