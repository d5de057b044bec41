package io.millrace.log;

import static io.millrace.log.Batches.NOW;
import static io.millrace.log.Batches.batch;
import static io.millrace.log.Batches.commit;
import static io.millrace.log.Batches.idempotent;
import static io.millrace.log.Batches.open;
import static io.millrace.log.Batches.settle;
import static io.millrace.log.Batches.transactional;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.ErrorCode;
import io.millrace.record.Compression;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProducersTest {

    private static final long P = 1000;

    private final MemoryLogStorage storage = new MemoryLogStorage();
    private final PartitionLog log = open(storage, Map.of(), RecoveryHints.NONE);

    @Test
    void answersAnyOfTheLastFiveBatchesWithItsOffsetsAndAppendsNothing() {
        commit(log, batch("other"));
        for (int i = 0; i < 6; i++) {
            commit(log, idempotent(P, 0, i * 2, "a" + i, "b" + i));
        }

        for (int i = 1; i < 6; i++) {
            assertThat(commit(log, idempotent(P, 0, i * 2, "a" + i, "b" + i)))
                    .isEqualTo(new AppendOutcome.Duplicate(1 + i * 2, 2 + i * 2, NOW + 1));
        }
        refuses(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, idempotent(P, 0, 0, "a0", "b0"));
        assertThat(log.view().logEndOffset()).isEqualTo(13);
    }

    @Test
    void refusesGapsOldEpochsAndNewEpochsThatDoNotStartAtZero() {
        commit(log, idempotent(P, 5, 0, "a"));

        refuses(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, idempotent(P, 5, 2, "c"));
        refuses(ErrorCode.INVALID_PRODUCER_EPOCH, idempotent(P, 4, 1, "b"));
        refuses(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, idempotent(P, 6, 1, "b"));
        accepts(idempotent(P, 6, 0, "b"));
        refuses(ErrorCode.INVALID_PRODUCER_EPOCH, idempotent(P, 5, 1, "late"));
    }

    @Test
    void wrapsTheSequenceAfterTheLargestInt() {
        commit(log, batch("old record"));
        accepts(idempotent(P, 0, Integer.MAX_VALUE - 1, "a", "b", "c"));

        assertThat(log.append(idempotent(P, 0, Integer.MAX_VALUE - 1, "a", "b", "c"), Origin.CLIENT, 0, NOW))
                .isInstanceOf(AppendOutcome.Duplicate.class);
        accepts(idempotent(P, 0, 1, "d"));
    }

    @Test
    void demandsSequenceZeroWhereNoRecordEverWas() {
        refuses(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, idempotent(P, 0, 3, "second in flight"));
        commit(log, batch("a"));
        accepts(idempotent(P, 0, 3, "forgotten by retention, goes on"));
    }

    @Test
    void demandsSequenceZeroOfAForgottenTransactionalProducerOnlyIfEachTransactionBeginsAnew() {
        commit(log, batch("a"));
        refuses(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, transactional(P, 0, 3, "of a new epoch"));
        assertThat(log.append(transactional(P, 0, 3, "goes on"), Origin.CLIENT_KEEPING_EPOCH, 0, NOW))
                .isInstanceOf(AppendOutcome.Appended.class);
    }

    @Test
    void checksOnlyTheEpochOfACoordinator() {
        assertThat(log.append(transactional(P, 2, -1, "offset"), Origin.COORDINATOR, 0, NOW))
                .isInstanceOf(AppendOutcome.Appended.class);
        assertThat(log.append(transactional(P, 2, -1, "offset"), Origin.COORDINATOR, 0, NOW))
                .isInstanceOf(AppendOutcome.Appended.class);
        assertThat(log.append(transactional(P, 1, -1, "late"), Origin.COORDINATOR, 0, NOW))
                .isInstanceOfSatisfying(AppendOutcome.Rejected.class, rejected -> assertThat(rejected.error())
                        .isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH));
    }

    @Test
    void holdsTheLastStableOffsetUntilTheMarkerIsBelowTheHighWatermark() {
        commit(log, batch("before"));
        commit(log, transactional(P, 0, 0, "t1"));
        commit(log, transactional(P + 1, 0, 0, "t2"));
        commit(log, batch("between"));
        assertThat(log.view().lastStableOffset()).isEqualTo(1);

        marker(P, 1, true);
        log.write();
        assertThat(log.view().lastStableOffset()).isEqualTo(1);
        log.advanceHighWatermark(5);
        assertThat(log.view().lastStableOffset()).isEqualTo(2);

        marker(P + 1, 1, false);
        settle(log);
        assertThat(log.view().lastStableOffset()).isEqualTo(6);
        assertThat(log.view().abortedTransactions(0, 6)).containsExactly(new AbortedTransaction(P + 1, 2, 5, 6));
        assertThat(log.view().abortedTransactions(0, 2)).isEmpty();
    }

    @Test
    void refusesWhatIsNotPartOfAnOpenTransaction() {
        commit(log, transactional(P, 0, 0, "t"));
        refuses(ErrorCode.INVALID_TXN_STATE, idempotent(P, 0, 1, "stray"));
        refuses(ErrorCode.INVALID_TXN_STATE, transactional(P, 1, 0, "next epoch before the marker"));
        marker(P, 1, true);
        accepts(transactional(P, 1, 0, "next"));
    }

    @Test
    void demandsABumpedEpochForAMarkerUnlessItRepeatsOne() {
        commit(log, transactional(P, 3, 0, "t"));

        assertThat(rejection(marker(P, 3, true))).isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH);
        assertThat(marker(P, 4, true)).isInstanceOf(AppendOutcome.Appended.class);
        assertThat(marker(P, 4, true)).isInstanceOf(AppendOutcome.Appended.class);
        assertThat(rejection(marker(P, 3, true))).isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH);

        commit(log, transactional(P, 4, 0, "t"));
        assertThat(log.appendMarker(P, (short) 4, true, 0, 1, 0, NOW)).isInstanceOf(AppendOutcome.Appended.class);
    }

    @Test
    void fencesAnOldCoordinator() {
        commit(log, transactional(P, 0, 0, "t"));
        log.appendMarker(P, (short) 1, true, 7, 2, 0, NOW);
        assertThat(rejection(log.appendMarker(P, (short) 2, true, 6, 2, 0, NOW)))
                .isEqualTo(ErrorCode.TRANSACTION_COORDINATOR_FENCED);
    }

    @Test
    void forgetsIdleProducersButNeverOneWithAnOpenTransaction() {
        commit(log, idempotent(P, 0, 0, "a"));
        commit(log, transactional(P + 1, 0, 0, "t"));

        log.expireProducers(NOW + 999, 1000);
        assertThat(log.producers()).hasSize(2);
        log.expireProducers(NOW + 1000, 1000);

        assertThat(log.producer(P)).isEmpty();
        assertThat(log.producer(P + 1)).isPresent();
    }

    @Test
    void keepsAProducerThatWritesOldEventTimes() {
        long dayMs = 86_400_000;
        long now = NOW + 365 * dayMs; // the batches are of NOW
        log.append(idempotent(P, 0, 0, "a"), Origin.CLIENT, 0, now);
        settle(log);

        log.expireProducers(now + dayMs - 1, dayMs);
        assertThat(log.append(idempotent(P, 0, 0, "a"), Origin.CLIENT, 0, now))
                .isEqualTo(new AppendOutcome.Duplicate(0, 0, NOW));
        log.expireProducers(now + dayMs, dayMs);

        assertThat(log.producer(P)).isEmpty();
    }

    @Test
    void takesProducersBackWithAFailedWrite() {
        FaultyLogStorage faulty = new FaultyLogStorage(new MemoryLogStorage());
        PartitionLog failing = open(faulty, Map.of(), RecoveryHints.NONE);
        commit(failing, transactional(P, 0, 0, "t"));
        failing.append(transactional(P, 0, 1, "u"), Origin.CLIENT, 0, NOW);
        failing.append(idempotent(P + 1, 0, 0, "x"), Origin.CLIENT, 0, NOW);
        failing.appendMarker(P, (short) 1, false, 0, 2, 0, NOW);
        faulty.failAt(FaultyLogStorage.Operation.WRITE, 1, FaultyLogStorage.Effect.NO_SPACE);

        assertThat(failing.write()).isInstanceOf(WriteOutcome.NotWritten.class);

        assertThat(failing.producer(P + 1)).isEmpty();
        assertThat(failing.producer(P).orElseThrow().lastSequence()).isZero();
        assertThat(commit(failing, transactional(P, 0, 1, "u"))).isEqualTo(new AppendOutcome.Appended(1, 1, -1));
        assertThat(failing.view().lastStableOffset()).isZero();
        assertThat(failing.view().abortedTransactions(0, 10)).isEmpty();
    }

    @Test
    void knowsItsProducersAndOpenTransactionsAfterACleanAndAnUncleanStart() {
        commit(log, idempotent(P, 2, 0, "a", "b"));
        commit(log, transactional(P + 1, 0, 0, "t"));
        commit(log, transactional(P + 2, 0, 0, "aborted"));
        marker(P + 2, 1, false);
        settle(log);
        List<AbortedTransaction> aborted = log.view().abortedTransactions(0, 100);

        PartitionLog unclean = open(storage, Map.of(), RecoveryHints.NONE);
        checkRestored(unclean, aborted);
        assertThat(unclean.close()).isTrue();
        PartitionLog clean = open(storage, Map.of(), new RecoveryHints(5, 0, true));
        checkRestored(clean, aborted);
        assertThat(storage.exists("flights-0/00000000000000000005.snapshot")).isTrue();
    }

    private void checkRestored(PartitionLog restored, List<AbortedTransaction> aborted) {
        restored.advanceHighWatermark(5);
        assertThat(restored.view().logEndOffset()).isEqualTo(5);
        assertThat(restored.view().lastStableOffset()).isEqualTo(2);
        assertThat(restored.view().abortedTransactions(0, 100))
                .isEqualTo(aborted)
                .hasSize(1);
        assertThat(restored.append(idempotent(P, 2, 0, "a", "b"), Origin.CLIENT, 0, NOW))
                .isEqualTo(new AppendOutcome.Duplicate(0, 1, NOW + 1));
        assertThat(restored.producer(P + 2).orElseThrow().epoch()).isEqualTo((short) 1);
    }

    @Test
    void snapshotsAreKafkasBytes() {
        byte[] bytes = ProducerSnapshot.encode(
                List.of(new ProducerState(1, (short) 2, 5, 6, -1, List.of(new ProducerState.Sequenced(3, 4, 1, 6)))));
        assertThat(java.util.HexFormat.of().formatHex(bytes))
                .isEqualTo("0001" + "1c4b4c75" + "00000001" + "0000000000000001" + "0002" + "00000003"
                        + "0000000000000004" + "00000001" + "0000000000000006" + "00000005" + "ffffffffffffffff");
        assertThat(ProducerSnapshot.decode(bytes)).isPresent();
        for (int i = 0; i < bytes.length; i++) {
            byte[] damaged = bytes.clone();
            damaged[i] ^= 1;
            assertThat(ProducerSnapshot.decode(damaged)).as("byte %d", i).isEmpty();
        }
    }

    private AppendOutcome marker(long producerId, int epoch, boolean commit) {
        return log.appendMarker(producerId, (short) epoch, commit, 0, 2, 0, NOW);
    }

    private void accepts(io.millrace.record.RecordBatch batch) {
        assertThat(commit(log, batch)).isInstanceOf(AppendOutcome.Appended.class);
    }

    private void refuses(ErrorCode error, io.millrace.record.RecordBatch batch) {
        assertThat(rejection(log.append(batch, Origin.CLIENT, 0, NOW))).isEqualTo(error);
    }

    private static ErrorCode rejection(AppendOutcome outcome) {
        assertThat(outcome).isInstanceOf(AppendOutcome.Rejected.class);
        return ((AppendOutcome.Rejected) outcome).error();
    }

    @Test
    void recognisesADuplicateWhateverTheCompression() {
        Map<String, String> config = Map.of("compression.type", "zstd");
        PartitionLog compressing = open(new MemoryLogStorage(), config, RecoveryHints.NONE);
        String text = "the same words again and again ".repeat(20);
        commit(compressing, idempotent(P, 0, 0, text, text));

        assertThat(compressing.view().read(0, 1, 2).get(0).compression()).isEqualTo(Compression.ZSTD);
        assertThat(Batches.contents(compressing)).containsExactly("0=" + text, "1=" + text);
        assertThat(commit(compressing, idempotent(P, 0, 0, text, text))).isInstanceOf(AppendOutcome.Duplicate.class);
    }
}
