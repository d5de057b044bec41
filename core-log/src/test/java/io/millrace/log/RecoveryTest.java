package io.millrace.log;

import static io.millrace.log.Batches.DIRECTORY;
import static io.millrace.log.Batches.NOW;
import static io.millrace.log.Batches.batch;
import static io.millrace.log.Batches.commit;
import static io.millrace.log.Batches.contents;
import static io.millrace.log.Batches.idempotent;
import static io.millrace.log.Batches.open;
import static io.millrace.log.Batches.settle;
import static io.millrace.log.Batches.transactional;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.client.ErrorCode;
import io.millrace.log.LogStorage.Open;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecoveryTest {

    private static final Map<String, String> SMALL =
            Map.of("internal.segment.bytes", "400", "index.interval.bytes", "80");
    private static final String LAST_LOG = DIRECTORY + "/00000000000000000000.log";

    @Test
    void cutsATornTailAtEveryByteAndKeepsAllWholeBatches() {
        MemoryLogStorage original = new MemoryLogStorage();
        PartitionLog log = open(original, Map.of(), RecoveryHints.NONE);
        commit(log, batch("a"));
        commit(log, idempotent(7, 0, 0, "b", "c"));
        commit(log, transactional(8, 0, 0, "d"));
        byte[] whole = original.readAll(LAST_LOG);
        int[] ends = {batch("a").sizeInBytes(), 0, whole.length};
        ends[1] = ends[0] + batch("b", "c").sizeInBytes();

        for (int cut = 0; cut <= whole.length; cut++) {
            MemoryLogStorage storage = original.crash(1);
            storage.open(LAST_LOG, Open.EXISTING).truncate(cut);

            PartitionLog recovered = open(storage, Map.of(), RecoveryHints.NONE);
            settle(recovered);

            int batches = cut < ends[0] ? 0 : cut < ends[1] ? 1 : cut < ends[2] ? 2 : 3;
            long end = List.of(0L, 1L, 3L, 4L).get(batches);
            assertThat(recovered.view().logEndOffset()).as("cut at %d", cut).isEqualTo(end);
            assertThat(recovered.view().flushedEnd()).isEqualTo(end);
            assertThat(contents(recovered))
                    .isEqualTo(List.of("0=a", "1=b", "2=c", "3=d").subList(0, (int) end));
            assertThat(storage.readAll(LAST_LOG)).hasSize(batches == 0 ? 0 : ends[batches - 1]);
            assertThat(recovered.producer(7).isPresent()).isEqualTo(batches >= 2);
            assertThat(recovered.view().lastStableOffset()).isEqualTo(Math.min(end, 3));
            assertThat(commit(recovered, batch("next"))).isEqualTo(new AppendOutcome.Appended(end, end, -1));
        }
    }

    @Test
    void cutsAFlippedBitInTheTailWhateverByteItHits() {
        MemoryLogStorage original = new MemoryLogStorage();
        PartitionLog log = open(original, Map.of(), RecoveryHints.NONE);
        commit(log, batch("a"));
        long recoveryPoint = log.flushedEnd();
        int start = (int) log.view().sizeInBytes();
        commit(log, batch("b"));
        int size = original.readAll(LAST_LOG).length;

        for (int position = start; position < size; position++) {
            MemoryLogStorage storage = original.crash(1);
            flip(storage, LAST_LOG, position);

            PartitionLog recovered = open(storage, Map.of(), new RecoveryHints(recoveryPoint, 0, false));
            settle(recovered);

            // A higher leader epoch is as good as any: it lies outside of the checksum.
            boolean epoch = position >= start + 12 && position < start + 16;
            assertThat(contents(recovered))
                    .as("flipped at %d", position - start)
                    .isEqualTo(epoch ? List.of("0=a", "1=b") : List.of("0=a"));
        }
    }

    @Test
    void neverCutsCorruptionBelowTheRecoveryPointButServesWhatLiesBeforeIt() {
        MemoryLogStorage storage = new MemoryLogStorage();
        PartitionLog log = open(storage, Map.of(), RecoveryHints.NONE);
        commit(log, batch("a"));
        int second = (int) log.view().sizeInBytes();
        commit(log, batch("b"));
        commit(log, batch("c"));
        byte[] before = storage.readAll(LAST_LOG);
        flip(storage, LAST_LOG, second + 65);
        byte[] damaged = storage.readAll(LAST_LOG);

        PartitionLog quarantined = open(storage, Map.of(), new RecoveryHints(3, 0, false));
        quarantined.advanceHighWatermark(3);

        assertThat(damaged).isNotEqualTo(before);
        assertThat(storage.readAll(LAST_LOG)).isEqualTo(damaged);
        assertThat(contents(quarantined)).containsExactly("0=a");
        assertThat(quarantined.refusal().orElseThrow())
                .contains(LAST_LOG, "position " + second, "offset 1", "Restore the file");
        assertThat(quarantined.append(batch("x"), Origin.CLIENT, 0, NOW))
                .isInstanceOfSatisfying(AppendOutcome.Rejected.class, rejected -> assertThat(rejected.error())
                        .isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR));
        assertThat(quarantined.close()).isFalse();
        assertThat(storage.readAll(LAST_LOG)).isEqualTo(damaged);

        long checkpoint = quarantined.recoveryPoint();
        assertThat(open(storage, Map.of(), new RecoveryHints(checkpoint, 0, false))
                        .refusal())
                .as("nor does the start after that, which has what the checkpoint says of this one")
                .isPresent();
        assertThat(storage.readAll(LAST_LOG)).isEqualTo(damaged);
    }

    @ParameterizedTest
    @ValueSource(strings = {"delete", "compact"})
    void neverCutsAFlippedBitBelowTheRecoveryPointWhateverByteItHits(String policy) {
        Map<String, String> config = Map.of("cleanup.policy", policy);
        MemoryLogStorage original = new MemoryLogStorage();
        PartitionLog log = open(original, config, RecoveryHints.NONE);
        commit(log, batch("a"));
        int second = (int) log.view().sizeInBytes();
        commit(log, batch("b"));
        int third = (int) log.view().sizeInBytes();
        commit(log, batch("c"));

        for (int position = second; position < third; position++) {
            MemoryLogStorage storage = original.crash(1);
            flip(storage, LAST_LOG, position);
            byte[] damaged = storage.readAll(LAST_LOG);

            PartitionLog recovered = open(storage, config, new RecoveryHints(3, 0, false));
            recovered.advanceHighWatermark(3);

            String what = "flipped at " + (position - second);
            assertThat(storage.readAll(LAST_LOG)).as(what).isEqualTo(damaged);
            assertThat(recovered.refusal()).as(what).isPresent();
            // Offset and leader epoch lie outside of the checksum: the recovery point and the epoch file tell.
            assertThat(contents(recovered)).as(what).containsExactly("0=a");
        }
    }

    @Test
    void refusesToGoOnWhenRecordsBelowTheRecoveryPointAreMissing() {
        MemoryLogStorage storage = new MemoryLogStorage();
        PartitionLog log = open(storage, Map.of(), RecoveryHints.NONE);
        commit(log, batch("a"));
        commit(log, batch("b"));
        storage.open(LAST_LOG, Open.EXISTING).truncate(batch("a").sizeInBytes());

        PartitionLog recovered = open(storage, Map.of(), new RecoveryHints(2, 0, false));

        assertThat(recovered.refusal().orElseThrow()).contains("records are missing");
    }

    @Test
    void refusesToBeginAnewWhereRecordsWereSynced() {
        PartitionLog log = open(new MemoryLogStorage(), Map.of(), new RecoveryHints(500, 0, false));
        log.advanceHighWatermark(500);

        assertThat(log.refusal().orElseThrow()).contains("records are missing", "Restore the directory");
        assertThat(log.append(batch("x"), Origin.CLIENT, 0, NOW)).isInstanceOf(AppendOutcome.Rejected.class);
        assertThat(log.recoveryPoint()).isEqualTo(500);
    }

    @Test
    void leavesWhatASegmentThatIsMissingNeedsWhenItIsBroughtBack() {
        MemoryLogStorage storage = new MemoryLogStorage();
        PartitionLog log = open(storage, Map.of(), RecoveryHints.NONE);
        commit(log, Batches.idempotent(7, 0, 0, "a"));
        log.close();
        String segment = DIRECTORY + "/" + names(storage, ".log").get(0);
        byte[] backup = storage.readAll(segment);
        byte[] epochs = storage.readAll(DIRECTORY + "/" + EpochFile.NAME);
        List<String> snapshots = names(storage, ".snapshot");
        storage.delete(segment);

        for (int start = 1; start <= 2; start++) {
            PartitionLog missing = open(storage, Map.of(), new RecoveryHints(1, 0, false));

            assertThat(missing.refusal()).as("start %d", start).isPresent();
            assertThat(names(storage, ".snapshot"))
                    .as("start %d", start)
                    .isEqualTo(snapshots)
                    .isNotEmpty();
            assertThat(storage.readAll(DIRECTORY + "/" + EpochFile.NAME))
                    .as("start %d", start)
                    .isEqualTo(epochs);
        }

        storage.replace(segment, backup);
        PartitionLog back = open(storage, Map.of(), new RecoveryHints(1, 0, false));
        assertThat(back.refusal()).isEmpty();
        assertThat(back.producer(7)).isPresent();
    }

    @Test
    void beginsAnewWhereEverythingWasDeletedOnRequest() {
        PartitionLog log = open(new MemoryLogStorage(), Map.of(), new RecoveryHints(500, 500, false));
        assertThat(commit(log, batch("x"))).isEqualTo(new AppendOutcome.Appended(500, 500, -1));
    }

    /** The checkpoint may be damaged, or the node may be younger than its first one: a seal says what was synced. */
    @Test
    void neverCutsWhatASealSaysWasSynced() {
        MemoryLogStorage storage = filled(60);
        List<String> logs = names(storage, ".log");
        assertThat(logs).hasSizeGreaterThan(5);
        for (int damaged = 0; damaged < logs.size() - 2; damaged++) {
            MemoryLogStorage copy = storage.crash(damaged);
            flip(copy, DIRECTORY + "/" + logs.get(damaged), 100);
            long start = SegmentFiles.baseOffsetOf(logs.get(damaged));

            PartitionLog quarantined = open(copy, SMALL, RecoveryHints.NONE);

            assertThat(quarantined.refusal().orElseThrow()).contains(logs.get(damaged), "is corrupt at position");
            assertThat(names(copy, ".log")).isEqualTo(logs);
            assertThat(quarantined.view().logEndOffset())
                    .isBetween(start, SegmentFiles.baseOffsetOf(logs.get(damaged + 1)));
        }
    }

    @Test
    void noticesThatASealedSegmentIsShorterThanItWas() {
        MemoryLogStorage storage = new MemoryLogStorage();
        PartitionLog log = open(storage, SMALL, RecoveryHints.NONE);
        for (int i = 0; i < 60; i++) {
            commit(log, batch("v" + i));
        }
        storage.open(LAST_LOG, Open.EXISTING).truncate(batch("v0").sizeInBytes());

        PartitionLog quarantined = open(storage, SMALL, RecoveryHints.NONE);

        assertThat(quarantined.refusal().orElseThrow()).contains(LAST_LOG, "when it was sealed");
        assertThat(quarantined.view().logEndOffset()).isEqualTo(1);
    }

    @Test
    void sealsASegmentOnlyWhenItIsSynced() {
        MemoryLogStorage storage = new MemoryLogStorage();
        PartitionLog log = open(storage, SMALL, RecoveryHints.NONE);
        for (int i = 0; i < 20; i++) {
            log.append(batch("v" + i), Origin.CLIENT, 0, NOW);
            log.write();
        }
        assertThat(log.view().segmentCount()).isGreaterThan(3);
        assertThat(names(storage, ".seal")).isEmpty();

        settle(log);

        assertThat(names(storage, ".seal")).hasSize(log.view().segmentCount() - 1);
    }

    @Test
    void endsBeforeWhatItCannotReadTheProducersOf() {
        MemoryLogStorage storage = filled(60);
        List<String> logs = names(storage, ".log");
        long recoveryPoint = SegmentFiles.baseOffsetOf(logs.get(logs.size() - 2));
        names(storage, ".snapshot").forEach(name -> storage.delete(DIRECTORY + "/" + name));
        flip(storage, LAST_LOG, 16); // the magic byte of the first batch
        Map<String, byte[]> before = indexes(storage);

        PartitionLog quarantined = open(storage, SMALL, new RecoveryHints(recoveryPoint, 0, false));

        assertThat(quarantined.refusal().orElseThrow()).contains("is corrupt");
        assertThat(quarantined.view().logEndOffset()).isEqualTo(recoveryPoint);
        assertSame(indexes(storage), before);
        assertThat(names(storage, ".log")).isEqualTo(logs);
    }

    @Test
    void removesSegmentsBehindATornTail() {
        MemoryLogStorage storage = filled(60);
        List<String> logs = names(storage, ".log");
        names(storage, ".seal").forEach(name -> storage.delete(DIRECTORY + "/" + name)); // none was synced
        flip(storage, DIRECTORY + "/" + logs.get(1), 100);
        long end = SegmentFiles.baseOffsetOf(logs.get(1));

        PartitionLog recovered = open(storage, SMALL, new RecoveryHints(end, 0, false));
        settle(recovered);

        assertThat(recovered.view().logEndOffset()).isGreaterThanOrEqualTo(end).isLessThan(end + 6);
        assertThat(names(storage, ".log")).isEqualTo(logs.subList(0, 2));
        assertThat(names(storage, ".snapshot"))
                .allMatch(name ->
                        SegmentFiles.baseOffsetOf(name) <= recovered.view().logEndOffset());
        assertThat(commit(recovered, batch("on"))).isInstanceOf(AppendOutcome.Appended.class);
    }

    @Test
    void rebuildsEveryIndexToTheSameBytes() {
        MemoryLogStorage storage = filled(80);
        Map<String, byte[]> original = indexes(storage);
        assertThat(original.keySet()).hasSizeGreaterThan(20);
        assertThat(original.get("00000000000000000000.index")).isNotEmpty();
        assertThat(names(storage, ".txnindex")).isNotEmpty();

        for (String name : original.keySet()) {
            storage.delete(DIRECTORY + "/" + name);
        }
        PartitionLog rebuilt = open(storage, SMALL, new RecoveryHints(1000, 0, true));
        assertThat(rebuilt.refusal()).isPresent(); // 1000 is beyond the end; the indexes are rebuilt nevertheless
        assertSame(indexes(storage), original);

        original.keySet().stream().filter(name -> !original.get(name).equals(0)).forEach(name -> {
            if (original.get(name).length > 0) {
                flip(storage, DIRECTORY + "/" + name, original.get(name).length / 2);
            }
        });
        PartitionLog again = open(storage, SMALL, new RecoveryHints(0, 0, true));
        assertThat(again.refusal()).isEmpty();
        assertSame(indexes(storage), original);
    }

    @Test
    void doesNotReadSealedSegmentsAgainAfterACleanClose() {
        MemoryLogStorage storage = filled(80);
        PartitionLog log = open(storage, SMALL, RecoveryHints.NONE);
        long end = log.view().logEndOffset();
        assertThat(log.close()).isTrue();
        FaultyLogStorage counting = new FaultyLogStorage(storage);

        PartitionLog clean = open(counting, SMALL, new RecoveryHints(end, 0, true));
        long cleanReads = counting.count(FaultyLogStorage.Operation.READ);
        open(counting, SMALL, RecoveryHints.NONE);
        long uncleanReads = counting.count(FaultyLogStorage.Operation.READ) - cleanReads;

        assertThat(clean.view().logEndOffset()).isEqualTo(end);
        assertThat(clean.view().flushedEnd()).isEqualTo(end);
        assertThat(cleanReads).isLessThan(uncleanReads);
        assertThat(commit(clean, batch("next"))).isEqualTo(new AppendOutcome.Appended(end, end, -1));
    }

    @Test
    void aReaderNoticesBitRotInATrustedSegmentAndReadsWhatLiesBefore() {
        MemoryLogStorage storage = filled(20);
        PartitionLog log = open(storage, SMALL, RecoveryHints.NONE);
        long end = log.view().logEndOffset();
        List<String> whole = Batches.contents(log.view(), 0, end, 1);
        assertThat(log.close()).isTrue();
        byte[] first = storage.readAll(LAST_LOG);
        flip(storage, LAST_LOG, first.length - 1);

        PartitionLog trusting = open(storage, SMALL, new RecoveryHints(end, 0, true));

        LogView view = trusting.view();
        long lastOfFirst = SegmentFiles.baseOffsetOf(names(storage, ".log").get(1)) - 1;
        assertThat(Batches.contents(view, 0, lastOfFirst, 10_000))
                .isEqualTo(whole.stream()
                        .filter(record -> Long.parseLong(record.substring(0, record.indexOf('='))) < lastOfFirst)
                        .toList());
        assertThatThrownBy(() -> view.read(lastOfFirst, 10_000, end))
                .hasMessageContaining(LAST_LOG)
                .hasMessageContaining("checksum");
    }

    @Test
    void rebuildsTheEpochsWhenTheirFileIsGoneOrDamaged() {
        MemoryLogStorage storage = new MemoryLogStorage();
        PartitionLog log = open(storage, Map.of(), RecoveryHints.NONE);
        log.append(batch("a", "b"), Origin.CLIENT, 3, NOW);
        log.append(batch("c"), Origin.CLIENT, 5, NOW);
        settle(log);
        EpochHistory expected = log.view().epochs();
        assertThat(expected.endOf(3, 3)).isEqualTo(new EpochHistory.End(3, 2));
        assertThat(expected.endOf(4, 3)).isEqualTo(new EpochHistory.End(3, 2));
        assertThat(expected.endOf(5, 3)).isEqualTo(new EpochHistory.End(5, 3));
        assertThat(expected.endOf(6, 3)).isEqualTo(EpochHistory.End.UNKNOWN);

        flip(storage, DIRECTORY + "/" + EpochFile.NAME, 5);
        assertThat(open(storage, Map.of(), RecoveryHints.NONE).view().epochs()).isEqualTo(expected);
        storage.delete(DIRECTORY + "/" + EpochFile.NAME);
        assertThat(open(storage, Map.of(), RecoveryHints.NONE).view().epochs()).isEqualTo(expected);
        assertThat(new String(
                        storage.readAll(DIRECTORY + "/" + EpochFile.NAME), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo("0\n2\n3 0\n5 2\n");
    }

    @Test
    void fallsBackToAnOlderSnapshotWhenTheNewestIsDamaged() {
        MemoryLogStorage storage = filled(40);
        PartitionLog log = open(storage, SMALL, RecoveryHints.NONE);
        List<ProducerState> expected = sorted(log);
        assertThat(log.close()).isTrue();
        List<String> snapshots = names(storage, ".snapshot");
        flip(storage, DIRECTORY + "/" + snapshots.get(snapshots.size() - 1), 20);

        PartitionLog again = open(storage, SMALL, new RecoveryHints(0, 0, true));

        assertThat(sorted(again)).isEqualTo(expected);
    }

    @Test
    void refusesTheDirectoryOfAnotherTopicWithTheSameName() {
        MemoryLogStorage storage = new MemoryLogStorage();
        open(storage, Map.of(), RecoveryHints.NONE);
        assertThatThrownBy(() -> PartitionLog.open(
                        storage,
                        DIRECTORY,
                        Batches.PARTITION,
                        new UUID(1, 1),
                        LogConfig.DEFAULTS,
                        RecoveryHints.NONE,
                        NOW))
                .hasMessageContaining("deleted and created again");
    }

    private static List<ProducerState> sorted(PartitionLog log) {
        return log.producers().stream()
                .map(state -> new ProducerState(
                        state.producerId(),
                        state.epoch(),
                        state.coordinatorEpoch(),
                        state.lastTimestampMs(),
                        state.transactionFirstOffset(),
                        state.recent()
                                .subList(
                                        Math.max(0, state.recent().size() - 1),
                                        state.recent().size())))
                .sorted(java.util.Comparator.comparingLong(ProducerState::producerId))
                .toList();
    }

    /** A log of small segments with plain, idempotent, committed and aborted batches. */
    private static MemoryLogStorage filled(int rounds) {
        MemoryLogStorage storage = new MemoryLogStorage();
        PartitionLog log = open(storage, SMALL, RecoveryHints.NONE);
        for (int i = 0; i < rounds; i++) {
            if (i % 4 == 0) {
                commit(log, transactional(50, i / 4, 0, "t" + i));
            } else if (i % 4 == 2) {
                log.appendMarker(50, (short) (i / 4 + 1), i % 8 == 2, 0, 2, 0, NOW);
            } else {
                commit(log, idempotent(60, 0, i / 2, "v" + i));
            }
            settle(log);
        }
        return storage;
    }

    private static List<String> names(LogStorage storage, String suffix) {
        return storage.list(DIRECTORY).stream()
                .filter(name -> SegmentFiles.matches(name, suffix))
                .toList();
    }

    private static Map<String, byte[]> indexes(LogStorage storage) {
        Map<String, byte[]> found = new TreeMap<>();
        for (String suffix : List.of(".index", ".timeindex", ".txnindex")) {
            List<String> all = names(storage, suffix);
            String active = SegmentFiles.name(
                    SegmentFiles.baseOffsetOf(
                            names(storage, ".log").get(names(storage, ".log").size() - 1)),
                    suffix);
            all.stream()
                    .filter(name -> !name.equals(active))
                    .forEach(name -> found.put(name, storage.readAll(DIRECTORY + "/" + name)));
        }
        return found;
    }

    private static void assertSame(Map<String, byte[]> actual, Map<String, byte[]> expected) {
        assertThat(actual.keySet()).isEqualTo(expected.keySet());
        expected.forEach((name, bytes) -> assertThat(actual.get(name)).as(name).isEqualTo(bytes));
    }

    static void flip(LogStorage storage, String path, int position) {
        LogFile file = storage.open(path, Open.EXISTING);
        byte[] one = new byte[1];
        file.read(position, ByteBuffer.wrap(one));
        one[0] ^= 1;
        file.write(position, ByteBuffer.wrap(one));
        file.close();
    }
}
