package io.millrace.log;

import io.millrace.client.ErrorCode;
import io.millrace.client.TopicPartition;
import io.millrace.kernel.Invariant;
import io.millrace.record.ControlRecord;
import io.millrace.record.RecordBatch;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
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

    private final LogStorage storage;
    private final TopicPartition partition;
    private final UUID topicId;
    private final SyncLedger ledger;
    private final SegmentList segments;
    private final EpochKeeper epochs;
    private final ProducerStates producers;
    private final LogAppender appender;
    private final long recoveryPointAtStart;
    private final LogScrubber scrubber;
    private final LogTrimmer trimmer;
    private final LogCompactor compactor;
    private LogConfig config;
    private long highWatermark;

    /** Published with release and read with acquire: all that it reaches was written before. */
    private final AtomicReference<LogView> view = new AtomicReference<>();

    private PartitionLog(
            LogStorage storage,
            String directory,
            TopicPartition partition,
            UUID topicId,
            LogConfig config,
            LoadedLog loaded) {
        this.storage = storage;
        this.partition = partition;
        this.topicId = topicId;
        this.config = config;
        this.ledger = loaded.ledger();
        this.segments = loaded.segments();
        this.producers = loaded.producers();
        this.epochs = new EpochKeeper(storage, directory, ledger, loaded.epochs());
        ProducerStore snapshots = new ProducerStore(storage, directory);
        this.appender = new LogAppender(loaded, epochs, snapshots, config);
        this.scrubber = new LogScrubber(partition, segments, epochs, loaded.quarantine());
        this.recoveryPointAtStart = loaded.recoveryPoint();
        this.trimmer = new LogTrimmer(storage, directory, loaded, epochs, snapshots);
        this.highWatermark = loaded.logStartOffset();
        this.compactor = new LogCompactor(storage, directory, loaded);
        publish();
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
        LoadedLog loaded = LogLoader.load(storage, directory, topicId, config, hints, nowMs);
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
        return view.getAcquire();
    }

    /** The end of what was appended, written or not: the offset of the next record. */
    public long appendedEnd() {
        return appender.appendedEnd();
    }

    /** Why appends are refused, if they are: the disk failed, or the log is corrupt. One or more sentences for people. */
    public Optional<String> refusal() {
        return scrubber.quarantine()
                .or(() -> Optional.ofNullable(ledger.failure()))
                .or(storage::failure);
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
        ControlRecord.Type type = commit ? ControlRecord.Type.COMMIT : ControlRecord.Type.ABORT;
        ControlRecord marker = new ControlRecord(type, coordinatorEpoch);
        return refusal.isPresent()
                ? refused(refusal.get())
                : appender.appendMarker(producerId, producerEpoch, marker, transactionVersion, leaderEpoch, nowMs);
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
        segments.sealFlushed();
        publish();
    }

    /** Everything below is durable, whatever the durability asked for. */
    public long flushedEnd() {
        return ledger.flushedEnd();
    }

    /** Everything below was synced, whether it is still there or not; of a log in quarantine, as it was known at its start. */
    public long recoveryPoint() {
        return Math.max(ledger.flushedEnd(), scrubber.quarantine().isPresent() ? recoveryPointAtStart : 0);
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
     * Removes every record below an offset, for readers at once and from the disk segment by segment.
     *
     * @param before -1 for the high watermark
     * @return the log start offset; empty, with nothing changed, if {@code before} lies above the high watermark
     */
    public OptionalLong deleteRecords(long before, long nowMs) {
        long offset = before == -1 ? highWatermark : before;
        if (offset > highWatermark || offset < 0) {
            return OptionalLong.empty();
        }
        trimmer.startAt(offset, config.fileDeleteDelayMs(), nowMs);
        publish();
        return OptionalLong.of(trimmer.logStartOffset());
    }

    /**
     * Housekeeping, to be called now and then: removes segments that {@code retention.ms} and {@code retention.bytes} no longer
     * want, files that were left to readers, and the tail in memory of a log that has come to rest.
     */
    public void retain(long nowMs) {
        if (refusal().isPresent()) {
            return;
        }
        try {
            trimmer.retain(config, highWatermark, appender, nowMs);
        } finally {
            appender.rest();
            publish(); // before files go that only an older view shows
        }
        trimmer.purge(nowMs);
    }

    /**
     * Cuts every batch that reaches {@code offset} or beyond, as a follower does whose leader has others there (R22, R23); durable
     * when this returns. Below the high watermark this would lose acknowledged records: that is a broken invariant.
     */
    public void truncateTo(long offset) {
        Invariant.check(offset >= highWatermark, "nothing acknowledged is truncated", offset, highWatermark);
        if (refusal().isPresent() || offset >= segments.active().nextOffset()) {
            return;
        }
        endCompaction();
        trimmer.cutTo(offset, producers);
        producers.advanceHighWatermark(highWatermark);
        compactor.resumeAt(compactor.cleanedEnd());
        appender.restart();
        publish();
    }

    /** How far compaction has been through the log; the caller keeps it in a checkpoint. */
    public long cleanedEnd() {
        return compactor.cleanedEnd();
    }

    /** Takes what the checkpoint says, after opening. */
    public void resumeCleanedEnd(long offset) {
        compactor.resumeAt(Math.max(offset, trimmer.logStartOffset()));
    }

    /**
     * Begins a round of compaction if the topic is compacted and needs it; one round at a time.
     *
     * @param tombstoneFloor tombstones at or above this offset are kept whatever their age; {@link Long#MAX_VALUE} for none
     * @param mapBytes memory for the map of keys at most, such as {@link Compaction#MAP_BYTES}
     */
    public Optional<Compaction> beginCompaction(long tombstoneFloor, int mapBytes, long nowMs) {
        long durable = Math.min(view().lastStableOffset(), ledger.flushedEnd());
        return refusal().isPresent()
                ? Optional.empty()
                : compactor.begin(durable, config, tombstoneFloor, mapBytes, nowMs);
    }

    /**
     * Puts the group that is ready in its place.
     *
     * @return false if retention has removed one of its segments meanwhile; end the round then
     */
    public boolean swap(Compaction round, long nowMs) {
        boolean swapped = compactor.isCurrent(round) && trimmer.swap(round.ready(), config.fileDeleteDelayMs(), nowMs);
        if (swapped) {
            round.swapped();
            publish();
        }
        return swapped;
    }

    /** Ends the round, if there is one: remembers how far it came if it is done, discards what is not in place otherwise. */
    public void endCompaction() {
        compactor.end();
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
                endCompaction();
                trimmer.purge(Long.MAX_VALUE);
                clean = write() instanceof WriteOutcome.Written;
                if (ledger.isDue()) {
                    synced(beginSync().run()); // before the last seal
                }
                appender.prepareClose();
                synced(beginSync().run());
            } catch (StorageException e) {
                LOGGER.error("{} could not be closed cleanly: {}", partition, e.getMessage());
                clean = false;
            }
        }
        segments.all().forEach(Segment::close);
        return clean && refusal().isEmpty();
    }

    /** Closes everything as it is, with no word to the disk: the log is about to be deleted. */
    public void abandon() {
        segments.all().forEach(Segment::close);
    }

    /** Memory (bytes) of the newest batches. */
    public int tailBytes() {
        return appender.tailBytes();
    }

    /** Gives back the memory of the newest batches; readers take them from the file. What waits for its write stays. */
    public void forgetTail() {
        if (!appender.hasUnwritten()) {
            appender.forgetTail();
            publish();
        }
    }

    /** Reads sealed segments again, and keeps the log from being written to if one of them is rotten. */
    public LogScrubber scrubber() {
        return scrubber;
    }

    private void publish() {
        view.setRelease(newView());
    }

    private LogView newView() {
        long stable = Math.min(highWatermark, producers.firstUnstableOffset().orElse(Long.MAX_VALUE));
        return new LogView(
                segments.array(),
                appender.tail(),
                epochs.history(),
                trimmer.logStartOffset(),
                ledger.flushedEnd(),
                highWatermark,
                Math.max(stable, trimmer.logStartOffset()),
                segments.active().nextOffset());
    }
}
