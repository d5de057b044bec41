package io.millrace.broker.handler;

import io.millrace.broker.message.FetchRequest.FetchTopic.FetchPartition;
import io.millrace.client.ErrorCode;
import io.millrace.log.EpochHistory;
import io.millrace.log.Extent;
import io.millrace.log.LogView;
import io.millrace.log.StorageException;
import io.millrace.node.PartitionHandle;
import io.millrace.record.CorruptBatchException;
import io.millrace.record.RecordBatch;
import org.jspecify.annotations.Nullable;

/** One partition of one fetch: where it is read, or why it is not, and how much there is to read. Owned by its fetch. */
final class FetchTarget {

    private final FetchPartition asked;
    private final @Nullable PartitionHandle handle;
    private final ErrorCode refusal;
    private final int leaderEpoch;
    private final boolean isCommittedOnly;
    private long countedTo;
    private long countedBytes;

    private FetchTarget(
            FetchPartition asked,
            @Nullable PartitionHandle handle,
            ErrorCode refusal,
            int leaderEpoch,
            boolean isCommittedOnly) {
        this.asked = asked;
        this.handle = handle;
        this.refusal = refusal;
        this.leaderEpoch = leaderEpoch;
        this.isCommittedOnly = isCommittedOnly;
        this.countedTo = asked.fetchOffset();
    }

    static FetchTarget of(
            FetchPartition asked, @Nullable PartitionHandle handle, int leaderEpoch, boolean isCommittedOnly) {
        ErrorCode refusal = handle == null || handle.isDeleted()
                ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
                : epochRefusal(asked.currentLeaderEpoch(), leaderEpoch);
        return new FetchTarget(asked, handle, refusal, leaderEpoch, isCommittedOnly);
    }

    static FetchTarget refused(FetchPartition asked, ErrorCode why) {
        return new FetchTarget(asked, null, why, RecordBatch.NO_LEADER_EPOCH, false);
    }

    /** A client that knows of another leader must ask for metadata, or wait until this node has heard (KIP-320). */
    static ErrorCode epochRefusal(int known, int current) {
        if (known < 0 || known == current) {
            return ErrorCode.NONE;
        }
        return known < current ? ErrorCode.FENCED_LEADER_EPOCH : ErrorCode.UNKNOWN_LEADER_EPOCH;
    }

    FetchPartition asked() {
        return asked;
    }

    /** Null if there is no such partition. */
    @Nullable
    PartitionHandle handle() {
        return handle;
    }

    /** NONE if it may be read. */
    ErrorCode refusal() {
        return refusal;
    }

    /** Up to where this client may read. */
    long upTo(LogView view) {
        return isCommittedOnly ? view.lastStableOffset() : view.highWatermark();
    }

    boolean isCommittedOnly() {
        return isCommittedOnly;
    }

    /** Whether the client must be told at once: of an error, or that its position is not in the log. From offsets alone. */
    boolean isUrgent() {
        PartitionHandle there = handle;
        if (refusal != ErrorCode.NONE || there == null || there.isDeleted()) {
            return true;
        }
        LogView view = there.view().orElse(null);
        long offset = asked.fetchOffset();
        if (view == null) {
            return offset != 0 || isOfALaterLeader();
        }
        return isOutOfRange(view) || isAtEndOfOffline(view) || diverging(view) != null;
    }

    boolean isOutOfRange(LogView view) {
        long offset = asked.fetchOffset();
        return offset < view.logStartOffset() || offset > view.logEndOffset() || isOfALaterLeader();
    }

    /** What the client says that it has read was written by a leader that this node has not heard of: nothing here is known of it. */
    boolean isOfALaterLeader() {
        return asked.lastFetchedEpoch() > leaderEpoch;
    }

    /** Whether the client has everything there is for it now, and nothing else to be told. */
    boolean isAtEnd() {
        PartitionHandle there = handle;
        if (there == null || isUrgent()) {
            return false;
        }
        return there.view().map(view -> asked.fetchOffset() >= upTo(view)).orElse(true);
    }

    /** Nothing follows the end any more, although there was more. */
    boolean isAtEndOfOffline(LogView view) {
        return handle != null && handle.offline().isPresent() && asked.fetchOffset() >= view.logEndOffset();
    }

    /** What the client has read is not what the log has (KIP-320): where the two part; null if they agree. */
    EpochHistory.@Nullable End diverging(LogView view) {
        int epoch = asked.lastFetchedEpoch();
        if (epoch < 0) {
            return null;
        }
        EpochHistory.End end = view.endOfEpoch(epoch);
        boolean agrees = end.epoch() == epoch && end.endOffset() >= asked.fetchOffset();
        return agrees || end.epoch() < 0 ? null : end;
    }

    /**
     * How many bytes there are for the client, as far as it wants them: what was counted once is not looked at again.
     *
     * @param enough no more need be counted
     */
    long bytesAhead(long enough) {
        PartitionHandle there = handle;
        LogView view = there == null ? null : there.view().orElse(null);
        long wanted = Math.min(enough, asked.partitionMaxBytes());
        if (view != null && countedBytes < wanted && countedTo < upTo(view)) {
            count(view, wanted);
        }
        return Math.min(countedBytes, asked.partitionMaxBytes());
    }

    private void count(LogView view, long wanted) {
        try {
            Extent more = view.extent(countedTo, upTo(view), wanted - countedBytes);
            countedBytes += more.bytes();
            countedTo = more.nextOffset();
        } catch (StorageException | CorruptBatchException e) {
            countedBytes = wanted; // whoever reads it is told
        }
    }
}
