package io.millrace.coordinator;

import io.millrace.client.ErrorCode;
import io.millrace.client.ProducerIdentity;
import io.millrace.client.TopicPartition;
import io.millrace.client.TransactionDescription;
import io.millrace.coordinator.TransactionReply.AbortedFirst;
import io.millrace.coordinator.TransactionReply.Decided;
import io.millrace.coordinator.TransactionReply.Identified;
import io.millrace.coordinator.TransactionReply.Refused;
import io.millrace.coordinator.TransactionReply.Registered;
import io.millrace.coordinator.TransactionReply.WaitForCompletion;
import io.millrace.kernel.Invariant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides the transactions whose ids are stored in one partition of {@code __transaction_state}: a pure state machine, owned
 * by the agent that owns the partition.
 *
 * <p>A transaction opens with the first partition registered, is decided by a Prepare record (the commit point), and is
 * complete when all its markers are written and the Complete record says so. What is here is for jobs of this process, whose
 * every decision bumps the epoch (KIP-890, "transactions v2"), so that a request that comes late can never hit the next
 * transaction; {@link #clients} has the rules for everybody else. Nothing that is only in memory decides an outcome: after a
 * restart {@link #unresolved} names the prepared ones, whose markers are written again.
 *
 * <p>Time-outs are measured on the wall-clock time that the driver hands in. Jobs are told a transaction that timed out from
 * one that was fenced: {@code TRANSACTION_ABORTABLE} against {@code PRODUCER_FENCED}. That knowledge lives as long as the
 * process, as its producers do.
 */
public final class TransactionCoordinator {

    private final TransactionLimits limits;
    private final Map<String, TransactionEntry> entries = new TreeMap<>();

    /** Those of the entries that are open: what time-outs look at. */
    private final Map<String, TransactionEntry> open = new TreeMap<>();

    /** Who was the producer of the transaction that timed out last, by transactional id. */
    private final Map<String, ProducerIdentity> timedOut = new HashMap<>();

    private final ClientTransactions clients = new ClientTransactions(entries::get);

    public TransactionCoordinator(TransactionLimits limits) {
        this.limits = limits;
    }

    /** What producers of other processes ask for. */
    public ClientTransactions clients() {
        return clients;
    }

    /** What is known of an id; null if it was never seen, or is forgotten. */
    public @Nullable TransactionEntry find(String transactionalId) {
        return entries.get(transactionalId);
    }

    /** Every id there is, in order of name. */
    public List<TransactionEntry> entries() {
        return List.copyOf(entries.values());
    }

    /** Changes the state as a record says that was appended now or is read at start. */
    public void replay(TransactionRecord record) {
        TransactionEntry entry = record.entry();
        if (entry == null) {
            entries.remove(record.transactionalId());
            open.remove(record.transactionalId());
            timedOut.remove(record.transactionalId());
        } else {
            entries.put(record.transactionalId(), entry);
            if (entry.phase() == TransactionPhase.ONGOING) {
                open.put(record.transactionalId(), entry);
            } else {
                open.remove(record.transactionalId());
            }
        }
    }

    /**
     * A producer asks for its identity. Answers {@code Identified}, {@code AbortedFirst}, {@code WaitForCompletion} or
     * {@code Refused} (INVALID_TRANSACTION_TIMEOUT, PRODUCER_FENCED).
     *
     * @param claimed who it was until now, if it goes on after an error (KIP-360); null if it is new
     * @param freshIds where producer ids come from
     */
    public Decision<TransactionRecord, TransactionReply> init(
            String transactionalId,
            int timeoutMs,
            @Nullable ProducerIdentity claimed,
            LongSupplier freshIds,
            long nowMs) {
        if (timeoutMs < 1 || timeoutMs > limits.timeoutMsMax()) {
            return refused(
                    ErrorCode.INVALID_TRANSACTION_TIMEOUT,
                    "the time-out of " + transactionalId + " is " + timeoutMs + " ms, it must be 1 to "
                            + limits.timeoutMsMax() + " (transaction.max.timeout.ms)");
        }
        TransactionEntry entry = entries.get(transactionalId);
        if (entry == null) {
            return identified(TransactionEntry.first(transactionalId, freshIds.getAsLong(), timeoutMs, nowMs));
        }
        if (entry.phase().isPrepared()) {
            return Decision.nothing(new WaitForCompletion());
        }
        if (claimed != null && !entry.mayHaveBeen(claimed)) {
            return Decision.nothing(ClientTransactions.fenced(transactionalId, claimed));
        }
        if (entry.phase() == TransactionPhase.ONGOING) {
            TransactionEntry fenced = decide(entry, false, freshIds, nowMs);
            return Decision.of(TransactionRecord.of(fenced), new AbortedFirst(Resolution.of(fenced)));
        }
        TransactionEntry taken = entry.takenBy(claimed, freshIds, timeoutMs, nowMs);
        return taken != null || claimed == null
                ? identified(Objects.requireNonNull(taken))
                : Decision.nothing(ClientTransactions.fenced(transactionalId, claimed));
    }

    private static Decision<TransactionRecord, TransactionReply> identified(TransactionEntry entry) {
        return Decision.of(TransactionRecord.of(entry), new Identified(entry.identity()));
    }

    /**
     * The producer is about to write to these partitions in its transaction. Answers {@code Registered} or {@code Refused}
     * (PRODUCER_FENCED, TRANSACTION_ABORTABLE, CONCURRENT_TRANSACTIONS).
     */
    public Decision<TransactionRecord, TransactionReply> register(
            String transactionalId, ProducerIdentity producer, Collection<TopicPartition> partitions, long nowMs) {
        TransactionEntry entry = entries.get(transactionalId);
        Refused refusal = refusal(transactionalId, entry, producer);
        if (refusal != null || entry == null) {
            return Decision.nothing(refusal == null ? ClientTransactions.fenced(transactionalId, producer) : refusal);
        }
        if (entry.phase().isPrepared()) {
            return refused(ErrorCode.CONCURRENT_TRANSACTIONS, transactionalId + " is being completed");
        }
        if (entry.phase() == TransactionPhase.ONGOING && entry.partitions().containsAll(partitions)) {
            return Decision.nothing(new Registered());
        }
        return Decision.of(
                TransactionRecord.of(entry.touching(partitions, TransactionVersion.V2, nowMs)), new Registered());
    }

    /** Whether this producer has an open transaction that holds the partition: then it may append without registering. */
    public boolean isRegistered(String transactionalId, ProducerIdentity producer, TopicPartition partition) {
        TransactionEntry entry = entries.get(transactionalId);
        return entry != null
                && entry.phase() == TransactionPhase.ONGOING
                && entry.isCurrent(producer)
                && Collections.binarySearch(entry.partitions(), partition) >= 0;
    }

    /**
     * The producer ends its transaction. Answers {@code Decided} or {@code Refused} (PRODUCER_FENCED,
     * TRANSACTION_ABORTABLE, INVALID_TXN_STATE if none is open, CONCURRENT_TRANSACTIONS).
     */
    public Decision<TransactionRecord, TransactionReply> end(
            String transactionalId, ProducerIdentity producer, boolean commit, LongSupplier freshIds, long nowMs) {
        TransactionEntry entry = entries.get(transactionalId);
        Refused refusal = refusal(transactionalId, entry, producer);
        if (refusal != null || entry == null) {
            return Decision.nothing(refusal == null ? ClientTransactions.fenced(transactionalId, producer) : refusal);
        }
        if (entry.phase().isPrepared()) {
            // Whoever asks to commit and finds it aborted was fenced; a time-out was told apart above.
            return commit && entry.phase() == TransactionPhase.PREPARE_ABORT
                    ? Decision.nothing(ClientTransactions.fenced(transactionalId, producer))
                    : refused(ErrorCode.CONCURRENT_TRANSACTIONS, transactionalId + " is being completed");
        }
        if (entry.phase() != TransactionPhase.ONGOING) {
            return refused(
                    ErrorCode.INVALID_TXN_STATE,
                    transactionalId + " has no open transaction, it is "
                            + entry.phase().title());
        }
        TransactionEntry prepared = decide(entry, commit, freshIds, nowMs);
        return Decision.of(TransactionRecord.of(prepared), new Decided(Resolution.of(prepared)));
    }

    private static TransactionEntry decide(TransactionEntry open, boolean commit, LongSupplier freshIds, long nowMs) {
        long freshId = open.isEpochUsedUp() ? freshIds.getAsLong() : TransactionEntry.NO_PRODUCER_ID;
        return open.prepared(commit, TransactionVersion.V2, freshId, nowMs);
    }

    /** All markers are written and durable. The record need not be waited for: it only spares a restart some work. */
    public Decision<TransactionRecord, TransactionReply> complete(String transactionalId, long nowMs) {
        TransactionEntry entry = entries.get(transactionalId);
        Invariant.check(
                entry != null && entry.phase().isPrepared(), "only a prepared transaction can be completed: " + entry);
        TransactionEntry completed = Objects.requireNonNull(entry).completed(nowMs);
        return Decision.of(TransactionRecord.of(completed), new Identified(completed.identity()));
    }

    /** Transactions that are open for too long, each decided to be aborted under a bumped epoch. */
    public List<Decision<TransactionRecord, TransactionReply>> abortOverdue(LongSupplier freshIds, long nowMs) {
        List<Decision<TransactionRecord, TransactionReply>> decisions = new ArrayList<>();
        for (TransactionEntry entry : open.values()) {
            if (dueMs(entry) <= nowMs) {
                timedOut.put(entry.transactionalId(), entry.identity());
                TransactionEntry prepared = decide(entry, false, freshIds, nowMs);
                decisions.add(Decision.of(TransactionRecord.of(prepared), new Decided(Resolution.of(prepared))));
            }
        }
        return decisions;
    }

    /** Records that forget the ids unused for {@code transactional.id.expiration.ms}. */
    public List<TransactionRecord> forgetUnused(long nowMs) {
        List<TransactionRecord> tombstones = new ArrayList<>();
        for (TransactionEntry entry : entries.values()) {
            boolean idle =
                    entry.phase() != TransactionPhase.ONGOING && !entry.phase().isPrepared();
            if (idle && entry.updateMs() + limits.idExpirationMs() <= nowMs) {
                tombstones.add(new TransactionRecord(entry.transactionalId(), null));
            }
        }
        return tombstones;
    }

    /** Wall-clock time at which {@link #abortOverdue} has something to do, {@link Long#MAX_VALUE} for never. */
    public long nextDeadlineMs() {
        long earliest = Long.MAX_VALUE;
        for (TransactionEntry entry : open.values()) {
            earliest = Math.min(earliest, dueMs(entry));
        }
        return earliest;
    }

    private static long dueMs(TransactionEntry entry) {
        return entry.startMs() + entry.timeoutMs();
    }

    /** Decided transactions that are not known to be complete: after a start, their markers are to be written (again). */
    public List<Resolution> unresolved() {
        return entries.values().stream()
                .filter(entry -> entry.phase().isPrepared())
                .map(Resolution::of)
                .toList();
    }

    /**
     * Tells every partition that an open or prepared transaction holds, with the producer under which its records were
     * written there. An open transaction of another epoch is not this one: it began later, and its records here are lost.
     */
    public void forEachHeld(BiConsumer<ProducerIdentity, TopicPartition> action) {
        for (TransactionEntry entry : entries.values()) {
            if (entry.phase() == TransactionPhase.ONGOING || entry.phase().isPrepared()) {
                ProducerIdentity writer = entry.writer();
                entry.partitions().forEach(partition -> action.accept(writer, partition));
            }
        }
    }

    /** Whether {@link #forEachHeld} tells this one. */
    public boolean holds(TopicPartition partition, ProducerIdentity writer) {
        return entries.values().stream()
                .filter(entry -> entry.phase() == TransactionPhase.ONGOING
                        || entry.phase().isPrepared())
                .anyMatch(entry ->
                        entry.writer().equals(writer) && entry.partitions().contains(partition));
    }

    /** Every id in order of name. */
    public List<TransactionDescription> list() {
        return entries.values().stream().map(TransactionCoordinator::describe).toList();
    }

    private static TransactionDescription describe(TransactionEntry entry) {
        boolean open =
                entry.phase() == TransactionPhase.ONGOING || entry.phase().isPrepared();
        return new TransactionDescription(
                entry.transactionalId(),
                entry.phase().title(),
                entry.producerId(),
                entry.epoch(),
                open ? entry.startMs() : -1,
                entry.timeoutMs(),
                entry.partitions());
    }

    private @Nullable Refused refusal(
            String transactionalId, @Nullable TransactionEntry entry, ProducerIdentity producer) {
        if (producer.equals(timedOut.get(transactionalId))) {
            return new Refused(
                    ErrorCode.TRANSACTION_ABORTABLE,
                    "the transaction of " + transactionalId + " was aborted because it was open for longer than its"
                            + " time-out; open another producer and start again");
        }
        if (entry == null || entry.phase().isPrepared() && isProducerOfPrepared(entry, producer)) {
            return null;
        }
        return entry.isCurrent(producer) ? null : ClientTransactions.fenced(transactionalId, producer);
    }

    /** While prepared the epoch is already that of the markers; the producer that asked for it still has the one before. */
    private static boolean isProducerOfPrepared(TransactionEntry entry, ProducerIdentity producer) {
        return entry.version().bumpsEpoch() && entry.writer().equals(producer);
    }

    private static Decision<TransactionRecord, TransactionReply> refused(ErrorCode error, String message) {
        return Decision.nothing(new Refused(error, message));
    }
}
