package io.millrace.coordinator;

import io.millrace.client.ProducerIdentity;
import io.millrace.client.TopicPartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Everything the log keeps of one transactional id: the content of one {@code TransactionLogValue}. Immutable; each
 * transition makes the next one.
 *
 * <p>From version 2 on the epoch is bumped with every decision (KIP-890), so that a late request of an earlier transaction
 * cannot hit the next one. {@code epoch} is therefore the epoch of the markers while prepared and the producer's next one once
 * complete. The last epoch a client ever sees is {@link #EPOCH_MAX}; the decision after it takes {@code Short.MAX_VALUE} for
 * its markers and then moves to a fresh producer id at epoch 0. Producers of older versions keep their epoch; but whenever the
 * coordinator itself aborts, it does so by the rules of version 2, which fences them.
 *
 * @param transactionalId its name
 * @param producerId of the current producer
 * @param previousProducerId the producer id before the last transition, mostly the same, as Kafka keeps it
 * @param nextProducerId the id to roll over to on completion, -1 if none
 * @param epoch of the current producer
 * @param lastEpoch the epoch before the last bump by the same producer, -1 if none; not written, so a restart forgets it
 * @param timeoutMs after which an open transaction is aborted
 * @param phase where it stands
 * @param version by whose rules the transaction was opened or decided last
 * @param partitions of the open or prepared transaction, sorted
 * @param startMs wall-clock time at which the last transaction began, -1 if none did since the producer was identified
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
        TransactionVersion version,
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
                producerId,
                NO_PRODUCER_ID,
                (short) 0,
                NO_EPOCH,
                timeoutMs,
                TransactionPhase.EMPTY,
                TransactionVersion.V0,
                List.of(),
                -1,
                nowMs);
    }

    /** Whether the producer cannot be given another epoch. */
    boolean isEpochUsedUp() {
        return epoch >= EPOCH_MAX;
    }

    /**
     * A producer takes over with the next epoch, or with a fresh id if the epochs are used up. One that says who it was
     * (KIP-360) must be the current one; or it repeats its last request, which is answered as before.
     *
     * @param claimed who it was, null for a new one
     * @return null if somebody else has taken over meanwhile
     */
    @Nullable
    TransactionEntry takenBy(@Nullable ProducerIdentity claimed, LongSupplier freshIds, int newTimeoutMs, long nowMs) {
        if (claimed == null || claimed.epoch() == epoch) {
            short last = claimed == null ? NO_EPOCH : epoch;
            return isEpochUsedUp()
                    ? identified(freshIds.getAsLong(), (short) 0, last, newTimeoutMs, nowMs)
                    : identified(producerId, (short) (epoch + 1), last, newTimeoutMs, nowMs);
        }
        return claimed.epoch() == lastEpoch ? identified(producerId, epoch, lastEpoch, newTimeoutMs, nowMs) : null;
    }

    /** Whether a producer may have been this one: by its id, or by the one before if that was used up. */
    boolean mayHaveBeen(ProducerIdentity claimed) {
        return claimed.producerId() == producerId
                || claimed.producerId() == previousProducerId && claimed.epoch() >= EPOCH_MAX;
    }

    private TransactionEntry identified(long newId, short newEpoch, short newLastEpoch, int newTimeoutMs, long nowMs) {
        return new TransactionEntry(
                transactionalId,
                newId,
                producerId,
                NO_PRODUCER_ID,
                newEpoch,
                newLastEpoch,
                newTimeoutMs,
                TransactionPhase.EMPTY,
                version,
                List.of(),
                -1,
                nowMs);
    }

    /** The transaction reaches more partitions; it opens if it was not. */
    TransactionEntry touching(Collection<TopicPartition> more, TransactionVersion by, long nowMs) {
        boolean open = phase == TransactionPhase.ONGOING;
        TreeSet<TopicPartition> all = new TreeSet<>(more);
        if (open) {
            all.addAll(partitions);
        }
        return new TransactionEntry(
                transactionalId,
                producerId,
                producerId,
                NO_PRODUCER_ID,
                epoch,
                lastEpoch,
                timeoutMs,
                TransactionPhase.ONGOING,
                by,
                new ArrayList<>(all),
                open ? startMs : nowMs,
                nowMs);
    }

    /** @param freshProducerId to go on with after the markers, -1 if this id has epochs left */
    TransactionEntry prepared(boolean commit, TransactionVersion by, long freshProducerId, long nowMs) {
        boolean open = phase == TransactionPhase.ONGOING;
        return new TransactionEntry(
                transactionalId,
                producerId,
                producerId,
                freshProducerId,
                by.bumpsEpoch() ? (short) (epoch + 1) : epoch,
                by.bumpsEpoch() ? epoch : lastEpoch,
                timeoutMs,
                commit ? TransactionPhase.PREPARE_COMMIT : TransactionPhase.PREPARE_ABORT,
                by,
                open ? partitions : List.of(),
                open ? startMs : nowMs,
                nowMs);
    }

    /** All markers are written. */
    TransactionEntry completed(long nowMs) {
        boolean rollsOver = nextProducerId != NO_PRODUCER_ID;
        return new TransactionEntry(
                transactionalId,
                rollsOver ? nextProducerId : producerId,
                producerId,
                NO_PRODUCER_ID,
                rollsOver ? 0 : epoch,
                lastEpoch,
                timeoutMs,
                phase == TransactionPhase.PREPARE_COMMIT
                        ? TransactionPhase.COMPLETE_COMMIT
                        : TransactionPhase.COMPLETE_ABORT,
                version,
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

    /** Under which identity the records of the open or prepared transaction were written. */
    ProducerIdentity writer() {
        boolean bumped = phase.isPrepared() && version.bumpsEpoch();
        return new ProducerIdentity(producerId, bumped ? (short) (epoch - 1) : epoch);
    }

    /** Whether this is the current producer. */
    boolean isCurrent(ProducerIdentity producer) {
        return producerId == producer.producerId() && epoch == producer.epoch();
    }
}
