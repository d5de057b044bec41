package io.millrace.node;

import io.millrace.client.ErrorCode;
import io.millrace.client.LogException;
import io.millrace.client.Pending;
import io.millrace.client.ProducerIdentity;
import io.millrace.client.TopicPartition;
import io.millrace.coordinator.Decision;
import io.millrace.coordinator.Resolution;
import io.millrace.coordinator.TransactionCoordinator;
import io.millrace.coordinator.TransactionRecord;
import io.millrace.coordinator.TransactionReply;
import io.millrace.coordinator.TransactionVersion;
import io.millrace.kernel.Signal;
import io.millrace.log.AppendOutcome;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of a transaction, in up to three waits for the disk, each a trip of this work through the pipeline:
 *
 * <ol>
 *   <li>the data of every touched partition, in parallel (commits only);
 *   <li>the decision in {@code __transaction_state}: the commit point;
 *   <li>the markers, in parallel; with them the last stable offsets move and readers are woken.
 * </ol>
 *
 * <p>The Complete record is written and not waited for: without it a restart writes the markers once more. Where a topic's
 * durability asks for no sync the trips fold into one.
 *
 * <p>A client of another process is answered when all of that is done, so that its next transaction does not run into this one;
 * but if the disk refuses markers, when it is decided.
 */
final class EndTransaction extends Work {

    private static final Logger LOG = LoggerFactory.getLogger(EndTransaction.class);

    private enum Round {
        SYNC_DATA,
        DECIDE,
        DECIDED,
        MARK,
        COMPLETE
    }

    private final String transactionalId;
    private final ProducerIdentity producer;
    private final boolean commit;

    /** Of a client of another process; null for a job of this one, and for what the coordinator decides. */
    private final @Nullable TransactionVersion version;

    private final Pending<Void> decided;
    private final Pending<ProducerIdentity> completed;
    private Round round;
    private @Nullable Resolution resolution;
    private boolean markersRefused;

    /** Whether nothing more may enter the transaction because of this work. */
    private boolean closesEntrance;

    /** Between attempts at markers that the disk refused. */
    private final RetryDelay delay = new RetryDelay();

    private EndTransaction(
            String transactionalId,
            ProducerIdentity producer,
            boolean commit,
            @Nullable TransactionVersion version,
            Pending<Void> decided,
            Pending<ProducerIdentity> completed,
            Round round,
            @Nullable Resolution resolution) {
        this.transactionalId = transactionalId;
        this.producer = producer;
        this.commit = commit;
        this.version = version;
        this.decided = decided;
        this.completed = completed;
        this.round = round;
        this.resolution = resolution;
    }

    /** A producer of this process asks for it. */
    static EndTransaction asked(
            String transactionalId,
            ProducerIdentity producer,
            boolean commit,
            Pending<Void> decided,
            Pending<ProducerIdentity> completed) {
        Round first = commit ? Round.SYNC_DATA : Round.DECIDE;
        return new EndTransaction(transactionalId, producer, commit, null, decided, completed, first, null);
    }

    /**
     * A producer of another process asks for it.
     *
     * @param answer as whom it goes on
     */
    static EndTransaction askedByClient(
            String transactionalId,
            ProducerIdentity producer,
            boolean commit,
            TransactionVersion version,
            Pending<ProducerIdentity> answer) {
        Round first = commit ? Round.SYNC_DATA : Round.DECIDE;
        return new EndTransaction(
                transactionalId, producer, commit, version, new Pending<>(Signal.NONE), answer, first, null);
    }

    /** The coordinator has decided by itself, now or in an earlier life; nobody waits for the answer. */
    static EndTransaction decided(Resolution resolution) {
        return new EndTransaction(
                resolution.transactionalId(),
                resolution.next(),
                resolution.commit(),
                null,
                new Pending<>(Signal.NONE),
                new Pending<>(Signal.NONE),
                Round.DECIDED,
                resolution);
    }

    @Override
    void append(LogOwner log) {
        try {
            if (round == Round.SYNC_DATA || round == Round.DECIDE) {
                decide(log);
            }
            if (round == Round.DECIDED) {
                Partition coordinator = log.transactions().partitionOf(transactionalId);
                touch(coordinator);
                if (!coordinator.syncs()) {
                    round = Round.MARK;
                }
            }
            if (round == Round.MARK) {
                mark(log);
            }
        } catch (LogException refused) {
            openEntrance(log);
            fail(refused.error(), refused.reason());
        } catch (RuntimeException | StackOverflowError e) {
            openEntrance(log); // if the node goes on, so may the transaction
            throw e;
        }
    }

    private void decide(LogOwner log) {
        Transactions transactions = log.transactions();
        if (version != null && !closesEntrance) {
            transactions.enlistments().requireNotEnding(transactionalId);
        }
        var decision = ask(transactions.of(transactionalId), log);
        if (decision.reply() instanceof TransactionReply.Refused refused) {
            if (version == null && refused.error() == ErrorCode.INVALID_TXN_STATE && !commit) {
                nothingToDo(producer); // every append of the transaction was refused, so the log never heard of it
                return;
            }
            throw new LogException(refused.error(), refused.message());
        }
        if (decision.reply() instanceof TransactionReply.AlreadyEnded ended) {
            openEntrance(log);
            nothingToDo(ended.identity());
            return;
        }
        Resolution decidedNow = ((TransactionReply.Decided) decision.reply()).resolution();
        if (round == Round.SYNC_DATA && touchUnsynced(log, decidedNow)) {
            transactions.enlistments().ending(transactionalId);
            closesEntrance = true;
            return; // decided again, on the state of then, once the data is durable
        }
        openEntrance(log);
        transactions.carryOut(log, transactionalId, decision);
        resolution = decidedNow;
        round = Round.DECIDED;
    }

    private Decision<TransactionRecord, TransactionReply> ask(TransactionCoordinator coordinator, LogOwner log) {
        return version == null
                ? coordinator.end(transactionalId, producer, commit, log.topics()::freshProducerId, log.nowMs())
                : coordinator
                        .clients()
                        .end(transactionalId, producer, commit, version, log.topics()::freshProducerId, log.nowMs());
    }

    private void openEntrance(LogOwner log) {
        if (closesEntrance) {
            closesEntrance = false;
            log.transactions().enlistments().notEnding(transactionalId);
        }
    }

    private boolean touchUnsynced(LogOwner log, Resolution resolution) {
        boolean waits = false;
        for (TopicPartition id : resolution.partitions()) {
            Partition partition = log.partitions().find(id);
            if (partition != null && partition.syncs()) {
                touch(partition);
                waits = true;
            }
        }
        return waits;
    }

    private void nothingToDo(ProducerIdentity next) {
        round = Round.COMPLETE;
        decided.succeed(null);
        completed.succeed(next);
    }

    private void mark(LogOwner log) {
        Resolution marked = Objects.requireNonNull(resolution);
        int coordinatorEpoch = log.topics().image().leaderEpoch();
        markersRefused = false;
        for (TopicPartition id : marked.partitions()) {
            Partition partition = log.partitions().find(id);
            if (partition != null && partition.isOpen()) {
                AppendOutcome outcome = log.appendMarker(partition, marked, coordinatorEpoch);
                if (outcome instanceof AppendOutcome.Rejected rejected) {
                    refused(id, rejected);
                } else {
                    touch(partition);
                }
            }
        }
    }

    private void refused(TopicPartition id, AppendOutcome.Rejected rejected) {
        if (rejected.error() == ErrorCode.INVALID_PRODUCER_EPOCH) {
            // The partition has a later epoch of this producer, from its next transaction or the abort of that one. A
            // transaction can only begin once every marker of the one before is durable, so this marker is there: a
            // crash has taken the Complete record, and with it perhaps all the coordinator knew of the next one.
            LOG.debug("transaction={} partition={} has its marker: {}", transactionalId, id, rejected.message());
        } else {
            refusedByTheLog(id, rejected);
        }
    }

    private void refusedByTheLog(TopicPartition id, AppendOutcome.Rejected rejected) {
        if (rejected.error() == ErrorCode.KAFKA_STORAGE_ERROR
                || rejected.error() == ErrorCode.THROTTLING_QUOTA_EXCEEDED) {
            markersRefused = true;
            LOG.warn("transaction={} partition={} marker refused: {}", transactionalId, id, rejected.message());
        } else {
            LOG.error(
                    "transaction={} partition={} the marker was refused for good ({}): {}. Committed reads of the partition"
                            + " wait behind this transaction: end it with 'kafka-transactions.sh abort --topic {}"
                            + " --partition {} --start-offset <first offset>', which find-hanging tells",
                    transactionalId,
                    id,
                    rejected.error(),
                    rejected.message(),
                    id.topic(),
                    id.partition());
        }
    }

    @Override
    void written(LogOwner log) {
        for (Partition partition : touched()) {
            markersRefused |= round == Round.MARK && partition.failureOf(Long.MAX_VALUE) != null;
        }
    }

    @Override
    void acknowledge(LogOwner log) {
        List<Partition> durable = List.copyOf(touched());
        touchNothing();
        switch (round) {
            case SYNC_DATA -> {
                round = Round.DECIDE;
                log.submit(this);
            }
            case DECIDED -> {
                decisionIsDurable(log);
                round = Round.MARK;
                log.submit(this);
            }
            case MARK -> {
                decisionIsDurable(log);
                if (markersRefused) {
                    if (version != null) {
                        answer();
                    }
                    log.retryIn(delay.next(), this);
                } else {
                    complete(log, durable);
                }
            }
            case DECIDE, COMPLETE -> {
                // refused, or nothing was to do: answered already
            }
        }
    }

    private void decisionIsDurable(LogOwner log) {
        if (!decided.isDone()) {
            decided.succeed(null);
            log.counters().decided(commit);
        }
    }

    private void complete(LogOwner log, List<Partition> marks) {
        Resolution marked = Objects.requireNonNull(resolution);
        Transactions transactions = log.transactions();
        try {
            transactions.carryOut(
                    log, transactionalId, transactions.of(transactionalId).complete(transactionalId, log.nowMs()));
        } catch (LogException notWritten) {
            log.retryIn(delay.next(), this); // writes the markers once more, which changes nothing
            return;
        }
        round = Round.COMPLETE;
        for (Partition partition : marks) {
            log.groups().endTransaction(partition.id(), marked.producerId(), commit);
        }
        answer();
        transactions.completed(log, transactionalId);
    }

    private void answer() {
        if (!completed.isDone()) {
            completed.succeed(Objects.requireNonNull(resolution).next());
        }
    }

    @Override
    void fail(ErrorCode error, String message) {
        touchNothing();
        round = Round.COMPLETE;
        if (!decided.isDone()) {
            decided.fail(error, message);
        }
        if (!completed.isDone()) {
            completed.fail(error, message);
        }
    }
}
