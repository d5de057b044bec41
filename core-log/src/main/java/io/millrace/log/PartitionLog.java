package io.millrace.log;

import io.millrace.client.ErrorCode;
import io.millrace.client.TopicPartition;
import io.millrace.kernel.Invariant;
import io.millrace.record.BatchStamp;
import io.millrace.record.RecordBatch;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The log of one local replica: ordered segments on disk, the newest batches in memory.
 *
 * <p>One thread owns it and calls everything but {@link #view}. An append goes through three steps, so that many batches share
 * one write and many logs one wait for the disk: {@link #append} checks a batch, gives it its offsets and keeps it in memory;
 * {@link #write} puts all that were appended into the file at once and publishes them; {@link #beginSync} says what has to be
 * synced, which another thread may do, and {@link #synced} takes the result. Readers on any thread use the last published
 * {@link LogView}; they are shown nothing above the high watermark, which the caller moves.
 */
public final class PartitionLog {

    private static final VarHandle VIEW;

    static {
        try {
            VIEW = MethodHandles.lookup().findVarHandle(PartitionLog.class, "view", LogView.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final LogStorage storage;
    private final TopicPartition partition;
    private final UUID topicId;
    private final SyncLedger ledger;
    private final SegmentList segments;
    private final TailBuffer tail = new TailBuffer();
    private LogConfig config;
    private EpochHistory epochs;
    private long logStartOffset;
    private long highWatermark;
    /** The end of what is in the file. */
    private long writtenEnd;
    /** The end of what was appended, which may wait for its write. */
    private long appendedEnd;
    /** Where the file of the active segment will end after the coming write. */
    private int appendedSize;
    /** A write inside an append failed: told at the next {@link #write}, nothing is appended before. */
    private WriteOutcome.@Nullable NotWritten untoldFailure;

    /** Published with release and read with acquire: all that it reaches was written before. */
    @SuppressWarnings("unused") // through VIEW
    private LogView view;

    private PartitionLog(
            LogStorage storage, TopicPartition partition, UUID topicId, LogConfig config, LoadedLog loaded) {
        this.storage = storage;
        this.partition = partition;
        this.topicId = topicId;
        this.config = config;
        this.ledger = loaded.ledger();
        this.segments = loaded.segments();
        this.epochs = loaded.epochs();
        this.logStartOffset = loaded.logStartOffset();
        this.writtenEnd = segments.active().nextOffset();
        this.appendedEnd = writtenEnd;
        this.appendedSize = segments.active().size();
        this.highWatermark = logStartOffset;
        this.view = newView();
    }

    /**
     * Opens the log in a directory, or begins one there, and recovers what an unclean end has left.
     *
     * @param directory relative to the root of the storage, such as {@code flights-0}
     * @param nowMs the wall-clock time
     * @throws StorageException if the disk fails
     */
    public static PartitionLog open(
            LogStorage storage,
            String directory,
            TopicPartition partition,
            UUID topicId,
            LogConfig config,
            RecoveryHints hints,
            long nowMs) {
        return new PartitionLog(
                storage, partition, topicId, config, LogLoader.load(storage, directory, config, hints, nowMs));
    }

    public TopicPartition partition() {
        return partition;
    }

    public UUID topicId() {
        return topicId;
    }

    public LogConfig config() {
        return config;
    }

    /** Takes another configuration from the next append on. */
    public void reconfigure(LogConfig changed) {
        config = changed;
    }

    /** The last published moment. Callable from any thread. */
    public LogView view() {
        return (LogView) VIEW.getAcquire(this);
    }

    /** The end of what was appended, written or not: the offset of the next record. */
    public long appendedEnd() {
        return appendedEnd;
    }

    /** Why appends are refused, if they are: the disk failed, or the log is corrupt. */
    public Optional<String> refusal() {
        String failure = ledger.failure();
        return failure == null ? storage.failure() : Optional.of(failure);
    }

    /**
     * Appends a batch. It is copied; the caller may use its bytes again.
     *
     * @param leaderEpoch stamped into the batch, unless it is replicated
     * @param nowMs the wall-clock time
     */
    public AppendOutcome append(RecordBatch batch, Origin origin, int leaderEpoch, long nowMs) {
        Optional<String> refusal = refusal();
        if (refusal.isPresent() || untoldFailure != null) {
            String reason = refusal.orElse("an earlier batch could not be written");
            return new AppendOutcome.Rejected(ErrorCode.KAFKA_STORAGE_ERROR, partition + ": " + reason);
        }
        if (batch.sizeInBytes() > config.segmentBytes()) {
            return new AppendOutcome.Rejected(
                    ErrorCode.RECORD_LIST_TOO_LARGE,
                    "a batch of " + batch.sizeInBytes() + " bytes does not fit into a segment of "
                            + config.segmentBytes() + " bytes (segment.bytes)");
        }
        return accept(batch, origin, leaderEpoch, nowMs);
    }

    private AppendOutcome accept(RecordBatch batch, Origin origin, int leaderEpoch, long nowMs) {
        boolean assigns = origin != Origin.REPLICATION;
        long baseOffset = assigns ? appendedEnd : batch.baseOffset();
        int epoch = assigns ? leaderEpoch : batch.partitionLeaderEpoch();
        long lastOffset = baseOffset + (batch.lastOffset() - batch.baseOffset());
        Invariant.check(baseOffset >= appendedEnd, "offsets ascend", baseOffset, appendedEnd);
        Invariant.check(epoch >= epochs.latest() || epoch < 0, "leader epochs ascend", epoch, epochs.latest());
        int size = batch.sizeInBytes();
        if (!makeRoom(size, baseOffset, lastOffset, batch.maxTimestamp(), nowMs)) {
            return new AppendOutcome.Rejected(
                    ErrorCode.KAFKA_STORAGE_ERROR, partition + ": an earlier batch could not be written");
        }

        TailBuffer.Chunk chunk = tail.chunkFor(size);
        System.arraycopy(batch.bytes(), batch.position(), chunk.bytes, chunk.used, size);
        if (assigns) {
            BatchStamp.offsets(chunk.bytes, chunk.used, baseOffset, epoch);
        }
        tail.added(chunk, size);
        epochs = epochs.assign(epoch, baseOffset);
        appendedEnd = lastOffset + 1;
        appendedSize += size;
        return new AppendOutcome.Appended(baseOffset, lastOffset, -1);
    }

    /** Writes what waits and rolls the segment if the batch needs that; false if the write failed. */
    private boolean makeRoom(int size, long baseOffset, long lastOffset, long maxTimestamp, long nowMs) {
        boolean first = segments.active().size() == 0; // its timestamp decides when the segment is old
        boolean overflows = appendedSize + (long) size > config.segmentBytes();
        if (tail.pendingBytes() > 0 && (first || overflows) && !writeBeforeRoll()) {
            return false;
        }
        if (segments.active().isFullFor(size, lastOffset, maxTimestamp, config, 0, nowMs)) {
            if (!writeBeforeRoll()) {
                return false;
            }
            segments.roll(baseOffset, nowMs);
            appendedSize = 0;
        }
        return true;
    }

    private boolean writeBeforeRoll() {
        if (write() instanceof WriteOutcome.NotWritten failed) {
            untoldFailure = failed;
            return false;
        }
        return true;
    }

    /** Puts all appended batches into the file with one write, and publishes them. */
    public WriteOutcome write() {
        WriteOutcome untold = untoldFailure;
        if (untold != null) {
            untoldFailure = null;
            return untold;
        }
        if (tail.pendingBytes() == 0) {
            return new WriteOutcome.Written(writtenEnd);
        }
        Segment active = segments.active();
        try {
            active.write(tail.pending());
        } catch (StorageException e) {
            return notWritten(active, e);
        }
        int interval = config.indexIntervalBytes();
        tail.written((bytes, position, size) -> active.indexed(bytes, position, size, interval));
        ledger.wrote(active.file());
        writtenEnd = active.nextOffset();
        Invariant.check(writtenEnd == appendedEnd, "all was written", writtenEnd, appendedEnd);
        publish();
        return new WriteOutcome.Written(writtenEnd);
    }

    private WriteOutcome notWritten(Segment active, StorageException cause) {
        tail.clear();
        appendedEnd = writtenEnd;
        appendedSize = active.size();
        epochs = epochs.cutTo(writtenEnd);
        try {
            active.cutFailedWrite();
        } catch (StorageException e) {
            ledger.fail("half a batch could not be cut: " + e.getMessage());
        }
        if (cause.kind() != StorageException.Kind.NO_SPACE) {
            ledger.fail(String.valueOf(cause.getMessage()));
        }
        publish();
        return new WriteOutcome.NotWritten(
                ErrorCode.KAFKA_STORAGE_ERROR, String.valueOf(cause.getMessage()), writtenEnd);
    }

    /** Whether something was written that is not durable yet. */
    public boolean isSyncDue() {
        return ledger.isDue();
    }

    /** What has to be synced to make everything durable that was written until now. */
    public SyncRequest beginSync() {
        return ledger.take(writtenEnd);
    }

    /** Takes the result of a sync: moves the flushed end, or refuses every append from now on. */
    public void synced(SyncRequest.Result result) {
        ledger.apply(result);
        publish();
    }

    /** Everything below is durable, whatever the durability asked for. It is also the recovery point. */
    public long flushedEnd() {
        return ledger.flushedEnd();
    }

    /**
     * Moves the high watermark forward, at most to the log end.
     *
     * @return the high watermark
     */
    public long advanceHighWatermark(long offset) {
        long bounded = Math.min(offset, writtenEnd);
        if (bounded > highWatermark) {
            highWatermark = bounded;
            publish();
        }
        return highWatermark;
    }

    /** Closes the files; nothing is synced. */
    public void close() {
        segments.all().forEach(Segment::close);
    }

    private void publish() {
        VIEW.setRelease(this, newView());
    }

    private LogView newView() {
        return new LogView(
                segments.array(),
                tail.snapshot(),
                epochs,
                logStartOffset,
                ledger.flushedEnd(),
                highWatermark,
                highWatermark,
                writtenEnd);
    }
}
