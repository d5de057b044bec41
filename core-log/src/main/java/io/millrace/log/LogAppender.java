package io.millrace.log;

import io.millrace.client.ErrorCode;
import io.millrace.kernel.Invariant;
import io.millrace.record.BatchStamp;
import io.millrace.record.Compression;
import io.millrace.record.ControlRecord;
import io.millrace.record.RecordBatch;
import io.millrace.record.TimestampType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writing end of a log: checks batches, gives them their place, gathers them in memory and writes them. Owned by the log's
 * thread.
 *
 * <p>Between an append and its write everything that the append changed can be taken back, because the write may fail: offsets,
 * producers, the tail. Only a roll and a new epoch touch the disk earlier; both are harmless when nothing follows.
 */
final class LogAppender {

    private static final Logger LOG = LoggerFactory.getLogger(LogAppender.class);

    private final SegmentList segments;
    private final SyncLedger ledger;
    private final EpochKeeper epochs;
    private final ProducerStates producers;
    private final ProducerStore snapshots;
    private final TailBuffer tail = new TailBuffer();
    private final BatchValidator validator = new BatchValidator();
    private final List<AbortedTransaction> unwrittenAborts = new ArrayList<>();
    private LogConfig config;
    private long appendedEnd;
    /** Where the file of the active segment will end after the coming write. */
    private int appendedSize;

    private long restedAt = -1;
    private long unwrittenRecords;
    private long lastAppendMs;
    /** A write inside an append failed: told at the next write, nothing is appended before. */
    private WriteOutcome.@Nullable NotWritten untoldFailure;

    LogAppender(LoadedLog loaded, EpochKeeper epochs, ProducerStore snapshots, LogConfig config) {
        this.segments = loaded.segments();
        this.ledger = loaded.ledger();
        this.producers = loaded.producers();
        this.epochs = epochs;
        this.snapshots = snapshots;
        this.config = config;
        restart();
    }

    void reconfigure(LogConfig changed) {
        config = changed;
    }

    /** Forgets what is in memory and goes on at the end of the active segment. */
    void restart() {
        tail.clear();
        unwrittenAborts.clear();
        unwrittenRecords = 0;
        appendedEnd = segments.active().nextOffset();
        appendedSize = segments.active().size();
    }

    long appendedEnd() {
        return appendedEnd;
    }

    boolean hasUnwritten() {
        return tail.pendingBytes() > 0;
    }

    /** Gives the memory of the tail back if nothing was appended since the last call. */
    void rest() {
        if (restedAt == appendedEnd) {
            tail.forgetWritten();
        }
        restedAt = appendedEnd;
    }

    int tailBytes() {
        return tail.retainedBytes();
    }

    void forgetTail() {
        tail.forgetWritten();
    }

    TailBuffer.Snapshot tail() {
        return tail.snapshot();
    }

    AppendOutcome append(RecordBatch batch, Origin origin, int leaderEpoch, long nowMs) {
        if (untoldFailure != null) {
            return refusedAfter(untoldFailure);
        }
        if (origin.isClient()) {
            AppendOutcome.Rejected refused = refuse(batch, nowMs);
            if (refused != null) {
                return refused;
            }
        }
        AppendOutcome known = producers.check(batch, origin, appendedEnd > 0);
        if (known != null) {
            return known;
        }
        RecordBatch stored = origin.isClient() ? withTopicCompression(batch) : batch;
        if (stored != batch && stored.sizeInBytes() > config.maxMessageBytes()) {
            return new AppendOutcome.Rejected(
                    ErrorCode.MESSAGE_TOO_LARGE,
                    "a batch has " + stored.sizeInBytes() + " bytes with the topic's compression.type, more than"
                            + " max.message.bytes=" + config.maxMessageBytes());
        }
        if (stored.sizeInBytes() > config.segmentBytes()) {
            return new AppendOutcome.Rejected(
                    ErrorCode.RECORD_LIST_TOO_LARGE,
                    "a batch of " + stored.sizeInBytes() + " bytes does not fit into a segment of "
                            + config.segmentBytes() + " bytes (segment.bytes)");
        }
        return guarded(() -> place(stored, origin, leaderEpoch, nowMs));
    }

    /** A mistake in reading what a client has sent costs it this batch, of which nothing has been taken in yet. */
    private AppendOutcome.@Nullable Rejected refuse(RecordBatch batch, long nowMs) {
        try {
            return validator.refuse(batch, config, nowMs);
        } catch (RuntimeException | StackOverflowError e) {
            LOG.error("a batch of {} bytes could not be checked by a mistake in the code", batch.sizeInBytes(), e);
            return new AppendOutcome.Rejected(
                    ErrorCode.UNKNOWN_SERVER_ERROR, "the batch could not be checked; the log of the node says why");
        }
    }

    AppendOutcome appendMarker(
            long producerId,
            short producerEpoch,
            ControlRecord marker,
            int transactionVersion,
            int leaderEpoch,
            long nowMs) {
        if (untoldFailure != null) {
            return refusedAfter(untoldFailure);
        }
        AppendOutcome refused =
                producers.checkMarker(producerId, producerEpoch, marker.coordinatorEpoch(), transactionVersion);
        if (refused != null) {
            return refused;
        }
        RecordBatch batch = marker.batch(producerId, producerEpoch, nowMs);
        return guarded(() -> place(batch, Origin.COORDINATOR, leaderEpoch, nowMs));
    }

    private RecordBatch withTopicCompression(RecordBatch batch) {
        Optional<Compression> wanted = config.compression();
        return wanted.isEmpty() || wanted.get() == batch.compression()
                ? batch
                : validator.recompressed(batch, wanted.get(), config.compressionLevel());
    }

    private AppendOutcome place(RecordBatch batch, Origin origin, int leaderEpoch, long nowMs) {
        boolean assigns = origin != Origin.REPLICATION;
        long baseOffset = assigns ? appendedEnd : batch.baseOffset();
        int epoch = assigns ? leaderEpoch : batch.partitionLeaderEpoch();
        long lastOffset = baseOffset + (batch.lastOffset() - batch.baseOffset());
        Invariant.check(baseOffset >= appendedEnd, "offsets ascend", baseOffset, appendedEnd);
        int epochBefore = epochs.history().latest();
        if (epoch >= 0 && epoch < epochBefore) {
            return new AppendOutcome.Rejected(
                    ErrorCode.FENCED_LEADER_EPOCH,
                    "leader epoch " + epoch + " is older than " + epochBefore + ", which the log already has");
        }
        boolean stampsTime = assigns && config.messageTimestampType() == TimestampType.LOG_APPEND_TIME;
        long maxTimestamp = stampsTime ? nowMs : batch.maxTimestamp();
        int size = batch.sizeInBytes();
        makeRoom(size, baseOffset, lastOffset, batch.isControl() ? RecordBatch.NO_TIMESTAMP : maxTimestamp, nowMs);
        if (untoldFailure != null) {
            return refusedAfter(untoldFailure);
        }
        epochs.assignWithRecords(epoch, baseOffset);

        TailBuffer.Chunk chunk = tail.chunkFor(size);
        int at = chunk.used;
        System.arraycopy(batch.bytes(), batch.position(), chunk.bytes, at, size);
        if (assigns) {
            BatchStamp.offsets(chunk.bytes, at, baseOffset, epoch);
        }
        if (stampsTime) {
            BatchStamp.logAppendTime(chunk.bytes, at, nowMs);
        } else if (origin.isClient() && batch.maxTimestamp() != validator.largestTimestamp()) {
            BatchStamp.maxTimestamp(chunk.bytes, at, validator.largestTimestamp());
        }
        tail.added(chunk, size);
        producers.apply(RecordBatch.wrap(chunk.bytes, at, size), nowMs).ifPresent(unwrittenAborts::add);
        appendedEnd = lastOffset + 1;
        appendedSize += size;
        unwrittenRecords += batch.recordCount();
        lastAppendMs = nowMs;
        return new AppendOutcome.Appended(baseOffset, lastOffset, stampsTime ? nowMs : -1);
    }

    /** Writes what waits and rolls the segment if the batch needs that, unless the write fails. */
    private void makeRoom(int size, long baseOffset, long lastOffset, long maxTimestamp, long nowMs) {
        boolean first = segments.active().size() == 0; // its timestamp decides when the segment is old
        boolean overflows = appendedSize + (long) size > config.segmentBytes();
        if (hasUnwritten() && (first || overflows) && !writeBeforeRoll()) {
            return;
        }
        Segment active = segments.active();
        if (active.isFullFor(size, lastOffset, maxTimestamp, config, jitterMs(active), nowMs)) {
            if (hasUnwritten() && !writeBeforeRoll()) {
                return;
            }
            roll(baseOffset, nowMs);
        }
    }

    /** A part of {@code segment.jitter.ms} that stays the same for a segment and differs between segments. */
    private long jitterMs(Segment segment) {
        long range = Math.min(config.segmentJitterMs(), config.segmentMs());
        long mixed = (segment.baseOffset() + segment.file().path().hashCode()) * 0x9E3779B97F4A7C15L;
        return range == 0 ? 0 : Math.floorMod(mixed, range);
    }

    private boolean writeBeforeRoll() {
        if (write() instanceof WriteOutcome.NotWritten failed) {
            untoldFailure = failed;
            return false;
        }
        return true;
    }

    /** Goes on in a new segment; everything must be written. */
    void roll(long baseOffset, long nowMs) {
        segments.roll(baseOffset, nowMs);
        appendedSize = 0;
        if (!snapshots.has(baseOffset)) {
            ledger.wrote(snapshots.write(baseOffset, producers));
        }
    }

    /** Brings indexes, seal and producer snapshot on the disk up to the end of the log; the coming sync makes them durable. */
    void prepareClose() {
        Segment active = segments.active();
        active.completeIndexes();
        List<LogFile> files = new ArrayList<>();
        active.addFilesTo(files, true);
        files.add(active.writeSeal(""));
        if (!snapshots.has(active.nextOffset())) {
            files.add(snapshots.write(active.nextOffset(), producers));
        }
        files.forEach(ledger::wrote);
        segments.namesChanged();
    }

    WriteOutcome write() {
        WriteOutcome untold = untoldFailure;
        if (untold != null) {
            untoldFailure = null;
            return untold;
        }
        Segment active = segments.active();
        if (!hasUnwritten()) {
            return new WriteOutcome.Written(active.nextOffset());
        }
        try {
            active.write(tail.pending());
            unwrittenAborts.forEach(aborted -> active.abortedIndex().append(aborted));
        } catch (StorageException e) {
            return notWritten(active, e);
        }
        int interval = config.indexIntervalBytes();
        tail.written((bytes, position, size) -> active.indexed(bytes, position, size, interval));
        producers.written();
        ledger.wrote(active.file(), unwrittenRecords, lastAppendMs);
        LogFile aborted = active.abortedIndex().file();
        if (!unwrittenAborts.isEmpty() && aborted != null) {
            ledger.wrote(aborted);
        }
        unwrittenAborts.clear();
        unwrittenRecords = 0;
        long writtenEnd = active.nextOffset();
        Invariant.check(writtenEnd == appendedEnd, "all was written", writtenEnd, appendedEnd);
        saveIndexes(active);
        return new WriteOutcome.Written(writtenEnd);
    }

    /** The batches are in the file, whatever becomes of this; a full disk only leaves the indexes to the next time. */
    private void saveIndexes(Segment active) {
        try {
            active.saveManyIndexEntries();
        } catch (StorageException e) {
            if (e.kind() != StorageException.Kind.NO_SPACE) {
                ledger.fail(String.valueOf(e.getMessage()));
            }
        }
    }

    private WriteOutcome notWritten(Segment active, StorageException cause) {
        long end = active.nextOffset();
        producers.takeBack(end);
        restart();
        String reason = String.valueOf(cause.getMessage());
        try {
            active.cutRest();
            active.abortedIndex().truncate(end);
        } catch (StorageException e) {
            ledger.fail("half a write could not be cut: " + e.getMessage());
        }
        if (cause.kind() != StorageException.Kind.NO_SPACE) {
            ledger.fail(reason);
        }
        return new WriteOutcome.NotWritten(cause.error(), reason, end);
    }

    private AppendOutcome guarded(Supplier<AppendOutcome> step) {
        try {
            return step.get();
        } catch (StorageException e) {
            if (e.kind() != StorageException.Kind.NO_SPACE) {
                ledger.fail(String.valueOf(e.getMessage()));
            }
            return new AppendOutcome.Rejected(e.error(), String.valueOf(e.getMessage()));
        }
    }

    private static AppendOutcome refusedAfter(WriteOutcome.NotWritten failure) {
        return new AppendOutcome.Rejected(
                failure.error(), "an earlier batch could not be written: " + failure.message());
    }
}
