package io.millrace.log;

import static io.millrace.log.Batches.NOW;
import static io.millrace.log.Batches.batch;
import static io.millrace.log.Batches.commit;
import static io.millrace.log.Batches.contents;
import static io.millrace.log.Batches.open;
import static io.millrace.log.Batches.settle;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.ErrorCode;
import io.millrace.log.FaultyLogStorage.Effect;
import io.millrace.log.FaultyLogStorage.Operation;
import io.millrace.record.RecordBatch;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartitionLogTest {

    private static final Map<String, String> SMALL_SEGMENTS =
            Map.of("internal.segment.bytes", "200", "index.interval.bytes", "50");

    private final MemoryLogStorage storage = new MemoryLogStorage();

    @Test
    void givesOffsetsInOrderAndReadsThemBack() {
        PartitionLog log = open(storage, Map.of(), RecoveryHints.NONE);

        AppendOutcome first = log.append(batch("a", "b"), Origin.CLIENT, 3, NOW);
        AppendOutcome second = log.append(batch("c"), Origin.CLIENT, 3, NOW);
        settle(log);

        assertThat(first).isEqualTo(new AppendOutcome.Appended(0, 1, -1));
        assertThat(second).isEqualTo(new AppendOutcome.Appended(2, 2, -1));
        assertThat(contents(log)).containsExactly("0=a", "1=b", "2=c");
        assertThat(log.view().read(0, 1000, 3)).allMatch(RecordBatch::isValidCrc);
        assertThat(log.view().read(2, 1000, 3).get(0).partitionLeaderEpoch()).isEqualTo(3);
    }

    @Test
    void showsNothingBeforeTheWriteAndNothingAboveTheHighWatermark() {
        PartitionLog log = open(storage, Map.of(), RecoveryHints.NONE);
        log.append(batch("a"), Origin.CLIENT, 0, NOW);
        assertThat(log.view().logEndOffset()).isZero();

        log.write();

        LogView view = log.view();
        assertThat(view.logEndOffset()).isEqualTo(1);
        assertThat(view.flushedEnd()).isZero();
        assertThat(view.read(0, 1000, view.highWatermark())).isEmpty();
        assertThat(view.read(0, 1000, view.logEndOffset())).hasSize(1);
    }

    @Test
    void countsAsFlushedOnlyWhatWasWrittenBeforeTheSyncBegan() {
        PartitionLog log = open(storage, Map.of(), RecoveryHints.NONE);
        log.append(batch("a"), Origin.CLIENT, 0, NOW);
        log.write();
        SyncRequest sync = log.beginSync();
        log.append(batch("b"), Origin.CLIENT, 0, NOW);
        log.write();

        log.synced(sync.run());

        assertThat(log.view().flushedEnd()).isEqualTo(1);
        assertThat(log.isSyncDue()).isTrue();
    }

    @Test
    void rollsBySizeAndReadsAcrossSegmentsFromMemoryAndFromFiles() {
        PartitionLog log = open(storage, SMALL_SEGMENTS, RecoveryHints.NONE);
        for (int i = 0; i < 50; i++) {
            commit(log, batch("v" + i));
        }
        List<String> expected = contents(log);
        assertThat(log.view().segmentCount()).isGreaterThan(10);
        assertThat(expected).hasSize(50).startsWith("0=v0").endsWith("49=v49");

        PartitionLog again = open(storage, SMALL_SEGMENTS, RecoveryHints.NONE);
        again.advanceHighWatermark(50);

        assertThat(contents(again)).isEqualTo(expected);
        for (long from = 0; from < 50; from++) {
            assertThat(contents(again.view(), from, 50, 1)).isEqualTo(expected.subList((int) from, 50));
        }
    }

    @Test
    void rollsWhenABatchIsMuchNewerThanTheFirstOne() {
        PartitionLog log = open(storage, Map.of("segment.ms", "1000"), RecoveryHints.NONE);

        log.append(batch(5_000, "a"), Origin.CLIENT, 0, NOW);
        log.append(batch(6_000, "b"), Origin.CLIENT, 0, NOW);
        log.append(batch(6_001, "c"), Origin.CLIENT, 0, NOW);
        settle(log);

        assertThat(log.view().segmentCount()).isEqualTo(2);
        assertThat(contents(log)).containsExactly("0=a", "1=b", "2=c");
    }

    @Test
    void takesBackWhatAFailedWriteLeftAndGoesOn() {
        FaultyLogStorage faulty = new FaultyLogStorage(storage);
        PartitionLog log = open(faulty, Map.of(), RecoveryHints.NONE);
        commit(log, batch("a"));
        faulty.failAt(Operation.WRITE, 1, Effect.SHORT_WRITE);
        log.append(batch("lost"), Origin.CLIENT, 0, NOW);

        WriteOutcome failed = log.write();

        assertThat(failed).isInstanceOfSatisfying(WriteOutcome.NotWritten.class, outcome -> {
            assertThat(outcome.error()).isEqualTo(ErrorCode.THROTTLING_QUOTA_EXCEEDED);
            assertThat(outcome.endOffset()).isEqualTo(1);
        });
        assertThat(commit(log, batch("b"))).isEqualTo(new AppendOutcome.Appended(1, 1, -1));
        assertThat(contents(log)).containsExactly("0=a", "1=b");
        PartitionLog again = open(storage, Map.of(), RecoveryHints.NONE);
        again.advanceHighWatermark(2);
        assertThat(contents(again)).containsExactly("0=a", "1=b");
    }

    @Test
    void appendsNothingAfterAFailedSync() {
        FaultyLogStorage faulty = new FaultyLogStorage(storage);
        PartitionLog log = open(faulty, Map.of(), RecoveryHints.NONE);
        commit(log, batch("a"));
        log.append(batch("b"), Origin.CLIENT, 0, NOW);
        log.write();
        faulty.failAt(Operation.SYNC, 1, Effect.IO_ERROR);

        log.synced(log.beginSync().run());

        assertThat(log.view().flushedEnd()).isEqualTo(1);
        assertThat(log.append(batch("c"), Origin.CLIENT, 0, NOW))
                .isInstanceOfSatisfying(AppendOutcome.Rejected.class, rejected -> assertThat(rejected.error())
                        .isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR));
        assertThat(contents(log)).containsExactly("0=a");
    }

    @Test
    void refusesALeaderOfAnOlderEpoch() {
        PartitionLog log = open(storage, Map.of(), RecoveryHints.NONE);
        log.append(batch("a"), Origin.CLIENT, 4, NOW);

        assertThat(log.append(batch("b"), Origin.CLIENT, 3, NOW))
                .isInstanceOfSatisfying(AppendOutcome.Rejected.class, rejected -> assertThat(rejected.error())
                        .isEqualTo(ErrorCode.FENCED_LEADER_EPOCH));
        assertThat(log.appendedEnd()).isEqualTo(1);
    }

    @Test
    void worksOnRealFiles(@TempDir Path folder) {
        try (FileLogStorage files = new FileLogStorage(folder)) {
            PartitionLog log = open(files, SMALL_SEGMENTS, RecoveryHints.NONE);
            for (int i = 0; i < 20; i++) {
                commit(log, batch("v" + i));
            }
            List<String> expected = contents(log);
            log.close();

            PartitionLog again = open(files, SMALL_SEGMENTS, RecoveryHints.NONE);
            again.advanceHighWatermark(20);

            assertThat(contents(again)).isEqualTo(expected).hasSize(20);
            assertThat(commit(again, batch("next"))).isEqualTo(new AppendOutcome.Appended(20, 20, -1));
        }
    }
}
