package io.millrace.log;

import io.millrace.record.ControlRecord;
import io.millrace.record.RecordBatch;
import io.millrace.record.RecordCursor;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Follows the transactions through a range of the log, batch by batch: which data was aborted, and which marker has lost all
 * its data. Owned by one pass over the range.
 *
 * <p>A marker may go only when no batch of its transaction was met in the pass; and an aborted transaction stays in the index as
 * long as one was.
 */
final class TransactionTrail {

    /** An aborted transaction that has begun, and whether a batch of it was met. */
    private static final class Aborting {
        final AbortedTransaction transaction;
        boolean met;

        Aborting(AbortedTransaction transaction) {
            this.transaction = transaction;
        }
    }

    private final Deque<AbortedTransaction> coming;
    private final Map<Long, Aborting> aborting = new HashMap<>();
    private final Set<Long> committing = new HashSet<>();
    private final RecordCursor cursor = new RecordCursor();

    TransactionTrail(List<AbortedTransaction> aborted) {
        coming = new ArrayDeque<>(aborted.stream()
                .sorted(Comparator.comparingLong(AbortedTransaction::firstOffset))
                .toList());
    }

    /** Whether this data batch belongs to an aborted transaction. */
    boolean isAborted(RecordBatch batch) {
        beginUpTo(batch);
        if (!batch.isTransactional()) {
            return false;
        }
        Aborting transaction = aborting.get(batch.producerId());
        if (transaction != null) {
            transaction.met = true;
            return true;
        }
        committing.add(batch.producerId());
        return false;
    }

    /**
     * Whether nothing of this marker's transaction is left before it.
     *
     * @param stillIndexed is given the aborted transaction if something is
     */
    boolean isLeftAlone(RecordBatch marker, Consumer<AbortedTransaction> stillIndexed) {
        beginUpTo(marker);
        cursor.wrap(marker);
        if (!cursor.next()) {
            return true;
        }
        if (ControlRecord.read(cursor).type() == ControlRecord.Type.COMMIT) {
            return !committing.remove(marker.producerId());
        }
        Aborting transaction = aborting.remove(marker.producerId());
        if (transaction != null && transaction.met) {
            stillIndexed.accept(transaction.transaction);
            return false;
        }
        return true;
    }

    /** Transactions that ended before this batch are over, whether or not the pass began before their marker. */
    private void beginUpTo(RecordBatch batch) {
        AbortedTransaction next = coming.peek();
        while (next != null && next.firstOffset() <= batch.lastOffset()) {
            coming.remove();
            if (next.lastOffset() >= batch.baseOffset()) {
                aborting.put(next.producerId(), new Aborting(next));
            }
            next = coming.peek();
        }
    }
}
