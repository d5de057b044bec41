package io.millrace.broker.handler;

import io.millrace.broker.Answer;
import io.millrace.broker.Surroundings;
import io.millrace.broker.message.FetchRequest;
import io.millrace.broker.message.FetchResponse;
import io.millrace.broker.message.FetchResponse.FetchableTopicResponse;
import io.millrace.broker.message.FetchResponse.FetchableTopicResponse.PartitionData;
import io.millrace.broker.message.FetchResponse.FetchableTopicResponse.PartitionData.EpochEndOffset;
import io.millrace.client.ErrorCode;
import io.millrace.log.EpochHistory;
import io.millrace.log.LogView;
import io.millrace.log.StorageException;
import io.millrace.node.PartitionHandle;
import io.millrace.record.CorruptBatchException;
import io.millrace.record.RecordBatch;
import io.millrace.record.wire.ByteSlice;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A fetch that waits until it has enough. It stands with the readers of its partitions from its first look to its last. */
final class FetchAnswer implements Answer {

    private static final Logger LOG = LoggerFactory.getLogger(FetchAnswer.class);
    private static final byte READ_COMMITTED = 1;

    private final Surroundings around;
    private final FetchRequest request;
    private final List<FetchTarget> targets;
    private final long deadlineMs;
    private boolean joined;
    private int gatheredBytes;

    FetchAnswer(Surroundings around, FetchRequest request, List<FetchTarget> targets, long nowMs) {
        this.around = around;
        this.request = request;
        this.targets = targets;
        this.deadlineMs = nowMs + Math.max(0, request.maxWaitMs());
    }

    @Override
    public long deadlineMs() {
        return deadlineMs;
    }

    @Override
    public @Nullable Outcome poll(long nowMs) {
        join();
        boolean mayWait =
                nowMs < deadlineMs && !targets.isEmpty() && targets.stream().noneMatch(this::isUrgent);
        if (mayWait && request.minBytes() > 0 && targets.stream().noneMatch(this::hasRecords)) {
            return null;
        }
        FetchResponse response = gather();
        if (mayWait && gatheredBytes < request.minBytes()) {
            return null;
        }
        cancel();
        return new Response(response);
    }

    private void join() {
        if (!joined) {
            joined = true;
            targets.forEach(target -> target.join(around.door().signal()));
        }
    }

    @Override
    public void cancel() {
        if (joined) {
            joined = false;
            targets.forEach(target -> target.leave(around.door().signal()));
        }
    }

    /** Whether the client must be told at once: of an error, or that its position is not in the log. From offsets alone. */
    private boolean isUrgent(FetchTarget target) {
        PartitionHandle handle = target.handle();
        if (target.refusal() != ErrorCode.NONE || handle == null || handle.isDeleted()) {
            return true;
        }
        LogView view = handle.view().orElse(null);
        long offset = target.asked().fetchOffset();
        return view == null
                ? offset != 0
                : offset < view.logStartOffset() || offset > view.logEndOffset() || diverging(target, view) != null;
    }

    /** Whether there is something to read, from offsets alone. */
    private boolean hasRecords(FetchTarget target) {
        PartitionHandle handle = target.handle();
        return handle != null
                && handle.view()
                        .filter(view -> target.asked().fetchOffset() < upTo(view))
                        .isPresent();
    }

    private long upTo(LogView view) {
        return request.isolationLevel() == READ_COMMITTED ? view.lastStableOffset() : view.highWatermark();
    }

    private FetchResponse gather() {
        gatheredBytes = 0;
        int left = Math.min(request.maxBytes(), around.config().fetchBytesMax());
        FetchResponse response = new FetchResponse();
        FetchableTopicResponse topic = null;
        for (FetchTarget target : targets) {
            if (topic == null
                    || !topic.topic().equals(target.topic())
                    || !topic.topicId().equals(target.topicId())) {
                topic = new FetchableTopicResponse().topic(target.topic()).topicId(target.topicId());
                response.responses().add(topic);
            }
            PartitionData data = read(target, left - gatheredBytes);
            ByteSlice records = data.records();
            gatheredBytes += records == null ? 0 : records.size();
            topic.partitions().add(data);
        }
        return response;
    }

    private PartitionData read(FetchTarget target, int bytesLeft) {
        PartitionData data = new PartitionData()
                .partitionIndex(target.asked().partition())
                .highWatermark(-1)
                .abortedTransactions(null);
        PartitionHandle handle = target.handle();
        if (target.refusal() != ErrorCode.NONE || handle == null) {
            return data.errorCode(target.refusal().code());
        }
        if (handle.isDeleted()) {
            return data.errorCode(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
        }
        LogView view = handle.view().orElse(null);
        if (view == null) {
            return nothingYet(target, data);
        }
        try {
            return read(target, data, view, bytesLeft);
        } catch (StorageException e) {
            LOG.warn("partition={} cannot be read: {}", handle.id(), e.getMessage());
            return data.errorCode(ErrorCode.KAFKA_STORAGE_ERROR.code());
        } catch (CorruptBatchException e) {
            LOG.warn("partition={} is corrupt: {}", handle.id(), e.getMessage());
            return data.errorCode(ErrorCode.CORRUPT_MESSAGE.code());
        }
    }

    private static PartitionData nothingYet(FetchTarget target, PartitionData data) {
        return target.asked().fetchOffset() == 0
                ? data.highWatermark(0).lastStableOffset(0).logStartOffset(0)
                : data.errorCode(ErrorCode.OFFSET_OUT_OF_RANGE.code());
    }

    private PartitionData read(FetchTarget target, PartitionData data, LogView view, int bytesLeft) {
        long from = target.asked().fetchOffset();
        data.highWatermark(view.highWatermark())
                .lastStableOffset(view.lastStableOffset())
                .logStartOffset(view.logStartOffset());
        EpochHistory.End diverging = diverging(target, view);
        if (diverging != null) {
            return data.divergingEpoch(
                    new EpochEndOffset().epoch(diverging.epoch()).endOffset(diverging.endOffset()));
        }
        if (from < view.logStartOffset() || from > view.logEndOffset()) {
            return data.errorCode(ErrorCode.OFFSET_OUT_OF_RANGE.code());
        }
        int maxBytes = Math.min(bytesLeft, target.asked().partitionMaxBytes());
        boolean isFirst = gatheredBytes == 0;
        if (maxBytes <= 0 && !isFirst) {
            return data;
        }
        List<RecordBatch> batches = view.read(from, Math.max(1, maxBytes), upTo(view));
        if (batches.isEmpty() || !isFirst && batches.get(0).sizeInBytes() > maxBytes) {
            return data;
        }
        if (request.isolationLevel() == READ_COMMITTED) {
            long to = batches.get(batches.size() - 1).nextOffset();
            data.abortedTransactions(aborted(view, from, to));
        }
        return data.records(joined(batches));
    }

    /** What the client has read is not what the log has (KIP-320): where the two part; null if they agree. */
    private static EpochHistory.@Nullable End diverging(FetchTarget target, LogView view) {
        int epoch = target.asked().lastFetchedEpoch();
        if (epoch < 0) {
            return null;
        }
        EpochHistory.End end = view.endOfEpoch(epoch);
        boolean agrees =
                end.epoch() == epoch && end.endOffset() >= target.asked().fetchOffset();
        return agrees || end.epoch() < 0 ? null : end;
    }

    private static List<PartitionData.AbortedTransaction> aborted(LogView view, long from, long to) {
        List<PartitionData.AbortedTransaction> aborted = new ArrayList<>();
        view.abortedTransactions(from, to)
                .forEach(one -> aborted.add(new PartitionData.AbortedTransaction()
                        .producerId(one.producerId())
                        .firstOffset(one.firstOffset())));
        return aborted;
    }

    /** Batches in one piece; they are one already if they lie behind each other in one array. */
    private static ByteSlice joined(List<RecordBatch> batches) {
        int size = batches.stream().mapToInt(RecordBatch::sizeInBytes).sum();
        byte[] bytes = new byte[size];
        int position = 0;
        for (RecordBatch batch : batches) {
            System.arraycopy(batch.bytes(), batch.position(), bytes, position, batch.sizeInBytes());
            position += batch.sizeInBytes();
        }
        return new ByteSlice(bytes, 0, size);
    }
}
