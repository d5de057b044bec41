package io.millrace.node;

import io.millrace.client.ErrorCode;
import io.millrace.client.ProducerIdentity;
import io.millrace.client.TopicPartition;
import io.millrace.coordinator.Resolution;
import io.millrace.kernel.Invariant;
import io.millrace.log.AppendOutcome;
import io.millrace.log.LogConfig;
import io.millrace.log.LogConfig.Durability;
import io.millrace.log.LogStorage;
import io.millrace.log.LogView;
import io.millrace.log.Origin;
import io.millrace.log.PartitionLog;
import io.millrace.log.ProducerState;
import io.millrace.log.RecoveryHints;
import io.millrace.log.StorageException;
import io.millrace.log.SyncRequest;
import io.millrace.log.WriteOutcome;
import io.millrace.record.RecordBatch;
import io.millrace.replica.Replica;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One partition of this node: its log, its replica role and its readers. Owned by the log agent; other threads see its
 * {@link PartitionHandle} alone.
 *
 * <p>The log is opened when it is first needed, so that the internal topics cost nothing before they are used.
 */
final class Partition {

    private final LogStorage storage;
    private final int nodeId;
    private final int leaderEpoch;
    private final PartitionHandle handle;
    private final Replica replica;
    private LogConfig config;
    private @Nullable PartitionLog log;
    private boolean appended;
    private boolean syncing;

    /** Why the last write failed, and the end of the log it left. */
    private WriteOutcome.@Nullable NotWritten failedWrite;

    Partition(LogStorage storage, int nodeId, int leaderEpoch, TopicPartition id, UUID topicId, LogConfig config) {
        this.storage = storage;
        this.nodeId = nodeId;
        this.leaderEpoch = leaderEpoch;
        this.handle = new PartitionHandle(id, topicId);
        this.replica = new Replica(nodeId);
        this.config = config;
    }

    TopicPartition id() {
        return handle.id();
    }

    PartitionHandle handle() {
        return handle;
    }

    LogConfig config() {
        return config;
    }

    /** Stamped into what is appended in this life. */
    int leaderEpoch() {
        return leaderEpoch;
    }

    boolean isOpen() {
        return log != null;
    }

    /** The opened log, null if nothing was ever written. */
    @Nullable
    PartitionLog log() {
        return log;
    }

    /** Opens the log, with its directory if there is none yet, and takes the lead. */
    void open(RecoveryHints hints, long nowMs) {
        String directory = id().toString();
        PartitionLog opened = PartitionLog.open(storage, directory, id(), handle.topicId(), config, hints, nowMs);
        log = opened;
        replica.lead(leaderEpoch, Set.of(nodeId), opened.appendedEnd(), opened.flushedEnd());
        // What recovery has kept is synced before anybody sees it (S12), so all of it counts.
        replica.durable(nodeId, opened.appendedEnd());
        opened.advanceHighWatermark(replica.highWatermark());
        handle.opened(opened);
        opened.scrubber().quarantine().ifPresent(handle::failed);
    }

    /** Takes what a checkpoint says of compaction, after opening. */
    void resumeCleanedEnd(long offset) {
        opened().resumeCleanedEnd(offset);
    }

    void reconfigure(LogConfig changed) {
        config = changed;
        if (log != null) {
            log.reconfigure(changed);
        }
    }

    /** Takes a batch in; it counts once {@link #write} and, where the topic asks for it, a sync have succeeded. */
    AppendOutcome append(RecordBatch batch, Origin origin, long nowMs) {
        return append(nowMs, opened -> opened.append(batch, origin, leaderEpoch, nowMs));
    }

    private AppendOutcome append(long nowMs, Function<PartitionLog, AppendOutcome> how) {
        if (handle.isDeleted()) {
            return new AppendOutcome.Rejected(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, id() + " was deleted");
        }
        try {
            if (log == null) {
                open(RecoveryHints.NONE, nowMs);
            }
            AppendOutcome outcome = how.apply(Objects.requireNonNull(log));
            appended |= outcome instanceof AppendOutcome.Appended;
            return outcome;
        } catch (StorageException e) {
            return new AppendOutcome.Rejected(e.error(), String.valueOf(e.getMessage()));
        }
    }

    /** Only of an opened log. */
    LogView view() {
        return opened().view();
    }

    /** The producers it knows; none before the log is opened. */
    Collection<ProducerState> producers() {
        return log == null ? List.of() : log.producers();
    }

    /** Whether this producer, in this epoch, has written records here that no marker has ended. */
    boolean hasOpenTransaction(ProducerIdentity writer) {
        return log != null
                && log.producer(writer.producerId())
                        .filter(state -> state.epoch() == writer.epoch() && state.transactionFirstOffset() >= 0)
                        .isPresent();
    }

    long logStartOffset() {
        return log == null ? 0 : log.view().logStartOffset();
    }

    /** Takes in the marker that ends a producer's transaction here. */
    AppendOutcome appendMarker(Resolution resolution, int coordinatorEpoch, long nowMs) {
        return append(
                nowMs,
                opened -> opened.appendMarker(
                        resolution.producerId(),
                        resolution.epoch(),
                        resolution.commit(),
                        coordinatorEpoch,
                        resolution.version().level(),
                        leaderEpoch,
                        nowMs));
    }

    /** Whether something waits for {@link #write}. */
    boolean isWriteDue() {
        return appended;
    }

    /** Puts everything taken in into the file. */
    void write() {
        appended = false;
        WriteOutcome outcome = opened().write();
        failedWrite = outcome instanceof WriteOutcome.NotWritten failed ? failed : null;
    }

    /** Why a batch with this last offset is not in the log although it was taken in; null if it is. */
    WriteOutcome.@Nullable NotWritten failureOf(long lastOffset) {
        WriteOutcome.NotWritten failed = failedWrite;
        return failed != null && lastOffset >= failed.endOffset() ? failed : null;
    }

    /** Memory that the newest batches take. */
    int tailBytes() {
        return log == null ? 0 : log.tailBytes();
    }

    /** Gives back the memory of the newest batches; what waits for its write stays. */
    void forgetTail() {
        if (log != null) {
            log.forgetTail();
        }
    }

    boolean syncs() {
        return config.durability() == Durability.DISK;
    }

    /** Whether the topic's durability asks for a sync now; never of what is deleted. */
    boolean isSyncDue(long nowMs) {
        return log != null && !handle.isDeleted() && log.isSyncDue(nowMs);
    }

    /** Whether something is written that a power cut may take. */
    boolean isUnsynced() {
        return syncing || (log != null && log.isSyncDue());
    }

    /** Everything below is durable. Only of an opened log. */
    long flushedEnd() {
        return opened().flushedEnd();
    }

    /** Whether a sync was begun whose result has not been taken. */
    boolean isSyncing() {
        return syncing;
    }

    SyncRequest beginSync() {
        Invariant.check(!syncing, "a log is in one sync at a time");
        syncing = true;
        return opened().beginSync();
    }

    void synced(SyncRequest.Result result) {
        syncing = false;
        opened().synced(result);
        if (result instanceof SyncRequest.Result.Failed failed) {
            fail(failed.message());
        }
    }

    /** Shows readers what counts by now, and wakes them if that is more than before. */
    void publish() {
        PartitionLog current = log;
        if (current == null) {
            return;
        }
        long durableEnd = syncs() ? current.flushedEnd() : current.view().logEndOffset();
        if (replica.durable(nodeId, durableEnd)) {
            current.advanceHighWatermark(replica.highWatermark());
            handle.readers().raise();
        }
    }

    /** The disk failed: nobody leads here any more. What was shown before stays readable. */
    void fail(String reason) {
        if (replica.isLeader()) {
            replica.stop(reason);
        }
    }

    /** Syncs and closes everything; false if the directory must not be marked as closed cleanly. */
    boolean close() {
        return log == null || log.close();
    }

    /** Closes everything and writes nothing more: the partition was deleted. */
    void abandon() {
        if (log != null) {
            log.abandon();
        }
    }

    private PartitionLog opened() {
        return Objects.requireNonNull(log, "the log of a partition that was written to is open");
    }
}
