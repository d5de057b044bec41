package io.millrace.coordinator;

import static io.millrace.client.ErrorCode.CONCURRENT_TRANSACTIONS;
import static io.millrace.client.ErrorCode.INVALID_PRODUCER_ID_MAPPING;
import static io.millrace.client.ErrorCode.INVALID_TRANSACTION_TIMEOUT;
import static io.millrace.client.ErrorCode.INVALID_TXN_STATE;
import static io.millrace.client.ErrorCode.NONE;
import static io.millrace.client.ErrorCode.PRODUCER_FENCED;
import static io.millrace.client.ErrorCode.TRANSACTION_ABORTABLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.ErrorCode;
import io.millrace.client.ProducerIdentity;
import io.millrace.client.TopicPartition;
import io.millrace.coordinator.TransactionReply.AbortedFirst;
import io.millrace.coordinator.TransactionReply.AlreadyEnded;
import io.millrace.coordinator.TransactionReply.Decided;
import io.millrace.coordinator.TransactionReply.Identified;
import io.millrace.coordinator.TransactionReply.Refused;
import io.millrace.coordinator.TransactionReply.Registered;
import io.millrace.coordinator.TransactionReply.WaitForCompletion;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules for producers of other processes, which are those of Kafka's coordinator. */
final class ClientTransactionsTest {

    private static final TopicPartition A = new TopicPartition("a", 0);
    private static final TopicPartition B = new TopicPartition("b", 1);
    private static final int EPOCH_MAX = TransactionEntry.EPOCH_MAX;

    private final long[] lastId = {100};
    private final LongSupplier ids = () -> lastId[0]++;
    private TransactionCoordinator coordinator = new TransactionCoordinator(TransactionLimits.DEFAULT);

    // ---- what the tests do

    private TransactionReply apply(Decision<TransactionRecord, TransactionReply> decision) {
        decision.records().forEach(coordinator::replay);
        return decision.reply();
    }

    /** As a restart does: from the bytes of the records alone. */
    private void restart() {
        TransactionCoordinator next = new TransactionCoordinator(TransactionLimits.DEFAULT);
        for (TransactionEntry entry : coordinator.entries()) {
            byte[] key = TransactionCodec.key(entry.transactionalId());
            next.replay(
                    TransactionCodec.read(key, TransactionCodec.value(entry)).orElseThrow());
        }
        coordinator = next;
    }

    private static ProducerIdentity producer(long id, int epoch) {
        return new ProducerIdentity(id, (short) epoch);
    }

    private TransactionReply init(ProducerIdentity claimed) {
        return apply(coordinator.init("tx", 1_000, claimed, ids, 0));
    }

    private ProducerIdentity identity(ProducerIdentity claimed) {
        return ((Identified) init(claimed)).identity();
    }

    private ErrorCode add(ProducerIdentity producer, TopicPartition... partitions) {
        return error(apply(coordinator.clients().add("tx", producer, List.of(partitions), TransactionVersion.V2, 0)));
    }

    private TransactionReply end(ProducerIdentity producer, boolean commit, TransactionVersion version) {
        return apply(coordinator.clients().end("tx", producer, commit, version, ids, 0));
    }

    private void complete() {
        apply(coordinator.complete("tx", 0));
    }

    private static ErrorCode error(TransactionReply reply) {
        return reply instanceof Refused refused ? refused.error() : NONE;
    }

    /** One word for a reply: decided, ended, or what it is refused with. */
    private static String word(TransactionReply reply) {
        if (reply instanceof Refused refused) {
            return refused.error().name();
        }
        return reply instanceof Decided ? "decided" : reply instanceof AlreadyEnded ? "ended" : reply.toString();
    }

    /** Brings the id into a state with the epoch 3 or 4 and more, and answers the current producer. */
    private ProducerIdentity inState(String state, TransactionVersion version) {
        ProducerIdentity current = identity(null);
        for (int i = 0; i < 3; i++) {
            current = identity(null);
        }
        if (!state.equals("Empty")) {
            add(current, A);
            end(current, state.equals("CompleteCommit"), version);
            complete();
        }
        TransactionEntry entry = coordinator.entries().get(0);
        assertThat(entry.phase().title()).isEqualTo(state);
        return entry.identity();
    }

    // ---- ending

    @ParameterizedTest(name = "{0}: {1} with {2} is {3}")
    @CsvSource({
        "Empty,          abort,  retry,   PRODUCER_FENCED",
        "Empty,          abort,  current, decided",
        "Empty,          commit, retry,   PRODUCER_FENCED",
        "Empty,          commit, current, INVALID_TXN_STATE",
        "CompleteAbort,  abort,  retry,   ended",
        "CompleteAbort,  abort,  current, decided",
        "CompleteAbort,  commit, retry,   INVALID_TXN_STATE",
        "CompleteAbort,  commit, current, INVALID_TXN_STATE",
        "CompleteCommit, abort,  retry,   INVALID_TXN_STATE",
        "CompleteCommit, abort,  current, decided",
        "CompleteCommit, commit, retry,   ended",
        "CompleteCommit, commit, current, INVALID_TXN_STATE",
    })
    void version2EndsWhatIsNotOpenByTheTableOfRetries(String state, String end, String epoch, String outcome) {
        ProducerIdentity current = inState(state, TransactionVersion.V2);
        ProducerIdentity asking = epoch.equals("retry") ? producer(current.producerId(), current.epoch() - 1) : current;

        TransactionReply reply = end(asking, end.equals("commit"), TransactionVersion.V2);

        assertThat(word(reply)).isEqualTo(outcome);
        if (reply instanceof AlreadyEnded ended) {
            assertThat(ended.identity()).isEqualTo(current);
        }
        if (reply instanceof Decided decided) {
            assertThat(decided.resolution().partitions()).isEmpty();
            assertThat(decided.resolution().commit()).isFalse();
            assertThat(decided.resolution().next()).isEqualTo(producer(current.producerId(), current.epoch() + 1));
        }
    }

    @ParameterizedTest(name = "{0}: {1} is {2}")
    @CsvSource({
        "Empty,          abort,  INVALID_TXN_STATE",
        "Empty,          commit, INVALID_TXN_STATE",
        "CompleteAbort,  abort,  ended",
        "CompleteAbort,  commit, INVALID_TXN_STATE",
        "CompleteCommit, abort,  INVALID_TXN_STATE",
        "CompleteCommit, commit, ended",
    })
    void version1EndsWhatIsNotOpenOnlyOnceMore(String state, String end, String outcome) {
        ProducerIdentity current = inState(state, TransactionVersion.V0);
        ProducerIdentity before = producer(current.producerId(), current.epoch() - 1);

        assertThat(word(end(current, end.equals("commit"), TransactionVersion.V0)))
                .isEqualTo(outcome);
        assertThat(word(end(before, end.equals("commit"), TransactionVersion.V0)))
                .isEqualTo("PRODUCER_FENCED");
    }

    @Test
    void theTableHoldsAfterARestartToo() {
        ProducerIdentity current = inState("CompleteCommit", TransactionVersion.V2);
        restart();
        ProducerIdentity before = producer(current.producerId(), current.epoch() - 1);
        assertThat(end(before, true, TransactionVersion.V2)).isEqualTo(new AlreadyEnded(current));
        assertThat(error(end(before, false, TransactionVersion.V2))).isEqualTo(INVALID_TXN_STATE);
    }

    @Test
    void version2BumpsTheEpochForMarkersAndProducer() {
        ProducerIdentity first = identity(null);
        add(first, B, A);

        Resolution resolution = ((Decided) end(first, true, TransactionVersion.V2)).resolution();

        assertThat(resolution)
                .isEqualTo(new Resolution(
                        "tx", 100, (short) 1, TransactionVersion.V2, true, List.of(A, B), producer(100, 1)));
        restart();
        assertThat(coordinator.unresolved()).containsExactly(resolution);
        complete();
        assertThat(add(first, A)).isEqualTo(PRODUCER_FENCED);
        assertThat(add(producer(100, 1), A)).isEqualTo(NONE);
    }

    @Test
    void version1KeepsTheEpochForMarkersAndProducer() {
        ProducerIdentity first = identity(null);
        apply(coordinator.clients().add("tx", first, List.of(A), TransactionVersion.V0, 0));

        Resolution resolution = ((Decided) end(first, false, TransactionVersion.V0)).resolution();

        assertThat(resolution)
                .isEqualTo(new Resolution("tx", 100, (short) 0, TransactionVersion.V0, false, List.of(A), first));
        restart();
        assertThat(coordinator.unresolved()).containsExactly(resolution);
        coordinator.forEachHeld((writer, partition) -> assertThat(writer).isEqualTo(first));
        complete();
        assertThat(add(first, B)).isEqualTo(NONE);
    }

    @Test
    void nobodyEndsOrExtendsWhatIsBeingCompleted() {
        for (TransactionVersion version : List.of(TransactionVersion.V0, TransactionVersion.V2)) {
            coordinator = new TransactionCoordinator(TransactionLimits.DEFAULT);
            ProducerIdentity producer = identity(null);
            add(producer, A);
            ProducerIdentity next =
                    ((Decided) end(producer, true, version)).resolution().next();

            assertThat(error(end(producer, true, version))).isEqualTo(CONCURRENT_TRANSACTIONS);
            assertThat(error(end(producer, false, version))).isEqualTo(CONCURRENT_TRANSACTIONS);
            assertThat(add(next, B)).isEqualTo(CONCURRENT_TRANSACTIONS);
            assertThat(init(null)).isEqualTo(new WaitForCompletion());
            assertThat(init(producer)).isEqualTo(new WaitForCompletion());
        }
    }

    @Test
    void aLateEndOfVersion2CannotHitTheNextTransaction() {
        ProducerIdentity first = identity(null);
        add(first, A);
        ProducerIdentity next =
                ((Decided) end(first, true, TransactionVersion.V2)).resolution().next();
        complete();
        add(next, A);

        assertThat(error(end(first, true, TransactionVersion.V2))).isEqualTo(PRODUCER_FENCED);
        assertThat(error(end(first, false, TransactionVersion.V2))).isEqualTo(PRODUCER_FENCED);
    }

    @Test
    void strangersAreToldWhetherTheirIdOrTheirEpochIsNotTheOne() {
        assertThat(add(producer(7, 0), A)).isEqualTo(INVALID_PRODUCER_ID_MAPPING);
        ProducerIdentity current = identity(null);
        for (TransactionVersion version : List.of(TransactionVersion.V0, TransactionVersion.V2)) {
            assertThat(error(end(producer(7, 0), true, version))).isEqualTo(INVALID_PRODUCER_ID_MAPPING);
            assertThat(error(end(producer(current.producerId(), 9), true, version)))
                    .isEqualTo(PRODUCER_FENCED);
            assertThat(error(apply(coordinator.clients().end("other", current, true, version, ids, 0))))
                    .isEqualTo(INVALID_PRODUCER_ID_MAPPING);
        }
        assertThat(add(producer(7, 0), A)).isEqualTo(INVALID_PRODUCER_ID_MAPPING);
        assertThat(add(producer(current.producerId(), 9), A)).isEqualTo(PRODUCER_FENCED);
    }

    // ---- partitions

    @Test
    void partitionsThatAreThereNeedNoRecord() {
        ProducerIdentity producer = identity(null);
        add(producer, A, B);
        Decision<TransactionRecord, TransactionReply> again =
                coordinator.clients().add("tx", producer, Set.of(A), TransactionVersion.V0, 0);
        assertThat(again.records()).isEmpty();
        assertThat(again.reply()).isEqualTo(new Registered());
    }

    @Test
    void onlyPartitionsOfTheOpenTransactionAreVerified() {
        ProducerIdentity producer = identity(null);
        assertThat(verified(producer)).containsOnly(TRANSACTION_ABORTABLE);
        add(producer, A);
        assertThat(verified(producer)).containsExactly(NONE, TRANSACTION_ABORTABLE);
        assertThat(verified(producer(7, 0))).containsOnly(INVALID_PRODUCER_ID_MAPPING);
        assertThat(verified(producer(100, 7))).containsOnly(PRODUCER_FENCED);
        end(producer, true, TransactionVersion.V0);
        assertThat(verified(producer)).containsOnly(CONCURRENT_TRANSACTIONS);
        complete();
        assertThat(verified(producer)).containsOnly(TRANSACTION_ABORTABLE);
        assertThat(coordinator.clients().verify("other", producer, List.of(A)).values())
                .containsOnly(INVALID_PRODUCER_ID_MAPPING);
    }

    private List<ErrorCode> verified(ProducerIdentity producer) {
        return List.copyOf(
                coordinator.clients().verify("tx", producer, List.of(A, B)).values());
    }

    // ---- identities

    @Test
    void aProducerThatGoesOnAfterAnErrorBumpsItsOwnEpochOnce() {
        ProducerIdentity first = identity(null);
        ProducerIdentity second = identity(first);
        assertThat(second).isEqualTo(producer(100, 1));
        assertThat(identity(first)).isEqualTo(second); // the answer was lost
        assertThat(identity(second)).isEqualTo(producer(100, 2));
        assertThat(error(init(first))).isEqualTo(PRODUCER_FENCED);
        assertThat(error(init(producer(7, 1)))).isEqualTo(PRODUCER_FENCED);
    }

    @Test
    void aNewProducerFencesEvenTheRetryOfTheOldOne() {
        ProducerIdentity old = identity(null);
        identity(null);
        assertThat(error(init(old))).isEqualTo(PRODUCER_FENCED);
    }

    @Test
    void whoeverClaimsAnIdThatIsForgottenGetsAFreshOne() {
        assertThat(identity(producer(7, 3))).isEqualTo(producer(100, 0));
    }

    @Test
    void anOpenTransactionIsAbortedByTheRulesOfVersion2BeforeAnybodyIsIdentified() {
        ProducerIdentity old = identity(null);
        apply(coordinator.clients().add("tx", old, List.of(A), TransactionVersion.V0, 0));

        Resolution resolution = ((AbortedFirst) init(null)).resolution();

        assertThat(resolution)
                .isEqualTo(new Resolution(
                        "tx", 100, (short) 1, TransactionVersion.V2, false, List.of(A), producer(100, 1)));
        complete();
        assertThat(identity(null)).isEqualTo(producer(100, 2));
        assertThat(error(end(old, true, TransactionVersion.V0))).isEqualTo(PRODUCER_FENCED);
    }

    @Test
    void aTimeOutFencesAndAnAbortGoesOnWithTheNextEpoch() {
        ProducerIdentity producer = identity(null);
        add(producer, A);
        coordinator.abortOverdue(ids, 1_000).forEach(this::apply);
        complete();

        assertThat(add(producer, A)).isEqualTo(PRODUCER_FENCED);
        assertThat(error(end(producer, true, TransactionVersion.V2))).isEqualTo(INVALID_TXN_STATE);
        assertThat(error(end(producer, false, TransactionVersion.V0))).isEqualTo(PRODUCER_FENCED);
        assertThat(end(producer, false, TransactionVersion.V2)).isEqualTo(new AlreadyEnded(producer(100, 1)));
        assertThat(identity(producer)).isEqualTo(producer(100, 1));
    }

    @Test
    void timeoutsAreWithinTheirBounds() {
        for (int timeoutMs : List.of(0, -1, TransactionLimits.DEFAULT.timeoutMsMax() + 1)) {
            assertThat(error(apply(coordinator.init("tx", timeoutMs, null, ids, 0))))
                    .isEqualTo(INVALID_TRANSACTION_TIMEOUT);
        }
    }

    // ---- epochs that are used up

    private ProducerIdentity lastEpoch() {
        TransactionEntry last = TransactionEntry.first("tx", 7, 1_000, 0);
        for (int epoch = 0; epoch < EPOCH_MAX; epoch++) {
            last = last.takenBy(null, ids, 1_000, 0);
        }
        coordinator.replay(TransactionRecord.of(last));
        return last.identity();
    }

    @Test
    void theEndAfterTheLastEpochRollsOverToAFreshIdAndKnowsItsRetry() {
        ProducerIdentity last = lastEpoch();
        assertThat(last).isEqualTo(producer(7, EPOCH_MAX));
        add(last, A);

        Resolution resolution = ((Decided) end(last, true, TransactionVersion.V2)).resolution();

        assertThat(producer(resolution.producerId(), resolution.epoch())).isEqualTo(producer(7, Short.MAX_VALUE));
        assertThat(resolution.next()).isEqualTo(producer(100, 0));
        assertThat(error(end(last, true, TransactionVersion.V2))).isEqualTo(CONCURRENT_TRANSACTIONS);
        assertThat(add(resolution.next(), A)).isEqualTo(CONCURRENT_TRANSACTIONS);
        restart();
        complete();
        assertThat(end(last, true, TransactionVersion.V2)).isEqualTo(new AlreadyEnded(producer(100, 0)));
        assertThat(error(end(last, false, TransactionVersion.V2))).isEqualTo(INVALID_TXN_STATE);
        assertThat(add(last, A)).isEqualTo(INVALID_PRODUCER_ID_MAPPING);
        assertThat(add(resolution.next(), A)).isEqualTo(NONE);
        assertThat(error(end(last, true, TransactionVersion.V2))).isEqualTo(INVALID_PRODUCER_ID_MAPPING);
    }

    @Test
    void version1MayUseTheLastEpochAgainAndAgain() {
        ProducerIdentity last = lastEpoch();
        add(last, A);
        assertThat(((Decided) end(last, true, TransactionVersion.V0))
                        .resolution()
                        .next())
                .isEqualTo(last);
        complete();
        assertThat(add(last, A)).isEqualTo(NONE);
    }

    @Test
    void aProducerThatGoesOnAfterItsLastEpochGetsAFreshIdAndTheSameOneAgain() {
        ProducerIdentity last = lastEpoch();
        assertThat(identity(last)).isEqualTo(producer(100, 0));
        assertThat(identity(last)).isEqualTo(producer(100, 0));
        assertThat(error(init(producer(7, 5)))).isEqualTo(PRODUCER_FENCED);
    }
}
