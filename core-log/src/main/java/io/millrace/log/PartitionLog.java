package io.millrace.log;

import io.millrace.client.ErrorCode;
import io.millrace.client.TopicPartition;
import io.millrace.record.ControlRecord;
import io.millrace.record.RecordBatch;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
    private static final Logger LOGGER = LoggerFactory.getLogger(PartitionLog.class);
    private static final VarHandle VIEW;

    static {
        try {
            VIEW = MethodHandles.lookup().findVarHandle(PartitionLog.class, "view", LogView.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final LogStorage storage;
    private final String directory;
    private final TopicPartition partition;
    private final UUID topicId;
    private final SyncLedger ledger;
    private final SegmentList segments;
    private final EpochKeeper epochs;
    private final ProducerStates producers;
    private final ProducerStore snapshots;
    private final LogAppender appender;
    private final @Nullable String quarantine;
    private LogConfig config;
    private long logStartOffset;
    private long highWatermark;

    /** Published with release and read with acquire: all that it reaches was written before. */
    @SuppressWarnings("unused") // through VIEW
    private LogView view;

    private PartitionLog(
            LogStorage storage,
            String directory,
            TopicPartition partition,
            UUID topicId,
            LogConfig config,
            LoadedLog loaded) {
        this.storage = storage;
        this.directory = directory;
        this.partition = partition;
        this.topicId = topicId;
        this.config = config;
        this.ledger = loaded.ledger();
        this.segments = loaded.segments();
        this.producers = loaded.producers();
        this.epochs = new EpochKeeper(storage, directory, loaded.epochs());
        this.snapshots = new ProducerStore(storage, directory);
        this.appender = new LogAppender(loaded, epochs, snapshots, config);
        this.quarantine = loaded.quarantine();
        this.logStartOffset = loaded.logStartOffset();
        this.highWatermark = logStartOffset;
        this.view = newView();
    }

    /**
     * Opens the log in a directory, or begins one there, and recovers what an unclean end has left.
     *
     * <p>The high watermark begins at the log start; the caller moves it to where it knows it to be, which for the only
     * replica is the log end: recovery has synced all that is left.
     *
     * @param directory relative to the root of the storage, such as {@code flights-0}
     * @param nowMs the wall-clock time
     * @throws StorageException if the disk fails, or the directory belongs to another topic id
     */
    public static PartitionLog open(
            LogStorage storage,
            String directory,
            TopicPartition partition,
            UUID topicId,
            LogConfig config,
            RecoveryHints hints,
            long nowMs) {
        Optional<UUID> found = TopicIds.read(storage, directory);
        if (found.isPresent() && !found.get().equals(topicId)) {
            throw new StorageException(
                    StorageException.Kind.IO,
                    directory + " belongs to topic id " + TopicIds.toText(found.get()) + ", not to "
                            + TopicIds.toText(topicId)
                            + ": the topic was deleted and created again. Remove the directory.",
                    null);
        }
        LoadedLog loaded = LogLoader.load(storage, directory, config, hints, nowMs);
        if (found.isEmpty()) {
            TopicIds.write(storage, directory, topicId);
        }
        return new PartitionLog(storage, directory, partition, topicId, config, loaded);
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
        appender.reconfigure(changed);
    }

    /** The last published moment. Callable from any thread. */
    public LogView view() {
        return (LogView) VIEW.getAcquire(this);
    }

    /** The end of what was appended, written or not: the offset of the next record. */
    public long appendedEnd() {
        return appender.appendedEnd();
    }

    /** Why appends are refused, if they are: the disk failed, or the log is corrupt. One or more sentences for people. */
    public Optional<String> refusal() {
        String reason = quarantine != null ? quarantine : ledger.failure();
        return reason == null ? storage.failure() : Optional.of(reason);
    }

    /**
     * Appends a batch. It is copied; the caller may use its bytes again.
     *
     * @param leaderEpoch stamped into the batch, unless it is replicated; never smaller than before
     * @param nowMs the wall-clock time
     */
    public AppendOutcome append(RecordBatch batch, Origin origin, int leaderEpoch, long nowMs) {
        Optional<String> refusal = refusal();
        return refusal.isPresent() ? refused(refusal.get()) : appender.append(batch, origin, leaderEpoch, nowMs);
    }

    /**
     * Appends the marker that ends a producer's transaction here. Without an open transaction it only moves the producer's
     * epoch.
     *
     * @param transactionVersion 2 or more demands an epoch above the producer's (KIP-890), less an equal or higher one
     */
    public AppendOutcome appendMarker(
            long producerId,
            short producerEpoch,
            boolean commit,
            int coordinatorEpoch,
            int transactionVersion,
            int leaderEpoch,
            long nowMs) {
        Optional<String> refusal = refusal();
        if (refusal.isPresent()) {
            return refused(refusal.get());
        }
        ControlRecord.Type type = commit ? ControlRecord.Type.COMMIT : ControlRecord.Type.ABORT;
        ControlRecord marker = new ControlRecord(type, coordinatorEpoch);
        return appender.appendMarker(producerId, producerEpoch, marker, transactionVersion, leaderEpoch, nowMs);
    }

    private AppendOutcome refused(String why) {
        return new AppendOutcome.Rejected(ErrorCode.KAFKA_STORAGE_ERROR, partition + ": " + why);
    }

    /** Puts all appended batches into the file with one write, and publishes them. */
    public WriteOutcome write() {
        boolean changes = appender.hasUnwritten();
        WriteOutcome outcome = appender.write();
        if (changes || outcome instanceof WriteOutcome.NotWritten) {
            publish();
        }
        return outcome;
    }

    /** Whether something was written that is not durable yet. */
    public boolean isSyncDue() {
        return ledger.isDue();
    }

    /** Whether the topic's durability asks for a sync now: always what was written, or what {@code flush.*} says. */
    public boolean isSyncDue(long nowMs) {
        return ledger.isDue(config, nowMs);
    }

    /** What has to be synced to make everything durable that was written until now. */
    public SyncRequest beginSync() {
        return ledger.take(segments.active().nextOffset());
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
     * Moves the high watermark forward, at most to the end of what is written.
     *
     * @return the high watermark
     */
    public long advanceHighWatermark(long offset) {
        long bounded = Math.min(offset, segments.active().nextOffset());
        if (bounded > highWatermark) {
            highWatermark = bounded;
            producers.advanceHighWatermark(highWatermark);
            publish();
        }
        return highWatermark;
    }

    /** The epoch of a new leader begins at the end of the log; durable when this returns (R10). */
    public void beginEpoch(int leaderEpoch) {
        epochs.assign(leaderEpoch, appender.appendedEnd());
        publish();
    }

    /** The producers this partition knows. */
    public Collection<ProducerState> producers() {
        return producers.all();
    }

    public Optional<ProducerState> producer(long producerId) {
        return producers.of(producerId);
    }

    /** Forgets producers that have no open transaction and have not written for so long ({@code producer.id.expiration.ms}). */
    public void expireProducers(long nowMs, long expirationMs) {
        producers.expire(nowMs, expirationMs);
    }

    /**
     * Writes, syncs and closes everything, so that the next opening need not scan if the whole directory closed so.
     *
     * @return whether all went well; if not, the directory must not be marked as closed cleanly
     */
    public boolean close() {
        boolean clean = refusal().isEmpty();
        if (clean) {
            try {
                clean = write() instanceof WriteOutcome.Written;
                finish();
            } catch (StorageException e) {
                LOGGER.error("{} could not be closed cleanly: {}", partition, e.getMessage());
                clean = false;
            }
        }
        segments.all().forEach(Segment::close);
        return clean && refusal().isEmpty();
    }

    private void finish() {
        Segment active = segments.active();
        active.saveIndexes();
        List<LogFile> files = new ArrayList<>();
        active.addFilesTo(files, true);
        files.add(active.writeSeal(""));
        if (!snapshots.has(active.nextOffset())) {
            files.add(snapshots.write(active.nextOffset(), producers));
        }
        files.forEach(ledger::wrote);
        ledger.changed(directory);
        synced(beginSync().run());
    }

    private void publish() {
        VIEW.setRelease(this, newView());
    }

    private LogView newView() {
        long stable = Math.min(highWatermark, producers.firstUnstableOffset().orElse(Long.MAX_VALUE));
        return new LogView(
                segments.array(),
                appender.tail(),
                epochs.history(),
                logStartOffset,
                ledger.flushedEnd(),
                highWatermark,
                Math.max(stable, logStartOffset),
                segments.active().nextOffset());
    }
}
