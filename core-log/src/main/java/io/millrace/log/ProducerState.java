package io.millrace.log;

import io.millrace.record.RecordBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a partition remembers of one producer. Immutable.
 *
 * @param epoch the newest epoch it wrote or was fenced with
 * @param coordinatorEpoch of the newest transaction marker; -1 if there was none
 * @param lastTimestampMs the timestamp of its newest batch or marker, which decides when it is forgotten
 * @param transactionFirstOffset of its open transaction here; -1 if none is open
 * @param recent its newest batches of this epoch, oldest first
 */
public record ProducerState(
        long producerId,
        short epoch,
        int coordinatorEpoch,
        long lastTimestampMs,
        long transactionFirstOffset,
        List<Sequenced> recent) {

    /** How many batches are remembered to recognise a duplicate: as many as a producer may have in flight. */
    public static final int WINDOW_BATCHES = 5;

    /** No transaction is open. */
    static final long NONE = -1;

    /** A batch of the producer: its last sequence and offset, and how many records lie before the last one. */
    public record Sequenced(int lastSequence, long lastOffset, int offsetDelta, long timestampMs) {
        int firstSequence() {
            return lastSequence == RecordBatch.NO_SEQUENCE
                    ? RecordBatch.NO_SEQUENCE
                    : (int) (((long) lastSequence - offsetDelta) & Integer.MAX_VALUE);
        }

        long firstOffset() {
            return lastOffset - offsetDelta;
        }
    }

    public ProducerState {
        recent = List.copyOf(recent);
    }

    static ProducerState unknown(long producerId) {
        return new ProducerState(
                producerId, RecordBatch.NO_PRODUCER_EPOCH, -1, RecordBatch.NO_TIMESTAMP, NONE, List.of());
    }

    boolean hasOpenTransaction() {
        return transactionFirstOffset >= 0;
    }

    /** The sequence of its newest record, -1 if no batch of this epoch is known. */
    public int lastSequence() {
        return recent.isEmpty()
                ? RecordBatch.NO_SEQUENCE
                : recent.get(recent.size() - 1).lastSequence();
    }

    long lastDataOffset() {
        return recent.isEmpty() ? -1 : recent.get(recent.size() - 1).lastOffset();
    }

    /** The remembered batch with exactly these sequences. */
    Optional<Sequenced> duplicateOf(short batchEpoch, int firstSequence, int lastSequence) {
        if (batchEpoch == epoch && firstSequence != RecordBatch.NO_SEQUENCE) {
            for (Sequenced batch : recent) {
                if (batch.lastSequence() == lastSequence && batch.firstSequence() == firstSequence) {
                    return Optional.of(batch);
                }
            }
        }
        return Optional.empty();
    }

    ProducerState withBatch(short batchEpoch, Sequenced batch, boolean transactional) {
        List<Sequenced> window = new ArrayList<>(WINDOW_BATCHES);
        if (batchEpoch == epoch) {
            window.addAll(recent.size() < WINDOW_BATCHES ? recent : recent.subList(1, recent.size()));
        }
        window.add(batch);
        long first = transactional && !hasOpenTransaction() ? batch.firstOffset() : transactionFirstOffset;
        return new ProducerState(producerId, batchEpoch, coordinatorEpoch, batch.timestampMs(), first, window);
    }

    ProducerState withMarker(short markerEpoch, int markerCoordinatorEpoch, long timestampMs) {
        List<Sequenced> window = markerEpoch == epoch ? recent : List.of();
        return new ProducerState(producerId, markerEpoch, markerCoordinatorEpoch, timestampMs, NONE, window);
    }
}
