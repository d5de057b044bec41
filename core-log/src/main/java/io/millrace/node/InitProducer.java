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
 * A transactional producer asks who it is. While an earlier transaction of the id is not complete the request waits outside
 * of the pipeline and comes again.
 */
final class InitProducer extends Work {

    private final String transactionalId;
    private final int timeoutMs;
    private final Pending<ProducerIdentity> pending;
    private @Nullable ProducerIdentity identity;
    private boolean answered;

    InitProducer(String transactionalId, int timeoutMs, Pending<ProducerIdentity> pending) {
        this.transactionalId = transactionalId;
        this.timeoutMs = timeoutMs;
        this.pending = pending;
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
                            .init(transactionalId, timeoutMs, log.topics()::freshProducerId, log.nowMs()));
            if (reply instanceof Identified identified) {
                identity = identified.identity();
                touch(transactions.partitionOf(transactionalId));
            } else if (reply instanceof AbortedFirst aborted) {
                log.submit(EndTransaction.decided(aborted.resolution()));
                transactions.await(transactionalId, this);
            } else if (reply instanceof WaitForCompletion) {
                transactions.await(transactionalId, this);
            } else if (reply instanceof Refused refused) {
                fail(refused.error(), refused.message());
            }
        } catch (LogException refused) {
            fail(refused.error(), refused.reason());
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
