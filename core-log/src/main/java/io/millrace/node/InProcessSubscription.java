package io.millrace.node;

import io.millrace.client.ErrorCode;
import io.millrace.client.FetchResult;
import io.millrace.client.FetchResult.Empty;
import io.millrace.client.FetchResult.Failed;
import io.millrace.client.FetchResult.Fetched;
import io.millrace.client.FetchResult.OutOfRange;
import io.millrace.client.IsolationLevel;
import io.millrace.client.LogEnds;
import io.millrace.client.Subscription;
import io.millrace.client.TopicPartition;
import io.millrace.kernel.Signal;
import io.millrace.log.LogView;
import io.millrace.log.StorageException;
import io.millrace.record.CorruptBatchException;
import io.millrace.record.RecordBatch;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the published views of partitions on the client's own thread. Its signal stands with the readers of each partition
 * from the seek on, so nothing that is published after a look is missed.
 */
final class InProcessSubscription implements Subscription {

    private static final Empty EMPTY = new Empty();

    /** Where this reader stands in one partition; no handle while the partition does not exist. */
    private static final class Cursor {
        private @Nullable PartitionHandle handle;
        private long position;

        Cursor(@Nullable PartitionHandle handle, long position) {
            this.handle = handle;
            this.position = position;
        }
    }

    private final PartitionTable partitions;
    private final Signal signal;
    private final boolean committedOnly;
    private final int fetchBytesMax;
    private final Consumer<Subscription> onClose;
    private final Map<TopicPartition, Cursor> cursors = new HashMap<>();

    InProcessSubscription(
            PartitionTable partitions,
            Signal signal,
            IsolationLevel isolation,
            int fetchBytesMax,
            Consumer<Subscription> onClose) {
        this.partitions = partitions;
        this.signal = signal;
        this.committedOnly = isolation == IsolationLevel.READ_COMMITTED;
        this.fetchBytesMax = fetchBytesMax;
        this.onClose = onClose;
    }

    @Override
    public void seek(TopicPartition partition, long offset) {
        if (offset < 0) {
            throw new IllegalArgumentException("the position in " + partition + " must be 0 or more, was " + offset);
        }
        Cursor cursor = cursors.get(partition);
        if (cursor != null && cursor.handle != null && !cursor.handle.isDeleted()) {
            cursor.position = offset;
            return;
        }
        remove(partition);
        cursors.put(partition, new Cursor(join(partition), offset));
    }

    private @Nullable PartitionHandle join(TopicPartition partition) {
        PartitionHandle handle = partitions.handle(partition);
        if (handle != null) {
            handle.readers().join(signal);
        }
        return handle;
    }

    @Override
    public void remove(TopicPartition partition) {
        Cursor removed = cursors.remove(partition);
        if (removed != null && removed.handle != null) {
            removed.handle.readers().leave(signal);
        }
    }

    @Override
    public long position(TopicPartition partition) {
        return cursor(partition).position;
    }

    private Cursor cursor(TopicPartition partition) {
        Cursor cursor = cursors.get(partition);
        if (cursor == null) {
            throw new IllegalStateException("seek " + partition + " first");
        }
        return cursor;
    }

    @Override
    public FetchResult fetch(TopicPartition partition) {
        Cursor cursor = cursor(partition);
        PartitionHandle handle = cursor.handle;
        if (handle == null) {
            handle = join(partition);
            cursor.handle = handle;
        }
        if (handle == null || handle.isDeleted()) {
            return gone(partition);
        }
        LogView view = handle.view().orElse(null);
        if (view == null) {
            return cursor.position == 0 ? EMPTY : new OutOfRange(cursor.position, 0, 0);
        }
        Optional<String> offline = handle.offline();
        if (offline.isPresent() && cursor.position >= view.logEndOffset()) {
            return new Failed(ErrorCode.KAFKA_STORAGE_ERROR, offline.get());
        }
        try {
            FetchResult found = fetch(cursor, handle, view);
            // Looked at once more: files are found by name, and the name may be that of the next topic by now.
            return handle.isDeleted() ? gone(partition) : found;
        } catch (StorageException e) {
            if (handle.isDeleted()) {
                return gone(partition);
            }
            return new Failed(ErrorCode.KAFKA_STORAGE_ERROR, partition + ": " + e.getMessage());
        } catch (CorruptBatchException e) {
            return new Failed(
                    ErrorCode.CORRUPT_MESSAGE, partition + " at offset " + cursor.position + ": " + e.getMessage());
        }
    }

    private static Failed gone(TopicPartition partition) {
        return new Failed(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "there is no " + partition);
    }

    /** Retention or compaction may have removed a file since the view was taken: the view of now knows. */
    private FetchResult fetch(Cursor cursor, PartitionHandle handle, LogView view) {
        try {
            return fetch(cursor, view);
        } catch (StorageException e) {
            LogView later = handle.view().orElse(view);
            if (e.kind() != StorageException.Kind.MISSING || later == view) {
                throw e;
            }
            return fetch(cursor, later);
        }
    }

    private FetchResult fetch(Cursor cursor, LogView view) {
        long from = cursor.position;
        if (from < view.logStartOffset() || from > view.logEndOffset()) {
            return new OutOfRange(from, view.logStartOffset(), view.logEndOffset());
        }
        long upTo = committedOnly ? view.lastStableOffset() : view.highWatermark();
        if (from >= upTo) {
            return EMPTY;
        }
        List<RecordBatch> found = view.read(from, fetchBytesMax, upTo);
        if (found.isEmpty()) {
            // Compaction may have left nothing between here and the end of what may be seen.
            cursor.position = upTo;
            return new Fetched(List.of(), from, upTo);
        }
        long next = found.get(found.size() - 1).nextOffset();
        cursor.position = next;
        return new Fetched(visible(found, view, from, next), from, next);
    }

    private List<RecordBatch> visible(List<RecordBatch> found, LogView view, long from, long to) {
        boolean transactional = false;
        for (int i = 0; i < found.size(); i++) {
            transactional |= found.get(i).isTransactional();
        }
        if (!transactional) {
            return found;
        }
        AbortedFilter aborted =
                committedOnly ? new AbortedFilter(view.abortedTransactions(from, to)) : AbortedFilter.NOTHING;
        return found.stream()
                .filter(batch -> !batch.isControl() && !aborted.drops(batch))
                .toList();
    }

    @Override
    public LogEnds ends(TopicPartition partition) {
        PartitionHandle handle = cursor(partition).handle;
        return handle == null ? new LogEnds(0, 0, 0, 0) : handle.ends();
    }

    @Override
    public void close() {
        List.copyOf(cursors.keySet()).forEach(this::remove);
        onClose.accept(this);
    }
}
