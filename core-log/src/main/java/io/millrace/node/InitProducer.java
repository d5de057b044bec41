package io.millrace.node;

import io.millrace.client.ErrorCode;
import io.millrace.client.LogException;
import io.millrace.client.Pending;
import io.millrace.client.ProducerIdentity;
import io.millrace.coordinator.TransactionReply;
import io.millrace.coordinator.TransactionReply.AbortedFirst;
import io.millrace.coordinator.TransactionReply.Identified;
import io.millrace.coordinator.TransactionReply.Refused;
import io.millrace.coordinator.TransactionReply.WaitForCompletion;
import org.jspecify.annotations.Nullable;

/**
 * A transactional producer asks who it is. While an earlier transaction of the id is not complete the request of a job waits
 * outside of the pipeline and comes again; a client of another process is told CONCURRENT_TRANSACTIONS and asks again itself.
 */
final class InitProducer extends Work {

    private final String transactionalId;
    private final int timeoutMs;
    private final @Nullable ProducerIdentity claimed;
    private final boolean waits;
    private final Pending<ProducerIdentity> pending;
    private @Nullable ProducerIdentity identity;
    private boolean answered;

    private InitProducer(
            String transactionalId,
            int timeoutMs,
            @Nullable ProducerIdentity claimed,
            boolean waits,
            Pending<ProducerIdentity> pending) {
        this.transactionalId = transactionalId;
        this.timeoutMs = timeoutMs;
        this.claimed = claimed;
        this.waits = waits;
        this.pending = pending;
    }

    static InitProducer ofJob(String transactionalId, int timeoutMs, Pending<ProducerIdentity> pending) {
        return new InitProducer(transactionalId, timeoutMs, null, true, pending);
    }

    /** @param claimed who it was until now, if it goes on after an error; null if it is new */
    static InitProducer ofClient(
            String transactionalId,
            int timeoutMs,
            @Nullable ProducerIdentity claimed,
            Pending<ProducerIdentity> pending) {
        return new InitProducer(transactionalId, timeoutMs, claimed, false, pending);
    }

    @Override
    void append(LogOwner log) {
        Transactions transactions = log.transactions();
        try {
            TransactionReply reply = transactions.carryOut(
                    log,
                    transactionalId,
                    transactions
                            .of(transactionalId)
                            .init(transactionalId, timeoutMs, claimed, log.topics()::freshProducerId, log.nowMs()));
            if (reply instanceof Identified identified) {
                identity = identified.identity();
                touch(transactions.partitionOf(transactionalId));
            } else if (reply instanceof AbortedFirst aborted) {
                log.submit(EndTransaction.decided(aborted.resolution()));
                awaitCompletion(transactions);
            } else if (reply instanceof WaitForCompletion) {
                awaitCompletion(transactions);
            } else if (reply instanceof Refused refused) {
                fail(refused.error(), refused.message());
            }
        } catch (LogException refused) {
            fail(refused.error(), refused.reason());
        }
    }

    private void awaitCompletion(Transactions transactions) {
        if (waits) {
            transactions.await(transactionalId, this);
        } else {
            fail(
                    ErrorCode.CONCURRENT_TRANSACTIONS,
                    "an earlier transaction of " + transactionalId + " is being completed");
        }
    }

    @Override
    void acknowledge(LogOwner log) {
        ProducerIdentity known = identity;
        if (!answered && known != null) {
            answered = true;
            pending.succeed(known);
        }
    }

    @Override
    void fail(ErrorCode error, String message) {
        if (!answered) {
            answered = true;
            touchNothing();
            pending.fail(error, message);
        }
    }
}
