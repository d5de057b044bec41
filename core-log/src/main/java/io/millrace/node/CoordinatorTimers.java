package io.millrace.node;

import io.millrace.client.ErrorCode;
import io.millrace.client.LogException;
import io.millrace.coordinator.Decision;
import io.millrace.coordinator.TransactionCoordinator;
import io.millrace.coordinator.TransactionRecord;
import io.millrace.coordinator.TransactionReply;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the coordinators do because time has passed: abort transactions that are open for too long, go on without members that
 * are not heard of, forget what is unused, try again what a full disk refused. Owned by the log agent.
 */
final class CoordinatorTimers implements Timers {

    private static final Logger LOG = LoggerFactory.getLogger(CoordinatorTimers.class);

    /** How often unused ids and expired positions are looked for; Kafka's {@code offsets.retention.check.interval.ms}. */
    static final long FORGET_INTERVAL_MS = 600_000;

    private final LogOwner log;
    private final RetryDelay delay = new RetryDelay();
    private long forgetMs;
    private long notBeforeMs = Long.MIN_VALUE;

    CoordinatorTimers(LogOwner log) {
        this.log = log;
        this.forgetMs = log.nowMs() + FORGET_INTERVAL_MS;
    }

    @Override
    public long nextDeadlineMs() {
        if (log.failure().isPresent()) {
            return log.hasWaiting() ? log.nowMs() : Long.MAX_VALUE; // to be refused
        }
        long earliest = Math.min(forgetMs, log.groups().members().nextDeadlineMs());
        for (TransactionCoordinator coordinator : log.transactions().all()) {
            earliest = Math.min(earliest, coordinator.nextDeadlineMs());
        }
        return Math.max(notBeforeMs, Math.min(earliest, log.retryMs()));
    }

    @Override
    public int run(LogOwner owner) {
        if (log.failure().isPresent()) {
            return refuseWaiting(log.failure().get());
        }
        if (log.nowMs() < nextDeadlineMs()) {
            return 0;
        }
        Containment containment = Containment.begin(log);
        try {
            if (log.retryMs() <= log.nowMs()) {
                log.submitDueRetries();
            }
            for (TransactionCoordinator coordinator : log.transactions().all()) {
                abortOverdue(coordinator);
            }
            log.groups().members().runDue(log);
            if (forgetMs <= log.nowMs()) {
                forgetMs = log.nowMs() + FORGET_INTERVAL_MS;
                log.transactions().all().forEach(this::forgetUnused);
                log.groups().forgetExpired(log);
            }
            notBeforeMs = Long.MIN_VALUE;
            delay.reset();
        } catch (LogException notWritten) {
            long delayMs = delay.next();
            LOG.warn("what is due cannot be written, next attempt in {} ms: {}", delayMs, notWritten.getMessage());
            notBeforeMs = log.nowMs() + delayMs;
        } catch (RuntimeException | StackOverflowError e) {
            if (!containment.holds(e)) {
                throw e;
            }
            long delayMs = delay.next();
            LOG.error("what is due failed by a mistake in the code, next attempt in {} ms", delayMs, e);
            notBeforeMs = log.nowMs() + delayMs;
        }
        return 1;
    }

    /** What they wait for will not happen any more. */
    private int refuseWaiting(String reason) {
        List<Work> waiting = new ArrayList<>(log.transactions().takeWaiting());
        waiting.addAll(log.takeRetries());
        waiting.addAll(log.groups().members().takeWaiting());
        waiting.forEach(work -> work.fail(ErrorCode.KAFKA_STORAGE_ERROR, "the data directory has failed: " + reason));
        return waiting.size();
    }

    private void abortOverdue(TransactionCoordinator coordinator) {
        List<Decision<TransactionRecord, TransactionReply>> decisions =
                coordinator.abortOverdue(log.topics()::freshProducerId, log.nowMs());
        for (Decision<TransactionRecord, TransactionReply> decision : decisions) {
            String id = decision.records().get(0).transactionalId();
            LOG.warn("transaction={} Ongoing -> PrepareAbort: it was open for longer than its time-out", id);
            if (log.transactions().carryOut(log, id, decision) instanceof TransactionReply.Decided decided) {
                log.submit(EndTransaction.decided(decided.resolution()));
            }
        }
    }

    private void forgetUnused(TransactionCoordinator coordinator) {
        for (TransactionRecord tombstone : coordinator.forgetUnused(log.nowMs())) {
            log.transactions().forget(log, tombstone);
        }
    }
}
