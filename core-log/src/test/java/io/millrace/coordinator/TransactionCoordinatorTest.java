package io.millrace.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.ErrorCode;
import io.millrace.client.ProducerIdentity;
import io.millrace.client.TopicPartition;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

final class TransactionCoordinatorTest {

    private static final TopicPartition A = new TopicPartition("a", 0);
    private static final TopicPartition B = new TopicPartition("b", 1);

    private final long[] lastId = {100};
    private final LongSupplier ids = () -> lastId[0]++;
    private TransactionCoordinator coordinator = new TransactionCoordinator(TransactionLimits.DEFAULT);

    /** Replays the records through their bytes, as a log would keep them. */
    private TransactionReply apply(Decision<TransactionRecord, TransactionReply> decision) {
        for (TransactionRecord record : decision.records()) {
            byte[] key = TransactionCodec.key(record.transactionalId());
            byte[] value = TransactionCodec.value(record.entry());
            coordinator.replay(TransactionCodec.read(key, value).orElseThrow());
        }
        return decision.reply();
    }

    private ProducerIdentity init(long nowMs) {
        return ((TransactionReply.Identified) apply(coordinator.init("tx", 1_000, null, ids, nowMs))).identity();
    }

    private void register(ProducerIdentity producer, TopicPartition... partitions) {
        assertThat(apply(coordinator.register("tx", producer, List.of(partitions), 0)))
                .isEqualTo(new TransactionReply.Registered());
    }

    private Resolution end(ProducerIdentity producer, boolean commit) {
        return ((TransactionReply.Decided) apply(coordinator.end("tx", producer, commit, ids, 0))).resolution();
    }

    private ErrorCode errorOf(Decision<TransactionRecord, TransactionReply> decision) {
        assertThat(decision.records()).isEmpty();
        return ((TransactionReply.Refused) decision.reply()).error();
    }

    @Test
    void bumpsTheEpochForTheMarkersAndGoesOnWithIt() {
        ProducerIdentity first = init(0);
        assertThat(first).isEqualTo(new ProducerIdentity(100, (short) 0));
        register(first, B, A);

        Resolution resolution = end(first, true);

        assertThat(resolution)
                .isEqualTo(new Resolution(
                        "tx",
                        100,
                        (short) 1,
                        TransactionVersion.V2,
                        true,
                        List.of(A, B),
                        new ProducerIdentity(100, (short) 1)));
        assertThat(coordinator.unresolved()).containsExactly(resolution);
        assertThat(apply(coordinator.complete("tx", 0)))
                .isEqualTo(new TransactionReply.Identified(new ProducerIdentity(100, (short) 1)));
        assertThat(coordinator.unresolved()).isEmpty();
        assertThat(init(0)).isEqualTo(new ProducerIdentity(100, (short) 2));
    }

    @Test
    void movesToAFreshIdWhenTheEpochsAreUsedUpInATransaction() {
        TransactionEntry last = TransactionEntry.first("tx", 7, 1_000, 0);
        for (int epoch = 0; epoch < TransactionEntry.EPOCH_MAX; epoch++) {
            last = last.takenBy(null, ids, 1_000, 0);
        }
        coordinator.replay(TransactionRecord.of(last));
        ProducerIdentity producer = last.identity();
        assertThat(producer).isEqualTo(new ProducerIdentity(7, TransactionEntry.EPOCH_MAX));
        register(producer, A);

        Resolution resolution = end(producer, true);

        assertThat(resolution.producerId()).isEqualTo(7);
        assertThat(resolution.epoch()).isEqualTo(Short.MAX_VALUE);
        assertThat(resolution.next()).isEqualTo(new ProducerIdentity(100, (short) 0));
        apply(coordinator.complete("tx", 0));
        register(resolution.next(), A);
        assertThat(errorOf(coordinator.register("tx", producer, List.of(B), 0))).isEqualTo(ErrorCode.PRODUCER_FENCED);
        assertThat(end(resolution.next(), false).epoch()).isEqualTo((short) 1);
    }

    @Test
    void movesToAFreshIdWhenTheEpochsAreUsedUpByNewProducers() {
        ProducerIdentity producer = init(0);
        while (producer.producerId() == 100) {
            ProducerIdentity next = init(0);
            boolean following = next.producerId() == 100 && next.epoch() == producer.epoch() + 1;
            boolean rolled =
                    next.producerId() == 101 && next.epoch() == 0 && producer.epoch() == TransactionEntry.EPOCH_MAX;
            assertThat(following || rolled).as("%s after %s", next, producer).isTrue();
            producer = next;
        }
    }

    @Test
    void abortsAnOpenTransactionBeforeItLetsASuccessorIn() {
        ProducerIdentity old = init(0);
        register(old, A);

        TransactionReply reply = apply(coordinator.init("tx", 1_000, null, ids, 0));

        Resolution resolution = ((TransactionReply.AbortedFirst) reply).resolution();
        assertThat(resolution.commit()).isFalse();
        assertThat(resolution.partitions()).containsExactly(A);
        assertThat(coordinator.init("tx", 1_000, null, ids, 0).reply())
                .isEqualTo(new TransactionReply.WaitForCompletion());
        assertThat(errorOf(coordinator.end("tx", old, true, ids, 0))).isEqualTo(ErrorCode.PRODUCER_FENCED);
        apply(coordinator.complete("tx", 0));
        assertThat(init(0)).isEqualTo(new ProducerIdentity(100, (short) 2));
        assertThat(errorOf(coordinator.end("tx", old, true, ids, 0))).isEqualTo(ErrorCode.PRODUCER_FENCED);
    }

    @Test
    void asksToWaitWhoeverEndsATransactionTwice() {
        ProducerIdentity producer = init(0);
        register(producer, A);
        end(producer, true);
        assertThat(errorOf(coordinator.end("tx", producer, true, ids, 0))).isEqualTo(ErrorCode.CONCURRENT_TRANSACTIONS);
    }

    @Test
    void refusesToEndWhatIsNotOpen() {
        ProducerIdentity producer = init(0);
        assertThat(errorOf(coordinator.end("tx", producer, true, ids, 0))).isEqualTo(ErrorCode.INVALID_TXN_STATE);
        assertThat(errorOf(coordinator.end("other", producer, true, ids, 0))).isEqualTo(ErrorCode.PRODUCER_FENCED);
    }

    @Test
    void writesOneRecordForPartitionsThatAreNewAndNoneOtherwise() {
        ProducerIdentity producer = init(0);
        assertThat(coordinator.register("tx", producer, Set.of(A, B), 0).records())
                .hasSize(1);
        register(producer, A, B);
        assertThat(coordinator.register("tx", producer, Set.of(A), 0).records()).isEmpty();
        assertThat(coordinator.isRegistered("tx", producer, A)).isTrue();
        assertThat(coordinator.isRegistered("tx", producer, new TopicPartition("c", 0)))
                .isFalse();
    }

    @Test
    void abortsWhatIsOverdueAndRemembersWhose() {
        ProducerIdentity producer = init(0);
        register(producer, A);
        assertThat(coordinator.nextDeadlineMs()).isEqualTo(1_000);
        assertThat(coordinator.abortOverdue(ids, 999)).isEmpty();

        List<Decision<TransactionRecord, TransactionReply>> overdue = coordinator.abortOverdue(ids, 1_000);

        assertThat(overdue).hasSize(1);
        overdue.forEach(this::apply);
        assertThat(coordinator.nextDeadlineMs()).isEqualTo(Long.MAX_VALUE);
        assertThat(errorOf(coordinator.end("tx", producer, true, ids, 0))).isEqualTo(ErrorCode.TRANSACTION_ABORTABLE);
        apply(coordinator.complete("tx", 0));
        assertThat(errorOf(coordinator.register("tx", producer, List.of(A), 0)))
                .isEqualTo(ErrorCode.TRANSACTION_ABORTABLE);
    }

    @Test
    void forgetsIdsThatNobodyUses() {
        init(0);
        long expirationMs = TransactionLimits.DEFAULT.idExpirationMs();
        assertThat(coordinator.forgetUnused(expirationMs - 1)).isEmpty();
        coordinator.forgetUnused(expirationMs).forEach(coordinator::replay);
        assertThat(coordinator.list()).isEmpty();
    }

    @Test
    void neverForgetsAnOpenTransaction() {
        register(init(0), A);
        assertThat(coordinator.forgetUnused(Long.MAX_VALUE / 2)).isEmpty();
    }

    @Test
    void keepsEveryPhaseThroughItsBytes() {
        ProducerIdentity producer = init(5);
        register(producer, A, B);
        end(producer, false);
        TransactionCoordinator before = coordinator;
        TransactionEntry entry = TransactionEntry.first("tx", 3, 9, 4)
                .touching(List.of(B, A), TransactionVersion.V2, 6)
                .prepared(true, TransactionVersion.V2, 77, 8);
        byte[] value = TransactionCodec.value(entry);
        assertThat(TransactionCodec.read(TransactionCodec.key("tx"), value))
                .contains(new TransactionRecord("tx", entry));
        assertThat(before.unresolved()).hasSize(1);
    }
}
