package io.millrace.log;

import static io.millrace.log.Batches.NOW;
import static io.millrace.log.Batches.batch;
import static io.millrace.log.Batches.commit;
import static io.millrace.log.Batches.contents;
import static io.millrace.log.Batches.open;
import static io.millrace.log.Batches.settle;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.TopicPartition;
import io.millrace.log.FaultyLogStorage.Effect;
import io.millrace.log.FaultyLogStorage.Operation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageFaultTest {

    private static final Map<String, String> SMALL =
            Map.of("internal.segment.bytes", "300", "index.interval.bytes", "60");

    /** Every change of the disk fails once, in every way: nothing acknowledged is lost, nothing refused appears twice. */
    @Test
    void anyFailureOfTheDiskLosesNothingAcknowledged() {
        for (Effect effect : Effect.values()) {
            boolean failed = true;
            for (long count = 1; failed; count++) {
                MemoryLogStorage memory = new MemoryLogStorage();
                FaultyLogStorage faulty = new FaultyLogStorage(memory);
                PartitionLog log = open(faulty, SMALL, RecoveryHints.NONE);
                faulty.failAt(Operation.ANY_CHANGE, count, effect);
                List<String> acknowledged = appendAll(log);
                failed = faulty.count(Operation.ANY_CHANGE) > 0 && acknowledged.size() < 25;

                PartitionLog found = open(memory.crash(count), SMALL, RecoveryHints.NONE);
                settle(found);

                List<String> there = contents(found);
                assertThat(there).as("%s at change %d", effect, count).hasSizeGreaterThanOrEqualTo(acknowledged.size());
                assertThat(there.subList(0, acknowledged.size()))
                        .as("%s at change %d", effect, count)
                        .isEqualTo(acknowledged);
                if (faulty.failure().isPresent()) {
                    assertThat(log.refusal())
                            .as("%s at change %d", effect, count)
                            .isPresent();
                }
            }
        }
    }

    /** Appends 25 batches, going on after refusals; returns those that were synced, as they should be read. */
    private static List<String> appendAll(PartitionLog log) {
        List<String> acknowledged = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            AppendOutcome outcome = log.append(batch("v" + i), Origin.CLIENT, 0, NOW);
            WriteOutcome written = log.write();
            boolean inFile = outcome instanceof AppendOutcome.Appended && written instanceof WriteOutcome.Written;
            if (inFile && log.isSyncDue()) {
                log.synced(log.beginSync().run());
                AppendOutcome.Appended appended = (AppendOutcome.Appended) outcome;
                if (log.flushedEnd() > appended.lastOffset()) {
                    acknowledged.add(appended.baseOffset() + "=v" + i);
                }
            }
        }
        return acknowledged;
    }

    @Test
    void goesOnWhenSpaceIsFreedAfterTheDiskWasFull() {
        MemoryLogStorage full = new MemoryLogStorage(3_000);
        PartitionLog log = open(full, Map.of("internal.segment.bytes", "1000"), RecoveryHints.NONE);
        int accepted = 0;
        while (commit(log, batch("value " + accepted)) instanceof AppendOutcome.Appended
                && log.view().logEndOffset() == accepted + 1) {
            accepted++;
        }
        assertThat(accepted).isGreaterThan(10);
        List<String> before = contents(log);
        assertThat(before).hasSize(accepted);

        log.deleteRecords(accepted / 2, NOW);
        log.retain(NOW + 100_000);

        long end = log.view().logEndOffset();
        assertThat(commit(log, batch("again"))).isEqualTo(new AppendOutcome.Appended(end, end, -1));
        assertThat(log.view().logEndOffset()).isEqualTo(end + 1);
    }

    @Test
    void goesOnInTheOldSegmentWhenThereIsNoSpaceForANewOne() {
        for (long write = 1; write <= 5; write++) {
            MemoryLogStorage memory = new MemoryLogStorage();
            FaultyLogStorage faulty = new FaultyLogStorage(memory);
            PartitionLog log = open(faulty, SMALL, RecoveryHints.NONE);
            commit(log, batch("a"));
            commit(log, batch("b"));
            faulty.failAt(Operation.WRITE, write, Effect.NO_SPACE);

            AppendOutcome big = commit(log, batch("x".repeat(80)));
            commit(log, batch("c"));
            List<String> expected = contents(log);

            assertThat(expected)
                    .as("write %d", write)
                    .startsWith("0=a", "1=b")
                    .anyMatch(record -> record.endsWith("=c"));
            assertThat(big).isNotNull();
            PartitionLog found = open(memory.crash(write), SMALL, new RecoveryHints(log.flushedEnd(), 0, false));
            settle(found);
            assertThat(contents(found)).as("write %d", write).isEqualTo(expected);
        }
    }

    @Test
    void writesNothingTwiceWhenAnIndexFindsNoSpace() {
        Map<String, String> config = Map.of("index.interval.bytes", "0");
        for (Effect effect : List.of(Effect.NO_SPACE, Effect.SHORT_WRITE)) {
            MemoryLogStorage memory = new MemoryLogStorage();
            FaultyLogStorage faulty = new FaultyLogStorage(memory);
            PartitionLog log = open(faulty, config, RecoveryHints.NONE);
            commit(log, batch("v0"));
            for (int i = 1; i <= 700; i++) {
                log.append(batch("v" + i), Origin.CLIENT, 0, NOW);
            }
            faulty.failAt(Operation.WRITE, 2, effect); // the first one writes the batches
            assertThat(log.write()).isEqualTo(new WriteOutcome.Written(701));
            settle(log);

            assertThat(commit(log, batch("next"))).isEqualTo(new AppendOutcome.Appended(701, 701, -1));
            PartitionLog found = open(memory.crash(7), config, new RecoveryHints(log.flushedEnd(), 0, false));
            settle(found);
            assertThat(found.refusal()).isEmpty();
            assertThat(contents(found)).isEqualTo(contents(log)).hasSize(702);
            assertThat(log.close()).isTrue();
            PartitionLog clean = open(memory, config, new RecoveryHints(log.flushedEnd(), 0, true));
            assertThat(clean.view().logEndOffset()).isEqualTo(702);
        }
    }

    @Test
    void aFailedWriteOfOneLogIsAFailureOfTheDirectory() {
        FaultyLogStorage faulty = new FaultyLogStorage(new MemoryLogStorage());
        PartitionLog log = open(faulty, Map.of(), RecoveryHints.NONE);
        commit(log, batch("a"));
        faulty.failAt(Operation.WRITE, 1, Effect.IO_ERROR);
        log.append(batch("b"), Origin.CLIENT, 0, NOW);
        assertThat(log.write()).isInstanceOf(WriteOutcome.NotWritten.class);
        assertThat(faulty.failure()).isPresent();
    }

    @Test
    void aFailedSyncLeavesNoCleanShutdown() {
        FaultyLogStorage faulty = new FaultyLogStorage(new MemoryLogStorage());
        PartitionLog log = open(faulty, Map.of(), RecoveryHints.NONE);
        commit(log, batch("a"));
        faulty.failAt(Operation.SYNC, 1, Effect.IO_ERROR);
        assertThat(log.close()).isFalse();
        assertThat(faulty.failure()).isPresent();
    }

    @Test
    void readsGoOnAfterTheDirectoryFailed() {
        FaultyLogStorage faulty = new FaultyLogStorage(new MemoryLogStorage());
        PartitionLog log = open(faulty, SMALL, RecoveryHints.NONE);
        for (int i = 0; i < 10; i++) {
            commit(log, batch("v" + i));
        }
        faulty.fail("the disk died");
        assertThat(contents(log)).hasSize(10);
        assertThat(commit(log, batch("x"))).isInstanceOf(AppendOutcome.Rejected.class);
        log.retain(NOW);
        assertThat(contents(log)).hasSize(10);
    }

    @Test
    void manyPartitionsNeedFewDescriptors(@TempDir Path folder) {
        openAndUse(folder, 40, 16);
    }

    @Test
    @Tag("long")
    void aThousandPartitionsNeedFewDescriptors(@TempDir Path folder) {
        openAndUse(folder, 1_000, FileLogStorage.OPEN_CHANNELS_MAX);
    }

    private static void openAndUse(Path folder, int partitions, int channelsMax) {
        try (FileLogStorage storage = new FileLogStorage(folder, channelsMax)) {
            List<PartitionLog> logs = new ArrayList<>();
            Map<String, String> config = Map.of("internal.segment.bytes", "150", "durability", "os");
            for (int i = 0; i < partitions; i++) {
                logs.add(PartitionLog.open(
                        storage,
                        "many-" + i,
                        new TopicPartition("many", i),
                        new UUID(1, 2),
                        LogConfig.of(config),
                        RecoveryHints.NONE,
                        NOW));
            }
            for (int round = 0; round < 3; round++) {
                for (PartitionLog log : logs) {
                    log.append(batch("round " + round), Origin.CLIENT, 0, NOW);
                    log.write();
                    log.advanceHighWatermark(round + 1);
                }
            }
            for (PartitionLog log : logs) {
                assertThat(contents(log)).hasSize(3);
            }
            assertThat(storage.openChannels()).isLessThanOrEqualTo(channelsMax);
        }
    }
}
