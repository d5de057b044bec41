package io.millrace.coordinator;

import io.millrace.client.ProducerIdentity;
import io.millrace.client.TopicPartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/**
 * Everything the log keeps of one transactional id: the content of one {@code TransactionLogValue}. Immutable; each
 * transition makes the next one.
 *
 * <p>With every decision the epoch is bumped (KIP-890), so that a late request of an earlier transaction cannot hit the next
 * one. {@code epoch} is therefore the epoch of the markers while prepared and the producer's next one once complete. The
 * last epoch a client ever sees is {@link #EPOCH_MAX}; the decision after it takes {@code Short.MAX_VALUE} for its markers
 * and then moves to a fresh producer id at epoch 0.
 *
 * @param transactionalId its name
 * @param producerId of the current producer
 * @param previousProducerId the id before the last rollover, -1 if none
 * @param nextProducerId the id to roll over to on completion, -1 if none
 * @param epoch of the current producer
 * @param lastEpoch the epoch before the last bump, -1 if none
 * @param timeoutMs after which an open transaction is aborted
 * @param phase where it stands
 * @param partitions of the open or prepared transaction, sorted
 * @param startMs wall-clock time at which the open transaction began, -1 if none did
 * @param updateMs wall-clock time of this transition
 */
public record TransactionEntry(
        String transactionalId,
        long producerId,
        long previousProducerId,
        long nextProducerId,
        short epoch,
        short lastEpoch,
        int timeoutMs,
        TransactionPhase phase,
        List<TopicPartition> partitions,
        long startMs,
        long updateMs) {

    public static final long NO_PRODUCER_ID = -1;
    public static final short NO_EPOCH = -1;

    /** The largest epoch that is handed to a producer. */
    public static final short EPOCH_MAX = Short.MAX_VALUE - 1;

    public TransactionEntry {
        partitions = List.copyOf(partitions);
    }

    /** An id that was never seen. */
    static TransactionEntry first(String transactionalId, long producerId, int timeoutMs, long nowMs) {
        return new TransactionEntry(
                transactionalId,
                producerId,
                NO_PRODUCER_ID,
                NO_PRODUCER_ID,
                (short) 0,
                NO_EPOCH,
                timeoutMs,
                TransactionPhase.EMPTY,
                List.of(),
                -1,
                nowMs);
    }

    /** Whether the producer cannot be given another epoch. */
    boolean isEpochUsedUp() {
        return epoch >= EPOCH_MAX;
    }

    /** A new producer takes over with the next epoch of the same id. */
    TransactionEntry taken(int newTimeoutMs, long nowMs) {
        return new TransactionEntry(
                transactionalId,
                producerId,
                previousProducerId,
                NO_PRODUCER_ID,
                (short) (epoch + 1),
                epoch,
                newTimeoutMs,
                TransactionPhase.EMPTY,
                List.of(),
                -1,
                nowMs);
    }

    /** A new producer takes over with a fresh id. */
    TransactionEntry takenByFreshId(long freshProducerId, int newTimeoutMs, long nowMs) {
        return new TransactionEntry(
                transactionalId,
                freshProducerId,
                producerId,
                NO_PRODUCER_ID,
                (short) 0,
                epoch,
                newTimeoutMs,
                TransactionPhase.EMPTY,
                List.of(),
                -1,
                nowMs);
    }

    /** The transaction reaches more partitions; it opens if it was not. */
    TransactionEntry touching(Collection<TopicPartition> more, long nowMs) {
        boolean open = phase == TransactionPhase.ONGOING;
        TreeSet<TopicPartition> all = new TreeSet<>(more);
        if (open) {
            all.addAll(partitions);
        }
        return new TransactionEntry(
                transactionalId,
                producerId,
                previousProducerId,
                NO_PRODUCER_ID,
                epoch,
                lastEpoch,
                timeoutMs,
                TransactionPhase.ONGOING,
                new ArrayList<>(all),
                open ? startMs : nowMs,
                nowMs);
    }

    /** @param freshProducerId to go on with after the markers, -1 if this id has epochs left */
    TransactionEntry prepared(boolean commit, long freshProducerId, long nowMs) {
        return new TransactionEntry(
                transactionalId,
                producerId,
                previousProducerId,
                freshProducerId,
                (short) (epoch + 1),
                epoch,
                timeoutMs,
                commit ? TransactionPhase.PREPARE_COMMIT : TransactionPhase.PREPARE_ABORT,
                partitions,
                startMs,
                nowMs);
    }

    /** All markers are written. */
    TransactionEntry completed(long nowMs) {
        boolean rollsOver = nextProducerId != NO_PRODUCER_ID;
        return new TransactionEntry(
                transactionalId,
                rollsOver ? nextProducerId : producerId,
                rollsOver ? producerId : previousProducerId,
                NO_PRODUCER_ID,
                rollsOver ? 0 : epoch,
                lastEpoch,
                timeoutMs,
                phase == TransactionPhase.PREPARE_COMMIT
                        ? TransactionPhase.COMPLETE_COMMIT
                        : TransactionPhase.COMPLETE_ABORT,
                List.of(),
                startMs,
                nowMs);
    }

    /** Who may write for this id now; while prepared, who may write after the markers. */
    public ProducerIdentity identity() {
        return nextProducerId == NO_PRODUCER_ID
                ? new ProducerIdentity(producerId, epoch)
                : new ProducerIdentity(nextProducerId, (short) 0);
    }
}
