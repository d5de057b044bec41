package io.millrace.log;

import static io.millrace.log.Batches.DIRECTORY;
import static io.millrace.log.Batches.NOW;
import static io.millrace.log.Batches.batch;
import static io.millrace.log.Batches.commit;
import static io.millrace.log.Batches.contents;
import static io.millrace.log.Batches.open;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RetentionTest {

    private static final long HOUR = 3_600_000;

    private final MemoryLogStorage storage = new MemoryLogStorage();

    @Test
    void removesSegmentsWhoseNewestRecordIsTooOld() {
        PartitionLog log = filled(Map.of("retention.ms", "100"), 10);
        long firstToStay = NOW + 6;

        log.retain(firstToStay + 100);

        assertThat(log.view().logStartOffset()).isEqualTo(6);
        assertThat(contents(log)).startsWith("6=v6").hasSize(4);
        assertThat(log.view().read(0, 100, 10).get(0).baseOffset()).isEqualTo(6);
    }

    @Test
    void removesLaterWhatTheDiskRefusesToRemoveNow() {
        Map<String, String> config = oneBatchPerSegment(Map.of("retention.ms", "100", "file.delete.delay.ms", "0"));
        boolean failed = true;
        for (long count = 1; failed; count++) {
            FaultyLogStorage faulty = new FaultyLogStorage(new MemoryLogStorage());
            PartitionLog log = open(faulty, config, RecoveryHints.NONE);
            for (int i = 0; i < 10; i++) {
                commit(log, batch(NOW + i, "v" + i));
            }
            faulty.list(DIRECTORY).stream()
                    .filter(name -> name.endsWith(".snapshot"))
                    .forEach(name -> faulty.delete(DIRECTORY + "/" + name)); // so that it has to write one
            faulty.failAt(FaultyLogStorage.Operation.ANY_CHANGE, count, FaultyLogStorage.Effect.NO_SPACE);
            try {
                log.retain(NOW + 106);
                failed = false;
            } catch (StorageException e) {
                assertThat(contents(log)).as("change %d", count).endsWith("9=v9");
            }
            log.retain(NOW + 106);
            log.retain(NOW + 106);

            if (faulty.failure().isEmpty()) {
                assertThat(contents(log))
                        .as("change %d", count)
                        .startsWith("6=v6")
                        .hasSize(4);
                assertThat(faulty.list(DIRECTORY).stream().filter(name -> name.contains(".log")))
                        .as("change %d", count)
                        .hasSize(4);
            }
        }
    }

    /** Retention runs on the thread that appends: it waits for the removals themselves, and for nothing that is durable already. */
    @Test
    void waitsForTheRemovalsAloneIfWhatStaysIsDurable() {
        Map<String, String> config = oneBatchPerSegment(Map.of("retention.ms", "100"));
        FaultyLogStorage counting = new FaultyLogStorage(new MemoryLogStorage());
        PartitionLog log = open(counting, config, RecoveryHints.NONE);
        for (int i = 0; i < 10; i++) {
            commit(log, batch(NOW + i, "v" + i));
        }
        long before = syncs(counting);
        log.retain(NOW + 106);
        assertThat(contents(log)).hasSize(4);
        assertThat(syncs(counting)).as("one for each of six").isEqualTo(before + 6);

        PartitionLog again = open(counting, config, RecoveryHints.NONE);
        again.advanceHighWatermark(10);
        before = syncs(counting);
        again.retain(NOW + 107);
        assertThat(contents(again)).hasSize(3);
        assertThat(syncs(counting))
                .as("nobody knows what an earlier life has synced")
                .isGreaterThan(before + 1);
    }

    @Test
    void syncsWhatStaysIfThatIsNotDurable() {
        Map<String, String> config = oneBatchPerSegment(Map.of("retention.ms", "100"));
        FaultyLogStorage counting = new FaultyLogStorage(new MemoryLogStorage());
        PartitionLog log = open(counting, config, RecoveryHints.NONE);
        for (int i = 0; i < 10; i++) {
            log.append(batch(NOW + i, "v" + i), Origin.CLIENT, 0, NOW);
            log.write();
        }
        log.advanceHighWatermark(10);
        long before = syncs(counting);

        log.retain(NOW + 106);

        assertThat(contents(log)).hasSize(4);
        assertThat(syncs(counting)).isGreaterThan(before);
    }

    @Test
    void whatStaysIsThereAfterAPowerCutWhileSegmentsAreRemoved() {
        Map<String, String> config = oneBatchPerSegment(Map.of("retention.ms", "100"));
        MemoryLogStorage disk = new MemoryLogStorage();
        FaultyLogStorage watched = new FaultyLogStorage(disk);
        PartitionLog log = open(watched, config, RecoveryHints.NONE);
        for (int i = 0; i < 10; i++) {
            commit(log, batch(NOW + i, "v" + i));
        }
        List<MemoryLogStorage> found = new ArrayList<>();
        lookBeforeEachMove(watched, () -> {
            for (long seed = 0; seed < 20; seed++) {
                found.add(disk.crash(seed));
            }
        });

        log.retain(NOW + 108);

        assertThat(contents(log)).hasSize(2);
        assertThat(found).isNotEmpty().allSatisfy(left -> {
            PartitionLog next = open(left, config, RecoveryHints.NONE);
            next.advanceHighWatermark(10);
            assertThat(contents(next)).endsWith("8=v8", "9=v9");
        });
    }

    private static void lookBeforeEachMove(FaultyLogStorage storage, Runnable look) {
        storage.before(FaultyLogStorage.Operation.MOVE, () -> {
            look.run();
            lookBeforeEachMove(storage, look);
        });
    }

    private static long syncs(FaultyLogStorage storage) {
        return storage.count(FaultyLogStorage.Operation.SYNC)
                + storage.count(FaultyLogStorage.Operation.SYNC_DIRECTORY);
    }

    @Test
    void startsANewSegmentWhenEverythingIsTooOld() {
        PartitionLog log = filled(Map.of("retention.ms", "100"), 3);

        log.retain(NOW + HOUR);

        assertThat(log.view().logStartOffset()).isEqualTo(3);
        assertThat(log.view().logEndOffset()).isEqualTo(3);
        assertThat(log.view().sizeInBytes()).isZero();
        assertThat(commit(log, batch("v3"))).isEqualTo(new AppendOutcome.Appended(3, 3, -1));
        PartitionLog again = open(storage, Map.of(), RecoveryHints.NONE);
        assertThat(again.view().logStartOffset()).isEqualTo(3);
        assertThat(again.view().logEndOffset()).isEqualTo(4);
    }

    @Test
    void removesTheOldestSegmentsAboveTheSize() {
        long one = batch("v0").sizeInBytes();
        PartitionLog log = filled(Map.of("retention.bytes", Long.toString(4 * one), "retention.ms", "-1"), 10);

        log.retain(NOW + HOUR);

        assertThat(log.view().sizeInBytes()).isEqualTo(4 * one);
        assertThat(log.view().logStartOffset()).isEqualTo(6);
    }

    @Test
    void removesNothingAboveTheHighWatermark() {
        Map<String, String> config = oneBatchPerSegment(Map.of("retention.ms", "1"));
        PartitionLog log = open(storage, config, RecoveryHints.NONE);
        for (int i = 0; i < 4; i++) {
            log.append(batch(NOW + i, "v" + i), Origin.CLIENT, 0, NOW);
            log.write();
        }
        log.advanceHighWatermark(2);

        log.retain(NOW + HOUR);

        assertThat(log.view().logStartOffset()).isEqualTo(2);
    }

    @Test
    void keepsEverythingWithoutAPolicyOrWithCompactionAlone() {
        for (String policy : List.of("", "compact")) {
            PartitionLog log = open(
                    new MemoryLogStorage(),
                    oneBatchPerSegment(Map.of("retention.ms", "1", "cleanup.policy", policy)),
                    RecoveryHints.NONE);
            commit(log, batch("a"));
            commit(log, batch("b"));
            log.retain(NOW + HOUR);
            assertThat(contents(log)).hasSize(2);
        }
    }

    @Test
    void deletesRecordsForReadersAtOnceAndSegmentsWhenTheyLieBeforeTheStart() {
        PartitionLog log = open(storage, Map.of("internal.segment.bytes", "250"), RecoveryHints.NONE);
        for (int i = 0; i < 9; i++) {
            commit(log, batch("v" + i));
        }
        int segments = log.view().segmentCount();

        assertThat(log.deleteRecords(4, NOW)).hasValue(4);

        assertThat(contents(log)).startsWith("4=v4");
        assertThat(log.view().segmentCount()).isLessThan(segments);
        assertThat(log.deleteRecords(10, NOW)).isEmpty();
        assertThat(log.deleteRecords(-1, NOW)).hasValue(9);
        assertThat(contents(log)).isEmpty();

        PartitionLog again = open(storage, Map.of(), new RecoveryHints(9, 9, false));
        assertThat(again.view().logStartOffset()).isEqualTo(9);
        assertThat(again.view().logEndOffset()).isEqualTo(9);
    }

    @Test
    void leavesFilesToReadersOfAnOlderViewForAWhile() {
        PartitionLog log = filled(Map.of("file.delete.delay.ms", "1000", "retention.ms", "100"), 5);
        PartitionLog reopened = open(storage, oneBatchPerSegment(Map.of("retention.ms", "100")), RecoveryHints.NONE);
        reopened.advanceHighWatermark(5);
        LogView before = reopened.view();
        reopened.retain(NOW + 200);

        assertThat(contents(before, 0, 5, 10)).hasSize(5);
        assertThat(storage.list(DIRECTORY)).anyMatch(name -> name.endsWith(".deleted"));
        reopened.retain(NOW + 200 + 60_000);
        assertThat(storage.list(DIRECTORY)).noneMatch(name -> name.endsWith(".deleted"));
        assertThat(log.view().logEndOffset()).isEqualTo(5);
    }

    @Test
    void answersQueriesByTimestampLikeAModel() {
        Map<String, String> config = Map.of("internal.segment.bytes", "600", "index.interval.bytes", "100");
        for (long seed = 0; seed < 20; seed++) {
            MemoryLogStorage memory = new MemoryLogStorage();
            PartitionLog log = open(memory, config, RecoveryHints.NONE);
            java.util.SplittableRandom random = new java.util.SplittableRandom(seed);
            long[] timestamps = new long[60];
            for (int i = 0; i < timestamps.length; i++) {
                timestamps[i] = NOW + random.nextInt(50) + i;
                commit(log, batch(timestamps[i], "v" + i));
            }
            checkTimestamps(log, timestamps, seed);
            PartitionLog again = open(memory, config, RecoveryHints.NONE);
            again.advanceHighWatermark(60);
            checkTimestamps(again, timestamps, seed);
        }
    }

    private static void checkTimestamps(PartitionLog log, long[] timestamps, long seed) {
        LogView view = log.view();
        for (long asked = NOW - 1; asked < NOW + 120; asked++) {
            for (int upTo : new int[] {timestamps.length, 20}) {
                int expected = -1;
                for (int i = 0; i < upTo && expected < 0; i++) {
                    expected = timestamps[i] >= asked ? i : -1;
                }
                assertThat(view.firstAtOrAfter(asked, upTo).offset())
                        .as("seed %d, timestamp %d, up to %d", seed, asked - NOW, upTo)
                        .isEqualTo(expected);
            }
        }
        int largest = 0;
        for (int i = 0; i < timestamps.length; i++) {
            largest = timestamps[i] > timestamps[largest] ? i : largest;
        }
        assertThat(view.withMaxTimestamp(timestamps.length).offset()).isEqualTo(largest);
        assertThat(view.withMaxTimestamp(timestamps.length).timestampMs()).isEqualTo(timestamps[largest]);
    }

    /** The marker carries the time of the commit, which may lie decades after the records' own. */
    @Test
    void aMarkerRollsNoSegmentAndKeepsOldRecordsFromBeingOldAtOnce() {
        long decade = 10 * 365 * 24 * HOUR;
        Map<String, String> config = Map.of("retention.ms", Long.toString(HOUR), "segment.ms", Long.toString(HOUR));
        PartitionLog log = openedAt(NOW + decade, config);
        log.append(Batches.transactional(7, 0, 0, "old"), Origin.CLIENT, 0, NOW + decade);
        log.appendMarker(7, (short) 1, true, 0, 2, 0, NOW + decade);
        Batches.settle(log);
        log.append(Batches.transactional(7, 1, 0, "as old"), Origin.CLIENT, 0, NOW + decade);
        log.appendMarker(7, (short) 2, true, 0, 2, 0, NOW + decade);
        Batches.settle(log);

        assertThat(log.view().segmentCount()).isEqualTo(1);
        assertThat(log.view().firstAtOrAfter(NOW + 1, 4).offset()).isEqualTo(-1);
        assertThat(log.view().withMaxTimestamp(4).timestampMs()).isEqualTo(NOW);
        log.retain(NOW + decade + HOUR);
        assertThat(contents(log)).containsExactly("0=old", "2=as old");

        log.close();
        PartitionLog again = openedAt(NOW + decade, config);
        Batches.settle(again);
        again.retain(NOW + decade + HOUR);
        assertThat(contents(again)).containsExactly("0=old", "2=as old");
        again.retain(NOW + decade + HOUR + 1);
        assertThat(contents(again)).isEmpty();
    }

    private PartitionLog openedAt(long nowMs, Map<String, String> config) {
        return PartitionLog.open(
                storage,
                Batches.DIRECTORY,
                Batches.PARTITION,
                Batches.TOPIC_ID,
                LogConfig.of(config),
                RecoveryHints.NONE,
                nowMs);
    }

    private PartitionLog filled(Map<String, String> config, int count) {
        PartitionLog log = open(storage, oneBatchPerSegment(config), RecoveryHints.NONE);
        for (int i = 0; i < count; i++) {
            commit(log, batch(NOW + i, "v" + i));
        }
        return log;
    }

    private static Map<String, String> oneBatchPerSegment(Map<String, String> more) {
        Map<String, String> config = new HashMap<>(more);
        config.put("internal.segment.bytes", Integer.toString(batch("v0").sizeInBytes()));
        return config;
    }
}
