package io.millrace.coordinator;

import org.jspecify.annotations.Nullable;

/**
 * One record of {@code __transaction_state}.
 *
 * @param transactionalId its key
 * @param entry its value; null removes the id
 */
public record TransactionRecord(
        String transactionalId, @Nullable TransactionEntry entry) {

    static TransactionRecord of(TransactionEntry entry) {
        return new TransactionRecord(entry.transactionalId(), entry);
    }
}
