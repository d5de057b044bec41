package io.millrace.log;

import io.millrace.record.CorruptBatchException;
import io.millrace.record.RecordBatch;
import io.millrace.record.RecordCursor;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One round of compaction of one log, done in steps. It reads sealed segments and writes new files beside them, so it may run
 * on any one thread while the log goes on; only putting a result in place belongs to the log's owner.
 *
 * <p>Life: {@link PartitionLog#beginCompaction}, then {@link #step} until it says {@link Progress#GROUP_READY}, whereupon the
 * owner calls {@link PartitionLog#swap} and the steps go on, until {@link Progress#DONE}; then the owner calls
 * {@link PartitionLog#endCompaction}, which it may call earlier to give up, but never while a step runs. A crash at any point leaves the old segments or the new one (S11).
 *
 * <p>First the keys of the dirty part are mapped to their last offsets, as many as fit into memory; then all segments up to
 * there are written anew in groups. What was mapped decides what stays, see {@link BatchCleaner}.
 */
public final class Compaction {

    /** Memory for the map of keys of one round at most by default, enough for about 600,000 keys. */
    public static final int MAP_BYTES = 16 << 20;

    /** How far a round is. */
    public enum Progress {
        /** Step again. */
        WORKING,
        /** A group of segments is compacted and durable, and waits for {@link PartitionLog#swap}. */
        GROUP_READY,
        /** Nothing is left to do. */
        DONE
    }

    /** A compacted segment and those it replaces. */
    record Group(List<Segment> sources, Segment replacement) {}

    private final LogStorage storage;
    private final String directory;
    private final CompactionPlan plan;
    private final LogConfig config;
    private final Map<Long, ProducerState> liveProducers;
    private final long tombstoneFloor;
    private final long nowMs;
    private final KeyOffsets keys;
    private final RecordCursor cursor = new RecordCursor();
    private final Deque<Segment> unmapped;
    private final Deque<List<Segment>> groups = new ArrayDeque<>();
    private final Deque<Segment> uncopied = new ArrayDeque<>();
    private TransactionTrail trail;
    private long mappedEnd;
    private boolean mapped;
    private @Nullable WholeBatchScan scan;
    private @Nullable BatchCleaner cleaner;
    private @Nullable Group group;
    private boolean groupReady;
    private boolean discarded;
    private long bytesBefore;
    private long bytesAfter;

    Compaction(
            LogStorage storage,
            String directory,
            CompactionPlan plan,
            LogConfig config,
            Map<Long, ProducerState> liveProducers,
            long tombstoneFloor,
            int mapBytes,
            long nowMs) {
        this.storage = storage;
        this.directory = directory;
        this.plan = plan;
        this.config = config;
        this.liveProducers = liveProducers;
        this.tombstoneFloor = tombstoneFloor;
        this.nowMs = nowMs;
        this.keys = new KeyOffsets(plan.dirtyOffsets(), mapBytes);
        this.unmapped = new ArrayDeque<>(plan.dirty());
        this.trail = new TransactionTrail(plan.aborted());
        this.mappedEnd = plan.firstDirty();
    }

    /**
     * Works through about so many bytes.
     *
     * @throws StorageException if the disk fails or has no room for the copy; the round must be {@link #discard discarded}
     * @throws CorruptBatchException if a segment is corrupt; nothing of it was dropped; discard the round
     */
    public Progress step(int bytes) {
        if (groupReady) {
            return Progress.GROUP_READY;
        }
        long budget = bytes;
        while (budget > 0 && !mapped) {
            budget -= mapNext();
        }
        while (budget > 0 && (group != null || !groups.isEmpty())) {
            budget -= copyNext();
            if (groupReady) {
                return Progress.GROUP_READY;
            }
        }
        return isDone() ? Progress.DONE : Progress.WORKING;
    }

    boolean isDone() {
        return mapped && !discarded && group == null && groups.isEmpty();
    }

    /** Everything below is compacted when the round is done: the new cleaner offset. */
    public long cleanedEnd() {
        return mappedEnd;
    }

    /** Bytes read of segments that were written anew so far. */
    public long bytesBefore() {
        return bytesBefore;
    }

    /** Bytes written in their place. */
    public long bytesAfter() {
        return bytesAfter;
    }

    private int mapNext() {
        WholeBatchScan current = scan;
        if (current == null) {
            Segment next = unmapped.poll();
            if (next == null) {
                endMapping();
                return 0;
            }
            current = new WholeBatchScan(next.file(), next.size());
            scan = current;
        }
        if (!advance(current)) {
            scan = null;
            return 0;
        }
        RecordBatch batch = current.batch();
        if (batch.nextOffset() <= plan.firstDirty()) {
            return batch.sizeInBytes();
        }
        if (batch.isControl()) {
            trail.isLeftAlone(batch, aborted -> {});
        } else if (!trail.isAborted(batch) && !mapRecords(batch)) {
            endMapping();
            return batch.sizeInBytes();
        }
        mappedEnd = batch.nextOffset();
        return batch.sizeInBytes();
    }

    private boolean mapRecords(RecordBatch batch) {
        cursor.wrap(batch);
        while (cursor.next()) {
            boolean counts = cursor.hasKey() && cursor.offset() >= plan.firstDirty();
            if (counts && !keys.put(cursor.buffer(), cursor.keyPosition(), cursor.keySize(), cursor.offset())) {
                mappedEnd = cursor.offset();
                return false;
            }
        }
        return true;
    }

    private void endMapping() {
        scan = null;
        mapped = true;
        if (mappedEnd > plan.firstDirty()) {
            groups.addAll(plan.groups(mappedEnd, config));
            trail = new TransactionTrail(plan.aborted());
            cleaner =
                    new BatchCleaner(plan.rules(mappedEnd, tombstoneFloor, config, liveProducers, nowMs), keys, trail);
        }
    }

    private boolean advance(WholeBatchScan current) {
        if (current.next()) {
            return true;
        }
        if (current.defect() != null) {
            throw new CorruptBatchException(
                    directory + " is corrupt at position " + current.position() + " of a sealed segment: "
                            + current.defect() + ". It is not compacted; restore it from a replica or a backup.");
        }
        return false;
    }

    private int copyNext() {
        Group current = group == null ? beginGroup() : group;
        WholeBatchScan source = scan;
        if (source == null) {
            Segment next = uncopied.poll();
            if (next == null) {
                endGroup(current);
                return 0;
            }
            source = new WholeBatchScan(next.file(), next.size());
            scan = source;
        }
        if (!advance(source)) {
            scan = null;
            return 0;
        }
        RecordBatch batch = source.batch();
        copy(batch, current.replacement());
        bytesBefore += batch.sizeInBytes();
        return batch.sizeInBytes();
    }

    private void copy(RecordBatch batch, Segment target) {
        BatchCleaner rules = cleaner;
        if (rules == null) {
            throw new IllegalStateException("copying before the keys are mapped");
        }
        Optional<RecordBatch> left = rules.clean(batch, target.abortedIndex()::append);
        if (left.isPresent()) {
            RecordBatch kept = left.get();
            target.write(ByteBuffer.wrap(kept.bytes(), kept.position(), kept.sizeInBytes()));
            target.indexed(kept.bytes(), kept.position(), kept.sizeInBytes(), config.indexIntervalBytes());
            bytesAfter += kept.sizeInBytes();
        }
    }

    private Group beginGroup() {
        List<Segment> sources = groups.remove();
        long needed = 0;
        for (Segment source : sources) {
            needed += source.size();
        }
        long usable = storage.space().usableBytes();
        if (usable < needed) {
            throw new StorageException(
                    StorageException.Kind.NO_SPACE,
                    "compaction of " + directory + " needs up to " + needed + " bytes for its copy, there are "
                            + usable,
                    null);
        }
        Segment replacement =
                Segment.create(storage, directory, sources.get(0).baseOffset(), SegmentFiles.CLEANED, nowMs);
        uncopied.addAll(sources);
        Group begun = new Group(sources, replacement);
        group = begun;
        return begun;
    }

    private void endGroup(Group ended) {
        List<Segment> sources = ended.sources();
        Segment replacement = ended.replacement();
        replacement.endAt(sources.get(sources.size() - 1).nextOffset());
        List<LogFile> files = new ArrayList<>();
        replacement.complete();
        files.add(replacement.writeSeal(SegmentFiles.CLEANED));
        replacement.addFilesTo(files, true);
        files.forEach(LogFile::sync);
        storage.syncDirectory(directory);
        groupReady = true;
    }

    /** The group that waits to be put in place; only when the last step said so. */
    Group ready() {
        Group waiting = group;
        if (!groupReady || waiting == null) {
            throw new IllegalStateException("no group is ready");
        }
        return waiting;
    }

    /** The group is in place. */
    void swapped() {
        group = null;
        groupReady = false;
    }

    /** Gives the round up: removes what was not put in place. What was stays, it is right without the rest. */
    public void discard() {
        Group unfinished = group;
        if (unfinished != null && storage.failure().isEmpty()) {
            unfinished.replacement().close();
            long base = unfinished.replacement().baseOffset();
            SegmentTrash.deleteNow(storage, directory, base, SegmentFiles.CLEANED);
            SegmentTrash.deleteNow(storage, directory, base, SegmentFiles.SWAP); // of a swap that did not begin
        }
        group = null;
        groups.clear();
        discarded = true;
        groupReady = false;
    }
}
