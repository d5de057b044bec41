package io.millrace.node;

import io.millrace.log.AbortedTransaction;
import io.millrace.record.RecordBatch;
import java.util.List;

/** Tells the batches of aborted transactions from others, within the range for which the transactions were looked up. */
record AbortedFilter(List<AbortedTransaction> transactions) {

    static final AbortedFilter NOTHING = new AbortedFilter(List.of());

    boolean drops(RecordBatch batch) {
        if (!batch.isTransactional()) {
            return false;
        }
        for (int i = 0; i < transactions.size(); i++) {
            AbortedTransaction aborted = transactions.get(i);
            if (aborted.producerId() == batch.producerId()
                    && aborted.firstOffset() <= batch.baseOffset()
                    && batch.lastOffset() <= aborted.lastOffset()) {
                return true;
            }
        }
        return false;
    }
}
