package io.millrace.log;

import io.millrace.record.Compression;
import io.millrace.record.RecordBatch;
import io.millrace.record.RecordCursor;
import io.millrace.record.SparseBatchBuilder;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Decides record by record what compaction keeps. Owned by one compaction.
 *
 * <p>Kept are: the last record of each key, counted over the offsets that were mapped; everything behind them; tombstones and
 * lone markers until their delete horizon, which is stamped into their batch the first time they could go (KIP-534);
 * tombstones at or above the floor for longer. Aborted records go at once. A batch stays, even without records, when it
 * carries the last sequence of a live producer or the last offset of the round.
 */
final class BatchCleaner {

    /**
     * What does not change during a compaction.
     *
     * @param mappedEnd records at or above were not mapped and stay
     * @param roundEnd the batch that ends here is kept
     * @param tombstoneFloor tombstones at or above stay, because a local store has not seen them
     * @param liveProducers by id
     */
    record Rules(
            long mappedEnd,
            long roundEnd,
            long tombstoneFloor,
            long nowMs,
            long deleteRetentionMs,
            Map<Long, ProducerState> liveProducers) {}

    private final Rules rules;
    private final KeyOffsets keys;
    private final TransactionTrail trail;
    private final RecordCursor cursor = new RecordCursor();
    private final Map<Compression, SparseBatchBuilder> builders = new EnumMap<>(Compression.class);

    BatchCleaner(Rules rules, KeyOffsets keys, TransactionTrail trail) {
        this.rules = rules;
        this.keys = keys;
        this.trail = trail;
    }

    /**
     * What is left of a batch.
     *
     * @param stillIndexed is given the aborted transaction of a marker that must stay in the aborted index
     * @return the batch itself if all of it stays; empty if nothing does; valid until the next call
     */
    Optional<RecordBatch> clean(RecordBatch batch, Consumer<AbortedTransaction> stillIndexed) {
        return batch.isControl() ? cleanMarker(batch, stillIndexed) : cleanData(batch);
    }

    private Optional<RecordBatch> cleanMarker(RecordBatch marker, Consumer<AbortedTransaction> stillIndexed) {
        boolean alone = trail.isLeftAlone(marker, stillIndexed);
        boolean horizonPassed = marker.hasDeleteHorizon() && marker.deleteHorizonMs() <= rules.nowMs();
        if (marker.recordCount() == 0 || (alone && horizonPassed)) {
            return mustStay(marker) ? Optional.of(emptied(marker)) : Optional.empty();
        }
        return Optional.of(alone && !marker.hasDeleteHorizon() ? withHorizon(marker) : marker);
    }

    private Optional<RecordBatch> cleanData(RecordBatch batch) {
        boolean aborted = trail.isAborted(batch);
        int kept = 0;
        boolean tombstones = false;
        if (!aborted) {
            cursor.wrap(batch);
            while (cursor.next()) {
                if (stays(batch)) {
                    kept++;
                    tombstones |= !cursor.hasValue();
                }
            }
        }
        if (kept == 0) {
            return mustStay(batch) ? Optional.of(emptied(batch)) : Optional.empty();
        }
        boolean stamps = tombstones && !batch.hasDeleteHorizon();
        if (kept == batch.recordCount() && !stamps) {
            return Optional.of(batch);
        }
        SparseBatchBuilder builder = builder(batch.compression());
        builder.begin(batch, stamps ? horizonFromNow() : batch.deleteHorizonMs());
        cursor.wrap(batch);
        while (cursor.next()) {
            if (stays(batch)) {
                builder.append(cursor);
            }
        }
        return Optional.of(builder.finish());
    }

    private boolean stays(RecordBatch batch) {
        long offset = cursor.offset();
        if (offset >= rules.mappedEnd()) {
            return true;
        }
        if (!cursor.hasKey() || offset < keys.offsetOf(cursor.buffer(), cursor.keyPosition(), cursor.keySize())) {
            return false;
        }
        return cursor.hasValue()
                || offset >= rules.tombstoneFloor()
                || !batch.hasDeleteHorizon()
                || rules.nowMs() < batch.deleteHorizonMs();
    }

    private boolean mustStay(RecordBatch batch) {
        if (batch.nextOffset() == rules.roundEnd()) {
            return true;
        }
        ProducerState producer = rules.liveProducers().get(batch.producerId());
        if (producer == null) {
            return false;
        }
        return producer.lastDataOffset() >= 0
                ? batch.lastOffset() == producer.lastDataOffset()
                : batch.isControl() && batch.producerEpoch() == producer.epoch();
    }

    private RecordBatch emptied(RecordBatch batch) {
        if (batch.recordCount() == 0) {
            return batch;
        }
        SparseBatchBuilder builder = builder(batch.compression());
        builder.begin(batch, RecordBatch.NO_TIMESTAMP);
        return builder.finish();
    }

    private RecordBatch withHorizon(RecordBatch batch) {
        SparseBatchBuilder builder = builder(batch.compression());
        builder.begin(batch, horizonFromNow());
        cursor.wrap(batch);
        while (cursor.next()) {
            builder.append(cursor);
        }
        return builder.finish();
    }

    private long horizonFromNow() {
        return rules.deleteRetentionMs() > Long.MAX_VALUE - rules.nowMs()
                ? Long.MAX_VALUE
                : rules.nowMs() + rules.deleteRetentionMs();
    }

    private SparseBatchBuilder builder(Compression compression) {
        return builders.computeIfAbsent(compression, SparseBatchBuilder::new);
    }
}
