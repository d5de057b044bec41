package io.millrace.node;

import io.millrace.client.ErrorCode;
import io.millrace.client.LogException;
import io.millrace.client.TopicPartition;
import io.millrace.coordinator.Resolution;
import io.millrace.log.AppendOutcome;
import io.millrace.log.LogConfig;
import io.millrace.log.LogStorage;
import io.millrace.log.Origin;
import io.millrace.log.PartitionLog;
import io.millrace.log.WriteOutcome;
import io.millrace.record.RecordBatch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a log agent owns, as its {@link Work} sees it: partitions, topics, coordinators, the time of the step, and the ways to
 * append. One thread.
 */
final class LogOwner {

    /** Work that goes through the pipeline again once its wall-clock time has come. */
    private record Retry(long dueMs, Work work) {}

    private final LogStorage storage;
    private final PartitionTable partitions;
    private final Topics topics;
    private final Transactions transactions;
    private final Groups groups;
    private final Troubles troubles;
    private final Compactions compactions = new Compactions();
    private final BackgroundSyncs backgroundSyncs;
    private final Tails tails = new Tails(Tails.BYTES_MAX);
    private final NodeCounters counters;
    private final DiskGuard disk;
    private final Deque<Work> submitted = new ArrayDeque<>();
    private final List<Retry> retries = new ArrayList<>();
    private final List<Work> awaitingIdle = new ArrayList<>();
    private final Set<Partition> unwritten = new LinkedHashSet<>();
    private long nowMs;
    private long appends;

    LogOwner(
            LogStorage storage,
            PartitionTable partitions,
            Topics topics,
            Transactions transactions,
            Groups groups,
            BackgroundSyncs backgroundSyncs,
            NodeCounters counters,
            DiskGuard disk,
            Troubles troubles,
            long nowMs) {
        this.storage = storage;
        this.partitions = partitions;
        this.topics = topics;
        this.transactions = transactions;
        this.groups = groups;
        this.backgroundSyncs = backgroundSyncs;
        this.counters = counters;
        this.disk = disk;
        this.troubles = troubles;
        this.nowMs = nowMs;
    }

    PartitionTable partitions() {
        return partitions;
    }

    Topics topics() {
        return topics;
    }

    Transactions transactions() {
        return transactions;
    }

    Groups groups() {
        return groups;
    }

    Compactions compactions() {
        return compactions;
    }

    BackgroundSyncs backgroundSyncs() {
        return backgroundSyncs;
    }

    NodeCounters counters() {
        return counters;
    }

    DiskGuard disk() {
        return disk;
    }

    Troubles troubles() {
        return troubles;
    }

    /** Wall-clock time of this step. */
    long nowMs() {
        return nowMs;
    }

    void nowMs(long now) {
        nowMs = now;
    }

    /** Grows with each attempt to change something that is kept: a partition or the metadata. */
    long changes() {
        return appends + topics.changes();
    }

    /** Why nothing can be written any more, if so. */
    Optional<String> failure() {
        return storage.failure();
    }

    /** As {@link PartitionLog#deleteRecords}; the new log start survives a crash when this returns. */
    long deleteRecords(TopicPartition id, long beforeOffset) {
        Partition partition = partitions.find(id);
        if (partition == null) {
            throw Topics.unknown(id);
        }
        LogConfig config = partition.config();
        if (config.compacts() && !config.deletes()) {
            throw new LogException(
                    ErrorCode.POLICY_VIOLATION, id.topic() + " is only compacted; its records cannot be deleted");
        }
        appends++;
        PartitionLog opened = partition.log();
        OptionalLong start = opened == null
                ? (beforeOffset <= 0 ? OptionalLong.of(0) : OptionalLong.empty())
                : opened.deleteRecords(beforeOffset, nowMs);
        if (start.isEmpty()) {
            throw new LogException(
                    ErrorCode.OFFSET_OUT_OF_RANGE,
                    beforeOffset + " is not within 0 and the high watermark of " + id + ", or -1 for that");
        }
        topics.logStarts().write(partitions);
        return start.getAsLong();
    }

    /** Sends work through the pipeline again once compaction or a background sync has let some partition's files go. */
    void awaitIdle(Work work) {
        awaitingIdle.add(work);
    }

    /** Compaction or a background sync has let a partition's files go. */
    void partitionIsIdle() {
        awaitingIdle.forEach(this::submit);
        awaitingIdle.clear();
    }

    /** Takes a batch in, to be written together with others at the end of the stage. */
    AppendOutcome append(Partition partition, RecordBatch batch, Origin origin) {
        appends++;
        AppendOutcome outcome = partition.append(batch, origin, nowMs);
        if (outcome instanceof AppendOutcome.Appended) {
            unwritten.add(partition);
            counters.appended(batch.recordCount(), batch.sizeInBytes());
        }
        watch(outcome);
        return outcome;
    }

    /** Takes a marker in, to be written together with others at the end of the stage. */
    AppendOutcome appendMarker(Partition partition, Resolution resolution, int coordinatorEpoch) {
        appends++;
        AppendOutcome outcome = partition.appendMarker(resolution, coordinatorEpoch, nowMs);
        if (outcome instanceof AppendOutcome.Appended) {
            unwritten.add(partition);
            counters.appended(1, RecordBatch.HEADER_BYTES);
        }
        watch(outcome);
        return outcome;
    }

    /**
     * Appends a coordinator's batch and writes it at once, so that the state may follow it.
     *
     * @return the offset of its first record
     * @throws LogException if it could not be written; then the log is as before
     */
    long appendNow(Partition partition, RecordBatch batch) {
        appends++;
        AppendOutcome outcome = partition.append(batch, Origin.COORDINATOR, nowMs);
        watch(outcome);
        if (outcome instanceof AppendOutcome.Appended appended) {
            counters.appended(batch.recordCount(), batch.sizeInBytes());
            write(partition);
            WriteOutcome.NotWritten failure = partition.failureOf(appended.lastOffset());
            if (failure != null) {
                throw new LogException(failure.error(), failure.message());
            }
            return appended.baseOffset();
        }
        if (outcome instanceof AppendOutcome.Rejected rejected) {
            throw new LogException(rejected.error(), rejected.message());
        }
        throw new LogException(ErrorCode.DUPLICATE_SEQUENCE_NUMBER, "a coordinator's batch has no sequence");
    }

    /** Writes everything taken in, one write per partition. */
    void writeAll() {
        for (Partition partition : unwritten) {
            if (partition.isWriteDue()) {
                write(partition);
            }
        }
        unwritten.clear();
    }

    private void write(Partition partition) {
        partition.write();
        counters.written();
        tails.wrote(partition);
        WriteOutcome.NotWritten failure = partition.failureOf(Long.MAX_VALUE);
        if (failure != null && isForWantOfRoom(failure.error())) {
            disk.isFull(this, failure.message());
        }
    }

    private void watch(AppendOutcome outcome) {
        if (outcome instanceof AppendOutcome.Rejected rejected && isForWantOfRoom(rejected.error())) {
            disk.isFull(this, rejected.message());
        }
    }

    private static boolean isForWantOfRoom(ErrorCode error) {
        return error == ErrorCode.THROTTLING_QUOTA_EXCEEDED;
    }

    /** Sends more work through the pipeline, in order, behind what is in it. */
    void submit(Work work) {
        submitted.add(work);
    }

    /** Sends work through the pipeline again after this time, or earlier if the disk has room again. */
    void retryIn(long delayMs, Work work) {
        retries.add(new Retry(nowMs + delayMs, work));
    }

    /** When {@link #submitDueRetries} is due, {@link Long#MAX_VALUE} for never. */
    long retryMs() {
        long earliest = Long.MAX_VALUE;
        for (Retry retry : retries) {
            earliest = Math.min(earliest, retry.dueMs());
        }
        return earliest;
    }

    void submitDueRetries() {
        submitRetries(nowMs);
    }

    /** What was refused may be taken now. */
    void submitRetries() {
        submitRetries(Long.MAX_VALUE);
    }

    private void submitRetries(long dueUpToMs) {
        retries.removeIf(retry -> {
            boolean due = retry.dueMs() <= dueUpToMs;
            if (due) {
                submit(retry.work());
            }
            return due;
        });
    }

    /** Whether something waits for a time, for the end of a transaction or for other members of a group. */
    boolean hasWaiting() {
        return !retries.isEmpty()
                || transactions.hasWaiting()
                || groups.members().hasWaiting();
    }

    /** Everything that waits for {@link #retryIn}. */
    List<Work> takeRetries() {
        List<Work> taken = retries.stream().map(Retry::work).toList();
        retries.clear();
        return taken;
    }

    /** The next work that was submitted and is not on its way yet; null if there is none. */
    @Nullable
    Work peekSubmitted() {
        return submitted.peek();
    }

    void sent() {
        submitted.remove();
    }

    /** Everything submitted that is not on its way yet. */
    List<Work> takeSubmitted() {
        List<Work> left = new ArrayList<>(submitted);
        left.addAll(takeRetries());
        left.addAll(transactions.takeWaiting());
        left.addAll(groups.members().takeWaiting());
        left.addAll(awaitingIdle);
        awaitingIdle.clear();
        submitted.clear();
        return left;
    }
}
