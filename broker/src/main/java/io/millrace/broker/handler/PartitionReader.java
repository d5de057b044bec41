package io.millrace.broker.handler;

import io.millrace.broker.message.FetchResponse.FetchableTopicResponse.PartitionData;
import io.millrace.broker.message.FetchResponse.FetchableTopicResponse.PartitionData.EpochEndOffset;
import io.millrace.client.ErrorCode;
import io.millrace.client.LogEnds;
import io.millrace.log.EpochHistory;
import io.millrace.log.FileSlice;
import io.millrace.log.LogView;
import io.millrace.log.StorageException;
import io.millrace.node.PartitionHandle;
import io.millrace.record.CorruptBatchException;
import io.millrace.record.RecordBatch;
import io.millrace.record.wire.ByteSlice;
import io.millrace.record.wire.ByteSlices;
import io.millrace.record.wire.Payload;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what one response has of each partition; the bytes stay where the log has them. Pure but for the files of the log. */
final class PartitionReader {

    private static final Logger LOG = LoggerFactory.getLogger(PartitionReader.class);

    /** What is less is read, and costs less so. */
    private static final int FILE_BYTES_MIN = 32 << 10;

    private static final long UNTOLD = -1;

    private long bytesLeft;
    private boolean hasRecords;

    /** @param bytesMax of all partitions together; the first batch is given whatever its size (KIP-74) */
    PartitionReader(long bytesMax) {
        this.bytesLeft = bytesMax;
    }

    PartitionData read(FetchTarget target) {
        PartitionHandle handle = target.handle();
        if (handle == null) {
            return refused(target, target.refusal());
        }
        if (handle.isDeleted()) {
            return gone(target);
        }
        if (target.refusal() != ErrorCode.NONE) {
            return unread(target, target.refusal());
        }
        LogView view = handle.view().orElse(null);
        if (view == null) {
            return nothingYet(target);
        }
        try {
            PartitionData found = read(target, view);
            // Looked at once more: files are found by name, and the name may be that of the next topic by now.
            return handle.isDeleted() ? gone(target) : found;
        } catch (StorageException e) {
            if (handle.isDeleted()) {
                return gone(target);
            }
            LOG.warn("partition={} cannot be read: {}", handle.id(), e.getMessage());
            return unread(target, ErrorCode.KAFKA_STORAGE_ERROR);
        } catch (CorruptBatchException e) {
            LOG.warn("partition={} is corrupt: {}", handle.id(), e.getMessage());
            return unread(target, ErrorCode.CORRUPT_MESSAGE);
        }
    }

    private static PartitionData gone(FetchTarget target) {
        return refused(target, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    /** Beside an error no end of the log is told. */
    private static PartitionData refused(FetchTarget target, ErrorCode why) {
        return new PartitionData()
                .partitionIndex(target.asked().partition())
                .highWatermark(UNTOLD)
                .errorCode(why.code());
    }

    /** As Kafka does it, who is refused by the log has no list of aborted transactions, and who did not get there an empty one. */
    private static PartitionData unread(FetchTarget target, ErrorCode why) {
        return refused(target, why).abortedTransactions(null);
    }

    private static PartitionData ends(FetchTarget target, LogEnds ends) {
        return new PartitionData()
                .partitionIndex(target.asked().partition())
                .highWatermark(ends.highWatermark())
                .lastStableOffset(ends.lastStableOffset())
                .logStartOffset(ends.logStartOffset())
                .abortedTransactions(target.isCommittedOnly() ? new ArrayList<>() : null);
    }

    private static PartitionData nothingYet(FetchTarget target) {
        return target.asked().fetchOffset() == 0 && !target.isOfALaterLeader()
                ? ends(target, new LogEnds(0, 0, 0, 0))
                : unread(target, ErrorCode.OFFSET_OUT_OF_RANGE);
    }

    private PartitionData read(FetchTarget target, LogView view) {
        long from = target.asked().fetchOffset();
        if (from < view.logStartOffset() || target.isOfALaterLeader()) {
            return unread(target, ErrorCode.OFFSET_OUT_OF_RANGE);
        }
        PartitionData data = ends(target, view.ends());
        EpochHistory.End diverging = target.diverging(view);
        if (diverging != null) {
            return data.abortedTransactions(null)
                    .divergingEpoch(
                            new EpochEndOffset().epoch(diverging.epoch()).endOffset(diverging.endOffset()));
        }
        if (target.isOutOfRange(view)) {
            return unread(target, ErrorCode.OFFSET_OUT_OF_RANGE);
        }
        if (target.isAtEndOfOffline(view)) {
            return unread(target, ErrorCode.KAFKA_STORAGE_ERROR);
        }
        long maxBytes = Math.min(bytesLeft, target.asked().partitionMaxBytes());
        if (maxBytes <= 0 && hasRecords) {
            return data;
        }
        FileSlice onDisk = view.slice(from, (int) Math.max(1, maxBytes), target.upTo(view), FILE_BYTES_MIN)
                .orElse(null);
        if (onDisk != null) {
            return given(target, view, data, onDisk, onDisk.endOffset());
        }
        List<RecordBatch> batches = view.read(from, (int) Math.max(1, maxBytes), target.upTo(view));
        if (batches.isEmpty() || hasRecords && batches.get(0).sizeInBytes() > maxBytes) {
            return data;
        }
        long end = batches.get(batches.size() - 1).nextOffset();
        return given(target, view, data, payload(batches), end);
    }

    private PartitionData given(FetchTarget target, LogView view, PartitionData data, Payload records, long end) {
        if (target.isCommittedOnly()) {
            data.abortedTransactions(aborted(view, target.asked().fetchOffset(), end));
        }
        hasRecords = true;
        bytesLeft -= records.size();
        return data.records(records);
    }

    private static List<PartitionData.AbortedTransaction> aborted(LogView view, long from, long to) {
        List<PartitionData.AbortedTransaction> aborted = new ArrayList<>();
        view.abortedTransactions(from, to)
                .forEach(one -> aborted.add(new PartitionData.AbortedTransaction()
                        .producerId(one.producerId())
                        .firstOffset(one.firstOffset())));
        return aborted;
    }

    /** Batches as they lie in memory: those that lie behind each other in one array are one piece. */
    private static Payload payload(List<RecordBatch> batches) {
        List<ByteSlice> parts = new ArrayList<>();
        byte[] array = batches.get(0).bytes();
        int start = batches.get(0).position();
        int end = start;
        for (RecordBatch batch : batches) {
            if (batch.bytes() != array || batch.position() != end) {
                parts.add(new ByteSlice(array, start, end - start));
                array = batch.bytes();
                start = batch.position();
            }
            end = batch.position() + batch.sizeInBytes();
        }
        ByteSlice last = new ByteSlice(array, start, end - start);
        if (parts.isEmpty()) {
            return last;
        }
        parts.add(last);
        return ByteSlices.of(parts);
    }
}
