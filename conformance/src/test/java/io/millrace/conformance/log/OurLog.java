package io.millrace.conformance.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.TopicPartition;
import io.millrace.log.AbortedTransaction;
import io.millrace.log.AppendOutcome;
import io.millrace.log.FileLogStorage;
import io.millrace.log.LogConfig;
import io.millrace.log.LogView;
import io.millrace.log.Origin;
import io.millrace.log.PartitionLog;
import io.millrace.log.ProducerState;
import io.millrace.log.RecoveryHints;
import io.millrace.record.Compression;
import io.millrace.record.Header;
import io.millrace.record.RecordBatch;
import io.millrace.record.RecordBatchBuilder;
import io.millrace.record.RecordCursor;
import io.millrace.record.TimestampType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The log of one partition as a node of ours has it. */
final class OurLog implements OpenLog {

    private static final int BYTES_MAX = 1 << 20;
    private static final int TRANSACTIONS_V2 = 2;

    private final FileLogStorage storage;
    private final PartitionLog log;

    /** @param clean whether the last shutdown was; if not, everything is read again */
    OurLog(Path directory, Map<String, String> config, UUID topicId, boolean clean) {
        String name = directory.getFileName().toString();
        int dash = name.lastIndexOf('-');
        storage = new FileLogStorage(directory.getParent());
        log = PartitionLog.open(
                storage,
                name,
                new TopicPartition(name.substring(0, dash), Integer.parseInt(name.substring(dash + 1))),
                topicId,
                LogConfig.of(config),
                new RecoveryHints(0, 0, clean),
                System.currentTimeMillis());
        settle();
    }

    @Override
    public void append(
            long producerId,
            int epoch,
            int sequence,
            boolean transactional,
            int leaderEpoch,
            long timestampMs,
            List<String> values) {
        RecordBatchBuilder builder = new RecordBatchBuilder(Compression.NONE, TimestampType.CREATE_TIME, BYTES_MAX);
        for (String value : values) {
            builder.append(timestampMs, null, value.getBytes(StandardCharsets.UTF_8), Header.NONE);
        }
        RecordBatch batch = builder.finish(producerId, (short) epoch, sequence, transactional);
        assertThat(log.append(batch, Origin.CLIENT, leaderEpoch, timestampMs))
                .isInstanceOf(AppendOutcome.Appended.class);
        settle();
    }

    @Override
    public void end(long producerId, int epoch, boolean commit, int leaderEpoch, long timestampMs) {
        assertThat(log.appendMarker(producerId, (short) epoch, commit, 0, TRANSACTIONS_V2, leaderEpoch, timestampMs))
                .isInstanceOf(AppendOutcome.Appended.class);
        settle();
    }

    private void settle() {
        log.write();
        log.synced(log.beginSync().run());
        log.advanceHighWatermark(log.view().logEndOffset());
    }

    @Override
    public Content content() {
        assertThat(log.refusal()).isEmpty();
        LogView view = log.view();
        Map<Long, String> producers = new HashMap<>();
        for (ProducerState state : log.producers()) {
            int batches = state.recent().size();
            int sequence = batches == 0 ? -1 : state.recent().get(batches - 1).lastSequence();
            producers.put(state.producerId(), state.epoch() + ", " + sequence + ", " + state.transactionFirstOffset());
        }
        return new Content(
                log.topicId(),
                view.lastStableOffset(),
                view.logEndOffset(),
                committed(view),
                view.epochs().entries().stream()
                        .map(entry -> entry.epoch() + " from " + entry.startOffset())
                        .toList(),
                producers,
                view.abortedTransactions(0, view.logEndOffset()).stream()
                        .map(aborted -> aborted.producerId() + " from " + aborted.firstOffset())
                        .toList());
    }

    private static List<String> committed(LogView view) {
        List<AbortedTransaction> aborted = view.abortedTransactions(0, view.logEndOffset());
        List<String> found = new ArrayList<>();
        RecordCursor cursor = new RecordCursor();
        for (long offset = view.logStartOffset(); offset < view.lastStableOffset(); ) {
            for (RecordBatch batch : view.read(offset, BYTES_MAX, view.lastStableOffset())) {
                boolean gone = aborted.stream()
                        .anyMatch(each -> batch.isTransactional()
                                && each.producerId() == batch.producerId()
                                && each.firstOffset() <= batch.baseOffset()
                                && batch.baseOffset() <= each.lastOffset());
                cursor.wrap(batch);
                while (!gone && !batch.isControl() && cursor.next()) {
                    found.add(cursor.offset() + "=" + new String(cursor.value(), StandardCharsets.UTF_8));
                }
                offset = batch.nextOffset();
            }
        }
        return found;
    }

    @Override
    public long offsetAt(long timestampMs) {
        return log.view().firstAtOrAfter(timestampMs, log.view().logEndOffset()).offset();
    }

    @Override
    public void close() {
        assertThat(log.close()).isTrue();
        storage.close();
    }
}
