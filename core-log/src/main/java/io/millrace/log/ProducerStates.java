package io.millrace.log;

import io.millrace.client.ErrorCode;
import io.millrace.log.ProducerState.Sequenced;
import io.millrace.record.ControlRecord;
import io.millrace.record.RecordBatch;
import io.millrace.record.RecordCursor;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The producers of one partition: who may append what next, and which transactions are open. Owned by the log's thread.
 *
 * <p>A batch is first checked, then applied once it has its offset. What was applied since the last write can be taken back
 * ({@link #takeBack}), because a write may fail. Everything here is derived from the log: it comes back from a snapshot and the
 * batches after it.
 *
 * <p>A transaction holds back the last stable offset from its first record until its marker is below the high watermark (R19).
 * Sources: KIP-98, KIP-360, KIP-890; the first-sequence rule on a partition that never held a record is ours (KAFKA-15591).
 */
final class ProducerStates {

    /** A transaction whose marker was appended. */
    private record Decided(long firstOffset, long markerOffset) {}

    private final Map<Long, ProducerState> producers = new HashMap<>();
    /** First offset → producer, of open transactions. */
    private final TreeMap<Long, Long> open = new TreeMap<>();
    /** By first offset: decided, but the marker is not known to be below the high watermark. */
    private final TreeMap<Long, Decided> decided = new TreeMap<>();
    /** What producers were before the batches that wait for their write; null where there was nothing. */
    private final Map<Long, @Nullable ProducerState> before = new HashMap<>();

    /** Wall-clock time (ms) of the last append of each producer in this process; those of an earlier one have none. */
    private final Map<Long, Long> usedMs = new HashMap<>();

    private final RecordCursor cursor = new RecordCursor();

    Collection<ProducerState> all() {
        return List.copyOf(producers.values());
    }

    Optional<ProducerState> of(long producerId) {
        return Optional.ofNullable(producers.get(producerId));
    }

    /** Why a batch of a producer may not be appended, or that it was; null if it may. */
    @Nullable
    AppendOutcome check(RecordBatch batch, Origin origin, boolean everHeldRecords) {
        if (batch.producerId() < 0 || origin == Origin.REPLICATION) {
            return null;
        }
        ProducerState state = producers.get(batch.producerId());
        if (state == null) {
            return checkFirst(batch, origin, everHeldRecords);
        }
        if (origin.isClient()) {
            Optional<Sequenced> original =
                    state.duplicateOf(batch.producerEpoch(), batch.baseSequence(), batch.lastSequence());
            if (original.isPresent()) {
                Sequenced found = original.get();
                return new AppendOutcome.Duplicate(found.firstOffset(), found.lastOffset(), found.timestampMs());
            }
        }
        if (batch.producerEpoch() < state.epoch()) {
            return refused(ErrorCode.INVALID_PRODUCER_EPOCH, batch, "the current epoch is " + state.epoch());
        }
        if (state.hasOpenTransaction() && !batch.isTransactional()) {
            return refused(ErrorCode.INVALID_TXN_STATE, batch, "it has an open transaction and this is not part of it");
        }
        if (state.hasOpenTransaction() && batch.producerEpoch() > state.epoch()) {
            return refused(
                    ErrorCode.INVALID_TXN_STATE, batch, "its transaction of epoch " + state.epoch() + " is still open");
        }
        return origin.isClient() ? checkSequence(batch, state) : null;
    }

    private static @Nullable AppendOutcome checkFirst(RecordBatch batch, Origin origin, boolean everHeldRecords) {
        boolean mustBeZero = !everHeldRecords || batch.isTransactional() && origin != Origin.CLIENT_KEEPING_EPOCH;
        if (origin.isClient() && mustBeZero && batch.baseSequence() != 0) {
            return refused(
                    ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, batch, "a new producer of this partition starts at 0");
        }
        return null;
    }

    private static @Nullable AppendOutcome checkSequence(RecordBatch batch, ProducerState state) {
        if (batch.producerEpoch() != state.epoch() || state.recent().isEmpty()) {
            // A marker has bumped the epoch, or the epoch is new: either way this is its first batch.
            return batch.baseSequence() == 0
                    ? null
                    : refused(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, batch, "a new epoch starts at 0");
        }
        int expected = RecordBatch.sequenceAfter(state.lastSequence(), 1);
        return batch.baseSequence() == expected
                ? null
                : refused(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, batch, "the next one is " + expected);
    }

    private static AppendOutcome refused(ErrorCode error, RecordBatch batch, String why) {
        return new AppendOutcome.Rejected(
                error,
                "producer " + batch.producerId() + " epoch " + batch.producerEpoch() + " sequence "
                        + batch.baseSequence() + ": " + why);
    }

    /** Why a transaction marker may not be appended; null if it may. */
    @Nullable
    AppendOutcome checkMarker(long producerId, short epoch, int coordinatorEpoch, int transactionVersion) {
        ProducerState state = producers.get(producerId);
        if (state == null) {
            return null;
        }
        // From version 2 on the coordinator bumps the epoch for the marker, so an equal one belongs to a late request;
        // unless nothing is open, when it repeats a marker that was written (KAFKA-19999).
        boolean repeated = epoch == state.epoch() && (!state.hasOpenTransaction() || epoch == Short.MAX_VALUE);
        boolean stale = transactionVersion >= 2 ? epoch <= state.epoch() && !repeated : epoch < state.epoch();
        if (stale) {
            return new AppendOutcome.Rejected(
                    ErrorCode.INVALID_PRODUCER_EPOCH,
                    "marker of producer " + producerId + " has epoch " + epoch + ", the current one is " + state.epoch()
                            + " (transaction version " + transactionVersion + ")");
        }
        if (coordinatorEpoch < state.coordinatorEpoch()) {
            return new AppendOutcome.Rejected(
                    ErrorCode.TRANSACTION_COORDINATOR_FENCED,
                    "marker of producer " + producerId + " has coordinator epoch " + coordinatorEpoch
                            + ", a marker with " + state.coordinatorEpoch() + " was written");
        }
        return null;
    }

    /**
     * Takes a batch into account that has its place in the log.
     *
     * @return the aborted transaction, if the batch is the marker of one
     */
    Optional<AbortedTransaction> apply(RecordBatch batch) {
        long producerId = batch.producerId();
        if (producerId < 0) {
            return Optional.empty();
        }
        ProducerState state = producers.get(producerId);
        if (state == null) {
            state = ProducerState.unknown(producerId);
        }
        if (batch.isControl()) {
            return applyMarker(batch, state);
        }
        long lastOffset = batch.lastOffset();
        Sequenced sequenced = new Sequenced(
                batch.lastSequence(), lastOffset, (int) (lastOffset - batch.baseOffset()), batch.maxTimestamp());
        if (batch.isTransactional() && !state.hasOpenTransaction()) {
            open.put(batch.baseOffset(), producerId);
        }
        put(state.withBatch(batch.producerEpoch(), sequenced, batch.isTransactional()));
        return Optional.empty();
    }

    /** As {@link #apply(RecordBatch)}, for a batch that was appended now: its own timestamps may be decades old. */
    Optional<AbortedTransaction> apply(RecordBatch batch, long nowMs) {
        if (batch.producerId() >= 0) {
            usedMs.put(batch.producerId(), nowMs);
        }
        return apply(batch);
    }

    private Optional<AbortedTransaction> applyMarker(RecordBatch batch, ProducerState state) {
        cursor.wrap(batch);
        if (!cursor.next()) {
            // Compaction has removed the marker with its whole transaction, but kept its epoch to fence with.
            if (batch.producerEpoch() >= state.epoch() && !state.hasOpenTransaction()) {
                put(state.withMarker(batch.producerEpoch(), state.coordinatorEpoch(), batch.maxTimestamp()));
            }
            return Optional.empty();
        }
        ControlRecord marker = ControlRecord.read(cursor);
        Optional<AbortedTransaction> aborted = Optional.empty();
        if (state.hasOpenTransaction()) {
            long firstOffset = state.transactionFirstOffset();
            open.remove(firstOffset);
            decided.put(firstOffset, new Decided(firstOffset, batch.lastOffset()));
            if (marker.type() == ControlRecord.Type.ABORT) {
                long stable = open.isEmpty() ? batch.lastOffset() + 1 : open.firstKey();
                aborted = Optional.of(
                        new AbortedTransaction(state.producerId(), firstOffset, batch.lastOffset(), stable));
            }
        }
        put(state.withMarker(batch.producerEpoch(), marker.coordinatorEpoch(), batch.maxTimestamp()));
        return aborted;
    }

    private void put(ProducerState state) {
        ProducerState old = producers.put(state.producerId(), state);
        before.putIfAbsent(state.producerId(), old);
    }

    /** What was applied until now is written. */
    void written() {
        before.clear();
    }

    /** Undoes what was applied since the last write; the log ends here again. */
    void takeBack(long logEndOffset) {
        before.forEach((producerId, old) -> {
            if (old == null) {
                producers.remove(producerId);
            } else {
                producers.put(producerId, old);
            }
        });
        before.clear();
        decided.values().removeIf(transaction -> transaction.markerOffset() >= logEndOffset);
        findOpen();
    }

    /** Starts from what a snapshot said. */
    void load(Collection<ProducerState> states) {
        producers.clear();
        decided.clear();
        before.clear();
        states.forEach(state -> producers.put(state.producerId(), state));
        findOpen();
    }

    private void findOpen() {
        open.clear();
        for (ProducerState state : producers.values()) {
            if (state.hasOpenTransaction()) {
                open.put(state.transactionFirstOffset(), state.producerId());
            }
        }
    }

    /** The first offset that a read-committed reader may not see yet, if there is one. */
    OptionalLong firstUnstableOffset() {
        long first = Math.min(
                open.isEmpty() ? Long.MAX_VALUE : open.firstKey(),
                decided.isEmpty() ? Long.MAX_VALUE : decided.firstKey());
        return first == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(first);
    }

    /** Markers below the high watermark no longer hold anything back. */
    void advanceHighWatermark(long highWatermark) {
        decided.values().removeIf(transaction -> transaction.markerOffset() < highWatermark);
    }

    /**
     * Forgets producers without an open transaction that have not written for this long. Kafka looks at the timestamp of the
     * newest batch alone; so a producer of old event times would be forgotten while it writes, and with it how to recognise
     * what it sends twice. Of a producer that has not written since the start the timestamp is all there is.
     */
    void expire(long nowMs, long expirationMs) {
        producers
                .values()
                .removeIf(state -> !state.hasOpenTransaction()
                        && nowMs - lastUseMs(state) >= expirationMs
                        && !before.containsKey(state.producerId()));
        usedMs.keySet().retainAll(producers.keySet());
    }

    private long lastUseMs(ProducerState state) {
        return Math.max(state.lastTimestampMs(), usedMs.getOrDefault(state.producerId(), state.lastTimestampMs()));
    }
}
