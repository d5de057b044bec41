package io.millrace.node;

import io.millrace.client.ErrorCode;
import io.millrace.client.LogException;
import io.millrace.client.ProducerIdentity;
import io.millrace.client.TopicPartition;
import io.millrace.coordinator.Decision;
import io.millrace.coordinator.TransactionCoordinator;
import io.millrace.coordinator.TransactionRecord;
import io.millrace.coordinator.TransactionReply;
import io.millrace.coordinator.TransactionVersion;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets nothing into a partition as a part of a transaction that does not hold the partition: such records would keep readers
 * back for ever, or become a part of the next transaction. Owned by the log agent.
 *
 * <p>The coordinators live on the same agent. So a write is checked in the very step in which it is appended, and nothing can
 * come between; Kafka, which has to ask another node, needs guards for that.
 */
final class Enlistments {

    private static final Logger LOG = LoggerFactory.getLogger(Enlistments.class);

    private final Transactions transactions;
    private final PartitionTable partitions;

    /** Asked to commit, and waiting for their data to be durable: nothing more may enter these transactions. */
    private final Set<String> ending = new HashSet<>();

    Enlistments(Transactions transactions, PartitionTable partitions) {
        this.transactions = transactions;
        this.partitions = partitions;
    }

    /** Nothing more may enter the transaction until its commit is decided or refused. */
    void ending(String transactionalId) {
        ending.add(transactionalId);
    }

    void notEnding(String transactionalId) {
        ending.remove(transactionalId);
    }

    boolean isEnding(String transactionalId) {
        return ending.contains(transactionalId);
    }

    /**
     * Makes every partition that is about to be written to a part of its transaction, where the write may do that: one record
     * per transaction for all of them. Refuses those appends that may not.
     */
    void enlist(LogOwner log, List<Work> works) {
        Map<InTransaction, List<AppendWork>> missing = null;
        for (int i = 0; i < works.size(); i++) {
            if (works.get(i) instanceof AppendWork append) {
                InTransaction in = append.transaction();
                if (in != null && !in.enlistment().isBefore() && needsEnlisting(append, in)) {
                    missing = missing == null ? new LinkedHashMap<>() : missing;
                    missing.computeIfAbsent(in, each -> new ArrayList<>()).add(append);
                }
            }
        }
        if (missing != null) {
            missing.forEach((in, appends) -> enlist(log, in, appends));
        }
    }

    private boolean needsEnlisting(AppendWork append, InTransaction in) {
        return !append.isAnswered() && append.target(partitions) != null && !holds(in, append.producer(), append.id());
    }

    private boolean holds(InTransaction in, ProducerIdentity producer, TopicPartition partition) {
        String id = in.transactionalId();
        return !ending.contains(id) && transactions.of(id).isRegistered(id, producer, partition);
    }

    private void enlist(LogOwner log, InTransaction in, List<AppendWork> appends) {
        while (!appends.isEmpty()) {
            // Usually one producer; a zombie and its successor may meet here.
            ProducerIdentity producer = appends.get(0).producer();
            List<AppendWork> same = appends.stream()
                    .filter(append -> append.producer().equals(producer))
                    .toList();
            Set<TopicPartition> touched = new LinkedHashSet<>();
            same.forEach(append -> touched.add(append.id()));
            Containment containment = Containment.begin(log);
            try {
                require(log, in, producer, touched);
            } catch (LogException refused) {
                same.forEach(append -> append.fail(refused.error(), refused.reason()));
            } catch (RuntimeException | StackOverflowError e) {
                if (!containment.holds(e)) {
                    throw e;
                }
                LOG.error("transaction={} could not be written to by a mistake in the code", in.transactionalId(), e);
                same.forEach(append -> append.fail(ErrorCode.UNKNOWN_SERVER_ERROR, "the coordinator failed"));
            }
            appends.removeAll(same);
        }
    }

    /**
     * Before each write: that the transaction is still open and holds the partition, or does so from now on.
     *
     * @throws LogException if the producer may not write to the partition in this transaction
     */
    void require(LogOwner log, InTransaction in, ProducerIdentity producer, TopicPartition partition) {
        if (!holds(in, producer, partition)) {
            require(log, in, producer, Set.of(partition));
        }
    }

    private void require(LogOwner log, InTransaction in, ProducerIdentity producer, Set<TopicPartition> touched) {
        String id = in.transactionalId();
        requireNotEnding(id);
        TransactionCoordinator coordinator = transactions.of(id);
        TransactionReply.Refused refused;
        if (in.enlistment() == Enlistment.JOB) {
            refused = carryOut(log, id, coordinator.register(id, producer, touched, log.nowMs()));
        } else if (in.enlistment() == Enlistment.BY_WRITE) {
            refused = carryOut(
                    log, id, coordinator.clients().add(id, producer, touched, TransactionVersion.V2, log.nowMs()));
        } else {
            refused = verify(coordinator, id, producer, touched);
        }
        if (refused != null) {
            throw new LogException(in.enlistment().errorOf(refused.error()), refused.message());
        }
    }

    void requireNotEnding(String transactionalId) {
        if (ending.contains(transactionalId)) {
            throw new LogException(ErrorCode.CONCURRENT_TRANSACTIONS, transactionalId + " is about to be committed");
        }
    }

    private TransactionReply.@Nullable Refused carryOut(
            LogOwner log, String id, Decision<TransactionRecord, TransactionReply> decision) {
        TransactionReply reply = transactions.carryOut(log, id, decision);
        return reply instanceof TransactionReply.Refused refused ? refused : null;
    }

    private static TransactionReply.@Nullable Refused verify(
            TransactionCoordinator coordinator, String id, ProducerIdentity producer, Set<TopicPartition> touched) {
        for (Map.Entry<TopicPartition, ErrorCode> each :
                coordinator.clients().verify(id, producer, touched).entrySet()) {
            if (each.getValue() != ErrorCode.NONE) {
                return new TransactionReply.Refused(
                        each.getValue(),
                        each.getKey() + " is not a part of an open transaction of " + id + " and producer "
                                + producer.producerId() + " epoch " + producer.epoch() + ": "
                                + each.getValue().meaning());
            }
        }
        return null;
    }
}
