package io.millrace.coordinator;

import io.millrace.client.ErrorCode;
import io.millrace.client.ProducerIdentity;
import io.millrace.client.TopicPartition;
import io.millrace.coordinator.TransactionReply.AlreadyEnded;
import io.millrace.coordinator.TransactionReply.Decided;
import io.millrace.coordinator.TransactionReply.Refused;
import io.millrace.coordinator.TransactionReply.Registered;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Transactions as producers of other processes ask for them, and what Kafka answers. Jobs of this process do it through
 * {@link TransactionCoordinator}.
 *
 * <p>Nobody is made to wait: while the markers of a transaction are on their way, everything about its id is
 * CONCURRENT_TRANSACTIONS, and the client asks again. Pure; a part of its coordinator.
 *
 * <p>Sources: KIP-98, KIP-360, KIP-890; the table of retries in {@link #end}.
 */
public final class ClientTransactions {

    private final Function<String, @Nullable TransactionEntry> entries;

    ClientTransactions(Function<String, @Nullable TransactionEntry> entries) {
        this.entries = entries;
    }

    /**
     * The producer is about to write to these partitions in its transaction. Answers {@code Registered} or {@code Refused}
     * (INVALID_PRODUCER_ID_MAPPING, PRODUCER_FENCED, CONCURRENT_TRANSACTIONS).
     */
    public Decision<TransactionRecord, TransactionReply> add(
            String transactionalId,
            ProducerIdentity producer,
            Collection<TopicPartition> partitions,
            TransactionVersion version,
            long nowMs) {
        TransactionEntry entry = entries.apply(transactionalId);
        if (entry == null) {
            return refused(unknown(transactionalId));
        }
        Refused refusal = entry.phase().isPrepared() ? completing(transactionalId) : strangers(entry, producer);
        if (refusal != null) {
            return refused(refusal);
        }
        if (entry.phase() == TransactionPhase.ONGOING && entry.partitions().containsAll(partitions)) {
            return Decision.nothing(new Registered());
        }
        return Decision.of(TransactionRecord.of(entry.touching(partitions, version, nowMs)), new Registered());
    }

    /**
     * Whether partitions are a part of the producer's open transaction: NONE, or TRANSACTION_ABORTABLE if not; or for all of
     * them INVALID_PRODUCER_ID_MAPPING, PRODUCER_FENCED, CONCURRENT_TRANSACTIONS.
     */
    public Map<TopicPartition, ErrorCode> verify(
            String transactionalId, ProducerIdentity producer, Collection<TopicPartition> partitions) {
        TransactionEntry entry = entries.apply(transactionalId);
        Refused refusal = entry == null ? unknown(transactionalId) : strangers(entry, producer);
        if (refusal == null && entry != null && entry.phase().isPrepared()) {
            refusal = completing(transactionalId);
        }
        Map<TopicPartition, ErrorCode> errors = new TreeMap<>();
        for (TopicPartition partition : partitions) {
            if (refusal != null || entry == null) {
                errors.put(partition, refusal == null ? ErrorCode.INVALID_PRODUCER_ID_MAPPING : refusal.error());
            } else {
                boolean held = Collections.binarySearch(entry.partitions(), partition) >= 0;
                errors.put(partition, held ? ErrorCode.NONE : ErrorCode.TRANSACTION_ABORTABLE);
            }
        }
        return errors;
    }

    /**
     * The producer ends its transaction. Answers {@code Decided}, {@code AlreadyEnded} or {@code Refused}
     * (INVALID_PRODUCER_ID_MAPPING, PRODUCER_FENCED, INVALID_TXN_STATE, CONCURRENT_TRANSACTIONS).
     *
     * <p>An open transaction of the current producer is decided. What there is to say otherwise, by version:
     *
     * <pre>
     *                  V2: abort              V2: commit             V0, V1: current epoch
     *                  retry     current      retry     current      abort      commit
     * Empty            fenced    decided      fenced    invalid      invalid    invalid
     * CompleteAbort    ended     decided      invalid   invalid      ended      invalid
     * CompleteCommit   invalid   decided      ended     invalid      invalid    ended
     * </pre>
     *
     * A retry has the epoch before the one that the end has bumped, or the last one of the id before. That the current
     * producer may abort what it has not begun lets it get rid of writes of which it does not know whether they came in.
     */
    public Decision<TransactionRecord, TransactionReply> end(
            String transactionalId,
            ProducerIdentity producer,
            boolean commit,
            TransactionVersion version,
            LongSupplier freshIds,
            long nowMs) {
        TransactionEntry entry = entries.apply(transactionalId);
        if (entry == null) {
            return refused(unknown(transactionalId));
        }
        return version.bumpsEpoch()
                ? endBumping(entry, producer, commit, freshIds, nowMs)
                : endKeeping(entry, producer, commit, version, nowMs);
    }

    private static Decision<TransactionRecord, TransactionReply> endKeeping(
            TransactionEntry entry, ProducerIdentity producer, boolean commit, TransactionVersion version, long nowMs) {
        Refused stranger = strangers(entry, producer);
        if (stranger != null) {
            return refused(stranger);
        }
        return switch (entry.phase()) {
            case PREPARE_COMMIT, PREPARE_ABORT -> refused(completing(entry.transactionalId()));
            case ONGOING -> decided(entry.prepared(commit, version, TransactionEntry.NO_PRODUCER_ID, nowMs));
            case COMPLETE_COMMIT -> commit ? ended(entry) : invalid(entry, true, commit);
            case COMPLETE_ABORT -> commit ? invalid(entry, true, commit) : ended(entry);
            case EMPTY, DEAD -> invalid(entry, true, commit);
        };
    }

    private static Decision<TransactionRecord, TransactionReply> endBumping(
            TransactionEntry entry, ProducerIdentity producer, boolean commit, LongSupplier freshIds, long nowMs) {
        if (entry.phase().isPrepared()) {
            return refused(completing(entry.transactionalId()));
        }
        boolean rolledOver = producer.producerId() == entry.previousProducerId()
                && producer.epoch() == TransactionEntry.EPOCH_MAX
                && entry.epoch() == 0;
        if (producer.producerId() != entry.producerId() && !rolledOver) {
            return refused(mismatched(entry, producer));
        }
        boolean retried = rolledOver || producer.epoch() == entry.epoch() - 1;
        boolean complete =
                entry.phase() == TransactionPhase.COMPLETE_COMMIT || entry.phase() == TransactionPhase.COMPLETE_ABORT;
        if (!entry.isCurrent(producer) && !(retried && complete)) {
            return refused(fenced(entry.transactionalId(), producer));
        }
        if (retried) {
            boolean sameEnd = commit == (entry.phase() == TransactionPhase.COMPLETE_COMMIT);
            return sameEnd ? ended(entry) : invalid(entry, false, commit);
        }
        if (entry.phase() != TransactionPhase.ONGOING && commit) {
            return invalid(entry, true, commit);
        }
        long freshId = entry.isEpochUsedUp() ? freshIds.getAsLong() : TransactionEntry.NO_PRODUCER_ID;
        return decided(entry.prepared(commit, TransactionVersion.V2, freshId, nowMs));
    }

    private static Decision<TransactionRecord, TransactionReply> decided(TransactionEntry prepared) {
        return Decision.of(TransactionRecord.of(prepared), new Decided(Resolution.of(prepared)));
    }

    private static Decision<TransactionRecord, TransactionReply> ended(TransactionEntry entry) {
        return Decision.nothing(new AlreadyEnded(entry.identity()));
    }

    private static Decision<TransactionRecord, TransactionReply> refused(Refused why) {
        return Decision.nothing(why);
    }

    private static Decision<TransactionRecord, TransactionReply> invalid(
            TransactionEntry entry, boolean current, boolean commit) {
        return refused(new Refused(
                ErrorCode.INVALID_TXN_STATE,
                entry.transactionalId() + " is " + entry.phase().title() + "; "
                        + (current ? "its producer" : "a repeated request") + " cannot " + (commit ? "commit" : "abort")
                        + " it"));
    }

    private static Refused completing(String transactionalId) {
        return new Refused(ErrorCode.CONCURRENT_TRANSACTIONS, transactionalId + " is being completed");
    }

    private static Refused unknown(String transactionalId) {
        return new Refused(
                ErrorCode.INVALID_PRODUCER_ID_MAPPING,
                "there is no transactional id " + transactionalId + "; a producer asks for its identity first");
    }

    private static Refused mismatched(TransactionEntry entry, ProducerIdentity producer) {
        return new Refused(
                ErrorCode.INVALID_PRODUCER_ID_MAPPING,
                "producer id " + producer.producerId() + " is not that of " + entry.transactionalId() + ", which is "
                        + entry.producerId());
    }

    /** Why this is not the id's current producer; null if it is. */
    private static @Nullable Refused strangers(TransactionEntry entry, ProducerIdentity producer) {
        if (entry.producerId() != producer.producerId()) {
            return mismatched(entry, producer);
        }
        return entry.epoch() == producer.epoch() ? null : fenced(entry.transactionalId(), producer);
    }

    static Refused fenced(String transactionalId, ProducerIdentity producer) {
        return new Refused(
                ErrorCode.PRODUCER_FENCED,
                "another producer has taken over " + transactionalId + "; producer id " + producer.producerId()
                        + " epoch " + producer.epoch() + " must stop");
    }
}
