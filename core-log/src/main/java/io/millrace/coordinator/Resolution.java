package io.millrace.coordinator;

import io.millrace.client.ProducerIdentity;
import io.millrace.client.TopicPartition;
import java.util.List;

/**
 * A decided transaction whose markers are to be written.
 *
 * @param transactionalId whose
 * @param producerId in the markers
 * @param epoch in the markers: that of the transaction's records, or one more if the version bumps it
 * @param version by which the partitions check the epoch
 * @param commit or abort
 * @param partitions that need a marker
 * @param next who writes the id's next transaction, once this one is complete
 */
public record Resolution(
        String transactionalId,
        long producerId,
        short epoch,
        TransactionVersion version,
        boolean commit,
        List<TopicPartition> partitions,
        ProducerIdentity next) {

    static Resolution of(TransactionEntry prepared) {
        return new Resolution(
                prepared.transactionalId(),
                prepared.producerId(),
                prepared.epoch(),
                prepared.version(),
                prepared.phase() == TransactionPhase.PREPARE_COMMIT,
                prepared.partitions(),
                prepared.identity());
    }
}
