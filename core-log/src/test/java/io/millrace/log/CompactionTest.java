package io.millrace.log;

import static io.millrace.log.Batches.DIRECTORY;
import static io.millrace.log.Batches.NOW;
import static io.millrace.log.Batches.bytes;
import static io.millrace.log.Batches.commit;
import static io.millrace.log.Batches.open;
import static io.millrace.log.Batches.settle;
import static io.millrace.log.Batches.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.record.Compression;
import io.millrace.record.Header;
import io.millrace.record.RecordBatch;
import io.millrace.record.RecordBatchBuilder;
import io.millrace.record.RecordCursor;
import io.millrace.record.TimestampType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CompactionTest {

    private static final long DAY = 86_400_000;
    private static final Map<String, String> CONFIG = Map.of(
            "cleanup.policy", "compact",
            "internal.segment.bytes", "300",
            "index.interval.bytes", "100",
            "min.cleanable.dirty.ratio", "0");

    private final MemoryLogStorage storage = new MemoryLogStorage();
    private PartitionLog log = open(storage, CONFIG, RecoveryHints.NONE);

    @ParameterizedTest
    @EnumSource(Compression.class)
    void keepsTheLastRecordOfEachKeyAtItsOffset(Compression compression) {
        for (int i = 0; i < 40; i++) {
            commit(log, pairs(compression, "k" + i % 5, "v" + i, "only" + i, "x"));
        }
        roll();
        List<String> before = records();
        Map<String, String> last = lastPerKey(before);

        compact(NOW, Long.MAX_VALUE);

        List<String> after = records();
        assertThat(before).containsAll(after);
        assertThat(lastPerKey(after)).isEqualTo(last);
        assertThat(after.stream().filter(record -> record.contains("=k"))).hasSize(5);
        assertThat(after).isEqualTo(reopened());
        log.view().read(0, 1 << 20, Long.MAX_VALUE).forEach(batch -> assertThat(batch.isValidCrc())
                .isTrue());
    }

    @Test
    void refusesRecordsWithoutAKey() {
        RecordBatchBuilder builder = new RecordBatchBuilder(Compression.NONE, TimestampType.CREATE_TIME, 1000);
        builder.append(NOW, null, bytes("v"), Header.NONE);
        assertThat(log.append(builder.finish(), Origin.CLIENT, 0, NOW)).isInstanceOf(AppendOutcome.Rejected.class);
    }

    @Test
    void keepsATombstoneUntilItsHorizonCountedFromTheFirstCompaction() {
        commit(log, pairs(Compression.NONE, "k", "v"));
        commit(log, pairs(Compression.NONE, "k", null));
        commit(log, pairs(Compression.NONE, "other", "x"));
        roll();

        compact(NOW, Long.MAX_VALUE);
        assertThat(records()).contains("1=k:null").doesNotContain("0=k:v");
        dirtyAndRoll();
        compact(NOW + DAY - 1, Long.MAX_VALUE);
        assertThat(records()).contains("1=k:null");
        dirtyAndRoll();
        compact(NOW + DAY, Long.MAX_VALUE);
        assertThat(records()).doesNotContain("1=k:null").contains("2=other:x");
    }

    @Test
    void keepsTombstonesAboveTheFloor() {
        commit(log, pairs(Compression.NONE, "a", null));
        commit(log, pairs(Compression.NONE, "b", null));
        commit(log, pairs(Compression.NONE, "c", "x"));
        roll();
        compact(NOW, 1);
        dirtyAndRoll();

        compact(NOW + 2 * DAY, 1);

        assertThat(records()).contains("1=b:null").doesNotContain("0=a:null");
    }

    @Test
    void dropsAbortedRecordsAtOnceAndTheirMarkerAfterItsHorizon() {
        commit(log, transactional(5, 0, "k", "aborted"));
        marker(5, 1, false);
        commit(log, transactional(5, 1, "k", "committed"));
        marker(5, 2, true);
        commit(log, transactional(5, 2, "z", "live"));
        marker(5, 3, true);
        roll();
        assertThat(log.view().abortedTransactions(0, 100)).hasSize(1);

        compact(NOW, Long.MAX_VALUE);
        assertThat(records()).contains("2=k:committed").doesNotContain("0=k:aborted");
        assertThat(controls()).containsExactly(1L, 3L, 5L);
        assertThat(log.view().abortedTransactions(0, 100)).hasSize(1);

        dirtyAndRoll();
        compact(NOW + 1, Long.MAX_VALUE);
        assertThat(controls()).containsExactly(1L, 3L, 5L);
        assertThat(log.view().abortedTransactions(0, 100)).isEmpty();

        dirtyAndRoll();
        compact(NOW + 1 + DAY, Long.MAX_VALUE);
        assertThat(controls()).containsExactly(3L, 5L);
        assertThat(records()).contains("2=k:committed", "4=z:live");
    }

    @Test
    void keepsTheLastBatchOfALiveProducerEvenIfItIsEmpty() {
        RecordBatchBuilder builder = builder(Compression.NONE, "k", "v");
        commit(log, builder.finish(9, (short) 0, 0, false));
        commit(log, pairs(Compression.NONE, "k", "newer"));
        commit(log, pairs(Compression.NONE, "k", "newest"));
        roll();

        compact(NOW, Long.MAX_VALUE);

        assertThat(records()).containsExactly("2=k:newest");
        assertThat(batches(log).get(0).recordCount()).isZero();
        PartitionLog again = open(storage, CONFIG, RecoveryHints.NONE);
        assertThat(again.append(
                        builder(Compression.NONE, "k", "v").finish(9, (short) 0, 0, false), Origin.CLIENT, 0, NOW))
                .isEqualTo(new AppendOutcome.Duplicate(0, 0, NOW));
    }

    @Test
    void touchesNothingAboveTheLastStableOffset() {
        commit(log, pairs(Compression.NONE, "k", "v1"));
        commit(log, transactional(5, 0, "t", "open"));
        for (int i = 2; i < 20; i++) {
            commit(log, pairs(Compression.NONE, "k", "v" + i));
        }
        assertThat(log.beginCompaction(Long.MAX_VALUE, Compaction.MAP_BYTES, NOW))
                .isEmpty();
    }

    @Test
    void startsByRatioOrByAge() {
        Map<String, String> config = new HashMap<>(CONFIG);
        config.put("min.cleanable.dirty.ratio", "0.9");
        config.put("max.compaction.lag.ms", "1000");
        config.put("min.compaction.lag.ms", "500");
        log.reconfigure(LogConfig.of(config));
        commit(log, pairs(Compression.NONE, "k", "v1"));
        roll();

        assertThat(log.beginCompaction(Long.MAX_VALUE, 1000, NOW + 499)).isEmpty();
        compact(NOW + 501, Long.MAX_VALUE);
        commit(log, pairs(Compression.NONE, "k", "v2"));
        roll();
        assertThat(log.beginCompaction(Long.MAX_VALUE, 1000, NOW + 999)).isEmpty();
        assertThat(log.beginCompaction(Long.MAX_VALUE, 1000, NOW + 1001)).isPresent();
    }

    @Test
    void comesToAnEndWithATinyMapOfKeys() {
        for (int i = 0; i < 200; i++) {
            commit(log, pairs(Compression.NONE, "k" + i % 60, "v" + i));
        }
        roll();
        Map<String, String> last = lastPerKey(records());
        int rounds = 0;
        while (log.cleanedEnd() < 200 && rounds++ < 100) {
            Compaction round = log.beginCompaction(Long.MAX_VALUE, 400, NOW).orElseThrow();
            finish(round, NOW, 100);
        }

        assertThat(log.cleanedEnd()).isGreaterThanOrEqualTo(200);
        assertThat(lastPerKey(records())).isEqualTo(last);
    }

    @Test
    void discardsTheRoundWhenRetentionTakesItsSegments() {
        Map<String, String> both = new HashMap<>(CONFIG);
        both.put("cleanup.policy", "compact,delete");
        both.put("retention.ms", "1000");
        log = open(new MemoryLogStorage(), both, RecoveryHints.NONE);
        for (int i = 0; i < 20; i++) {
            commit(log, pairs(Compression.NONE, "k", "v" + i));
        }
        Compaction round = log.beginCompaction(Long.MAX_VALUE, 1000, NOW).orElseThrow();
        while (round.step(50) != Compaction.Progress.GROUP_READY) {}
        log.retain(NOW + 2000);

        assertThat(log.swap(round, NOW)).isFalse();
        log.endCompaction();

        assertThat(log.view().logStartOffset()).isEqualTo(20);
        assertThat(log.beginCompaction(Long.MAX_VALUE, 1000, NOW)).isEmpty();
        commit(log, pairs(Compression.NONE, "k", "after"));
        assertThat(records()).containsExactly("20=k:after");
    }

    @Test
    void keepsNoProducerSnapshotsOfSegmentsThatAreGone() {
        for (int round = 0; round < 5; round++) {
            for (int i = 0; i < 60; i++) {
                commit(log, pairs(Compression.NONE, "k" + i % 3, "v" + i));
            }
            roll();
            compact(NOW, Long.MAX_VALUE);
        }
        long segments = log.view().segmentCount();
        assertThat(snapshots()).isLessThanOrEqualTo(segments);

        assertThat(log.close()).isTrue();
        storage.open("flights-0/00000000000000000017.snapshot", LogStorage.Open.CREATE); // as of a crash in a swap
        open(storage, CONFIG, RecoveryHints.NONE);
        assertThat(snapshots()).isLessThanOrEqualTo(segments + 1);
    }

    private long snapshots() {
        return storage.list("flights-0").stream()
                .filter(name -> name.endsWith(".snapshot"))
                .count();
    }

    /** A disk that fails once while a group is put in its place leaves a log that can be read, and is whole again later. */
    @Test
    void aFailureWithinASwapHidesNothing() {
        for (FaultyLogStorage.Effect effect :
                List.of(FaultyLogStorage.Effect.NO_SPACE, FaultyLogStorage.Effect.IO_ERROR)) {
            boolean failed = true;
            for (long count = 1; failed; count++) {
                MemoryLogStorage memory = new MemoryLogStorage();
                FaultyLogStorage faulty = new FaultyLogStorage(memory);
                log = open(faulty, CONFIG, RecoveryHints.NONE);
                for (int i = 0; i < 30; i++) {
                    commit(log, pairs(Compression.NONE, "k" + i % 4, "v" + i));
                }
                roll();
                long end = log.view().logEndOffset();
                Map<String, String> last = lastPerKey(records());
                Compaction round = log.beginCompaction(Long.MAX_VALUE, Compaction.MAP_BYTES, NOW)
                        .orElseThrow();
                while (round.step(1000) != Compaction.Progress.GROUP_READY) {}
                faulty.failAt(FaultyLogStorage.Operation.ANY_CHANGE, count, effect);
                try {
                    failed = !log.swap(round, NOW);
                } catch (StorageException e) {
                    failed = true;
                }
                if (!failed) {
                    continue;
                }
                log.endCompaction();
                log.retain(NOW + DAY); // what is on its way out goes
                String at = effect + " at change " + count;

                assertThat(lastPerKey(records())).as(at).isEqualTo(last);
                assertThat(log.view().segments())
                        .as(at)
                        .allMatch(segment -> memory.exists(segment.file().path()));
                assertThat(memory.list("flights-0"))
                        .as(at)
                        .noneMatch(name -> log.refusal().isEmpty() && name.endsWith(SegmentFiles.SWAP));
                PartitionLog found = open(memory.crash(count), CONFIG, new RecoveryHints(end, 0, false));
                found.advanceHighWatermark(end);
                assertThat(found.refusal()).as(at).isEmpty();
                assertThat(lastPerKey(records(found))).as(at).isEqualTo(last);
            }
        }
    }

    /** Everything the compaction does to the disk, one crash after each, over several losses of unsynced data. */
    @Test
    void aCrashAnywhereLeavesTheLastRecordOfEveryKey() {
        for (int i = 0; i < 30; i++) {
            commit(log, pairs(Compression.NONE, "k" + i % 4, "v" + i));
        }
        commit(log, transactional(5, 0, "k1", "aborted"));
        marker(5, 1, false);
        roll();
        Map<String, String> last = lastPerKey(committed(log));
        long end = log.view().logEndOffset();
        int crashes = 0;
        for (long count = 1; ; count++) {
            MemoryLogStorage copy = storage.crash(0);
            FaultyLogStorage crashing = new FaultyLogStorage(copy);
            PartitionLog victim = open(crashing, CONFIG, new RecoveryHints(end, 0, false));
            victim.advanceHighWatermark(end);
            crashing.failAt(FaultyLogStorage.Operation.ANY_CHANGE, count, FaultyLogStorage.Effect.CRASH);
            if (!diesCompacting(victim)) {
                break;
            }
            for (long seed = 0; seed < 3; seed++) {
                PartitionLog recovered = open(copy.crash(seed), CONFIG, new RecoveryHints(end, 0, false));
                recovered.advanceHighWatermark(end);
                assertThat(recovered.refusal())
                        .as("crash at %d, seed %d", count, seed)
                        .isEmpty();
                assertThat(recovered.view().logEndOffset()).isEqualTo(end);
                assertThat(lastPerKey(committed(recovered)))
                        .as("crash at %d, seed %d", count, seed)
                        .isEqualTo(last);
                crashes++;
            }
        }
        assertThat(crashes).isGreaterThan(100);
    }

    private static boolean diesCompacting(PartitionLog victim) {
        try {
            Compaction round = victim.beginCompaction(Long.MAX_VALUE, Compaction.MAP_BYTES, NOW)
                    .orElseThrow();
            Compaction.Progress progress = round.step(1000);
            while (progress != Compaction.Progress.DONE) {
                if (progress == Compaction.Progress.GROUP_READY) {
                    victim.swap(round, NOW);
                }
                progress = round.step(1000);
            }
            victim.endCompaction();
            return false;
        } catch (StorageException e) {
            return true;
        }
    }

    private void compact(long nowMs, long tombstoneFloor) {
        finish(log.beginCompaction(tombstoneFloor, Compaction.MAP_BYTES, nowMs).orElseThrow(), nowMs, 100);
    }

    private void finish(Compaction round, long nowMs, int stepBytes) {
        Compaction.Progress progress = round.step(stepBytes);
        while (progress != Compaction.Progress.DONE) {
            if (progress == Compaction.Progress.GROUP_READY) {
                assertThat(log.swap(round, nowMs)).isTrue();
            }
            progress = round.step(stepBytes);
        }
        log.endCompaction();
    }

    /** Makes the active segment a sealed one. */
    private void roll() {
        String filler = "f".repeat(180);
        commit(log, pairs(Compression.NONE, "filler", filler));
        commit(log, pairs(Compression.NONE, "filler", filler));
    }

    private void dirtyAndRoll() {
        roll();
    }

    private List<String> reopened() {
        PartitionLog again = open(storage, CONFIG, RecoveryHints.NONE);
        again.advanceHighWatermark(again.view().logEndOffset());
        return records(again);
    }

    private List<String> records() {
        return records(log);
    }

    private static List<String> records(PartitionLog log) {
        List<String> found = new ArrayList<>();
        RecordCursor cursor = new RecordCursor();
        for (RecordBatch batch : batches(log)) {
            if (!batch.isControl()) {
                cursor.wrap(batch);
                while (cursor.next()) {
                    String record = cursor.offset() + "=" + text(cursor.key()) + ":" + text(cursor.value());
                    if (!record.contains("filler")) {
                        found.add(record);
                    }
                }
            }
        }
        return found;
    }

    /** Without the records of aborted transactions. */
    private static List<String> committed(PartitionLog log) {
        List<String> found = records(log);
        for (AbortedTransaction aborted : log.view().abortedTransactions(0, Long.MAX_VALUE)) {
            found.removeIf(record -> record.endsWith("aborted")
                    && Long.parseLong(record.substring(0, record.indexOf('='))) >= aborted.firstOffset());
        }
        return found;
    }

    private List<Long> controls() {
        return batches(log).stream()
                .filter(RecordBatch::isControl)
                .map(RecordBatch::baseOffset)
                .toList();
    }

    private static List<RecordBatch> batches(PartitionLog log) {
        List<RecordBatch> found = new ArrayList<>();
        LogView view = log.view();
        long position = 0;
        // Not through the tail in memory: what is on the disk counts.
        for (Segment segment : view.segments()) {
            WholeBatchScan scan =
                    new WholeBatchScan(segment.file(), segment.file().size());
            while (scan.next()) {
                assertThat(scan.batch().baseOffset()).isGreaterThanOrEqualTo(position);
                position = scan.batch().nextOffset();
                found.add(scan.batch().copy());
            }
            assertThat(scan.defect()).isNull();
        }
        return found;
    }

    private static Map<String, String> lastPerKey(List<String> records) {
        Map<String, String> last = new TreeMap<>();
        for (String record : records) {
            String pair = record.substring(record.indexOf('=') + 1);
            last.put(pair.substring(0, pair.indexOf(':')), record);
        }
        return last;
    }

    private void marker(long producerId, int epoch, boolean commit) {
        log.appendMarker(producerId, (short) epoch, commit, 0, 2, 0, NOW);
        settle(log);
    }

    private static RecordBatch transactional(long producerId, int epoch, String key, String value) {
        return builder(Compression.NONE, key, value).finish(producerId, (short) epoch, 0, true);
    }

    private static RecordBatch pairs(Compression compression, @Nullable String... keysAndValues) {
        return builder(compression, keysAndValues).finish();
    }

    private static RecordBatchBuilder builder(Compression compression, @Nullable String... keysAndValues) {
        RecordBatchBuilder builder = new RecordBatchBuilder(compression, TimestampType.CREATE_TIME, 1 << 20);
        for (int i = 0; i < keysAndValues.length; i += 2) {
            String value = keysAndValues[i + 1];
            builder.append(
                    NOW, bytes(String.valueOf(keysAndValues[i])), value == null ? null : bytes(value), Header.NONE);
        }
        return builder;
    }

    @Test
    void givesBackTheSpaceOfSegmentsThatFitIntoOne() {
        for (int i = 0; i < 40; i++) {
            commit(log, pairs(Compression.NONE, "k", "v" + i));
        }
        roll();
        int before = log.view().segmentCount();
        compact(NOW, Long.MAX_VALUE);
        dirtyAndRoll();
        compact(NOW, Long.MAX_VALUE);
        log.retain(NOW + DAY);

        assertThat(log.view().segmentCount()).isLessThan(before / 2);
        assertThat(storage.list(DIRECTORY)).noneMatch(name -> name.endsWith(".deleted"));
        assertThat(records()).containsExactly("39=k:v39");
    }
}
