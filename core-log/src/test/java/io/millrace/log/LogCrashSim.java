package io.millrace.log;

import static io.millrace.log.Batches.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.LogStorage.Open;
import io.millrace.record.Compression;
import io.millrace.record.RecordBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A log against a list: random appends, writes, syncs, rolls, truncations, deletions, clean and unclean restarts and power cuts.
 * After a power cut everything that was synced is there, and what is there is a prefix of what was appended.
 */
class LogCrashSim {

    private static final int STEPS = 120;

    @Test
    void losesNothingThatWasSynced() {
        for (long seed = 1; seed <= 150; seed++) {
            new World(seed).run();
        }
    }

    /** The power cut undid the removal of the first segments, and not of those behind them. */
    @Test
    void segmentsThatComeBackAreNotTakenForTheEndOfTheLog() {
        new World(2271).run();
    }

    @Test
    @Tag("long")
    void losesNothingThatWasSyncedInManyWorlds() {
        for (long seed = 1_000; seed <= 21_000; seed++) {
            new World(seed).run();
        }
    }

    private static final class World {
        private final long seed;
        private final SplittableRandom random;
        private final Map<String, String> config;
        /** Value per offset from 0 on, appended and not lost. */
        private final List<String> model = new ArrayList<>();

        private MemoryLogStorage storage = new MemoryLogStorage();
        private PartitionLog log;
        private long synced;
        private long recoveryPoint;
        private long logStart;
        private int sequence;
        private int epoch;

        World(long seed) {
            this.seed = seed;
            this.random = new SplittableRandom(seed);
            this.config = Map.of(
                    "internal.segment.bytes", Integer.toString(200 + random.nextInt(2000)),
                    "index.interval.bytes", Integer.toString(random.nextInt(300)));
            this.log = Batches.open(storage, config, RecoveryHints.NONE);
        }

        void run() {
            for (int step = 0; step < STEPS; step++) {
                switch (random.nextInt(12)) {
                    case 0, 1, 2, 3 -> append();
                    case 4 -> log.write();
                    case 5, 6 -> sync();
                    case 7 -> checkpoint();
                    case 8 -> powerCut();
                    case 9 -> restart();
                    case 10 -> deleteOrTruncate();
                    default -> check();
                }
            }
            check();
        }

        private void append() {
            int count = 1 + random.nextInt(3);
            String[] values = new String[count];
            for (int i = 0; i < count; i++) {
                values[i] = "v" + model.size() + "." + random.nextInt(1000);
                model.add(values[i]);
            }
            Compression compression = Compression.of(random.nextInt(5));
            RecordBatch batch = Batches.builder(compression, NOW, values).finish(7, (short) 0, sequence, false);
            epoch += random.nextInt(10) == 0 ? 1 : 0;
            AppendOutcome outcome = log.append(batch, Origin.CLIENT, epoch, NOW);
            long base = model.size() - count;
            assertThat(outcome).as("seed %d", seed).isEqualTo(new AppendOutcome.Appended(base, base + count - 1, -1));
            sequence += count;
        }

        private void sync() {
            log.write();
            log.synced(log.beginSync().run());
            synced = log.flushedEnd();
            assertThat(synced).as("seed %d", seed).isEqualTo(model.size());
            log.advanceHighWatermark(synced);
        }

        private void checkpoint() {
            recoveryPoint = log.flushedEnd();
        }

        private void powerCut() {
            if (random.nextBoolean()) {
                log.write();
            }
            storage = storage.crash(random.nextLong());
            reopen(false);
            long end = log.view().logEndOffset();
            assertThat(log.refusal()).as("seed %d", seed).isEmpty();
            assertThat(end).as("seed %d: synced records are there", seed).isBetween(synced, (long) model.size());
            model.subList((int) end, model.size()).clear();
            afterReopen(end);
        }

        private void restart() {
            assertThat(log.close()).as("seed %d", seed).isTrue();
            storage = storage.crash(random.nextLong());
            recoveryPoint = model.size();
            reopen(true);
            assertThat(log.view().logEndOffset()).as("seed %d", seed).isEqualTo(model.size());
            afterReopen(model.size());
        }

        private void reopen(boolean clean) {
            log = Batches.open(storage, config, new RecoveryHints(recoveryPoint, logStart, clean));
        }

        private void afterReopen(long end) {
            synced = end;
            log.advanceHighWatermark(end);
            sequence = log.producer(7).map(state -> state.lastSequence() + 1).orElse(0);
            assertThat(sequence).as("seed %d: one sequence per record", seed).isEqualTo((int) end);
        }

        private void deleteOrTruncate() {
            log.write();
            long highWatermark = log.view().highWatermark();
            if (random.nextBoolean() && highWatermark > logStart) {
                logStart += random.nextLong(highWatermark - logStart + 1);
                assertThat(log.deleteRecords(logStart, NOW)).hasValue(logStart);
                log.retain(NOW + random.nextInt(100_000));
            } else {
                long to = highWatermark + random.nextLong(model.size() - highWatermark + 1);
                log.truncateTo(to);
                long end = log.view().logEndOffset();
                assertThat(end).as("seed %d", seed).isBetween(highWatermark, to);
                model.subList((int) end, model.size()).clear();
                sequence = (int) end;
                synced = Math.min(synced, end);
            }
        }

        private void check() {
            log.write();
            LogView view = log.view();
            long from = logStart + random.nextLong(model.size() - logStart + 1);
            List<String> expected = new ArrayList<>();
            for (long offset = from; offset < model.size(); offset++) {
                expected.add(offset + "=" + model.get((int) offset));
            }
            assertThat(Batches.contents(view, from, view.logEndOffset(), 1 + random.nextInt(500)))
                    .as("seed %d", seed)
                    .isEqualTo(expected);
            assertThat(view.logStartOffset()).isEqualTo(logStart);
        }
    }

    /** The simulation would notice: what it relies on is not trivially true. */
    @Test
    void aPowerCutDoesLoseUnsyncedRecords() {
        int lost = 0;
        for (long seed = 0; seed < 20; seed++) {
            MemoryLogStorage storage = new MemoryLogStorage();
            PartitionLog log = Batches.open(storage, Map.of(), RecoveryHints.NONE);
            Batches.commit(log, Batches.batch("synced"));
            log.append(Batches.batch("not synced"), Origin.CLIENT, 0, NOW);
            log.write();
            PartitionLog found = Batches.open(storage.crash(seed), Map.of(), RecoveryHints.NONE);
            lost += found.view().logEndOffset() == 1 ? 1 : 0;
        }
        assertThat(lost).isBetween(1, 19);
    }

    @Test
    void survivesGarbageInsteadOfEveryOwnFile() {
        MemoryLogStorage storage = new MemoryLogStorage();
        PartitionLog log = Batches.open(storage, Map.of("internal.segment.bytes", "200"), RecoveryHints.NONE);
        for (int i = 0; i < 10; i++) {
            Batches.commit(log, Batches.batch("v" + i));
        }
        List<String> expected = Batches.contents(log);
        assertThat(log.close()).isTrue();
        for (String name : storage.list(Batches.DIRECTORY)) {
            if (!name.endsWith(SegmentFiles.LOG) && !name.startsWith("partition.metadata")) {
                MemoryLogStorage damaged = storage.crash(0);
                damaged.replace(
                        Batches.DIRECTORY + "/" + name, "garbage".getBytes(java.nio.charset.StandardCharsets.UTF_8));
                check(damaged, expected, name);
                damaged.open(Batches.DIRECTORY + "/" + name, Open.EMPTY);
                check(damaged, expected, name);
                damaged.delete(Batches.DIRECTORY + "/" + name);
                check(damaged, expected, name);
            }
        }
    }

    private static void check(MemoryLogStorage damaged, List<String> expected, String name) {
        PartitionLog opened = Batches.open(damaged, Map.of(), new RecoveryHints(10, 0, true));
        opened.advanceHighWatermark(10);
        assertThat(Batches.contents(opened)).as(name).isEqualTo(expected);
        assertThat(opened.view().epochs().latest()).isZero();
    }
}
