package io.millrace.client;

import org.jspecify.annotations.Nullable;

/**
 * How a producer writes. Every producer is idempotent (KIP-98).
 *
 * @param transactionalId null for a producer without transactions
 * @param transactionTimeoutMs after which the log aborts an open transaction; ms, 1 to {@code transaction.max.timeout.ms}
 */
public record ProducerOptions(@Nullable String transactionalId, int transactionTimeoutMs) {

    public static final int TRANSACTION_TIMEOUT_MS_DEFAULT = 60_000;

    public static ProducerOptions idempotent() {
        return new ProducerOptions(null, TRANSACTION_TIMEOUT_MS_DEFAULT);
    }

    public static ProducerOptions transactional(String transactionalId) {
        return new ProducerOptions(transactionalId, TRANSACTION_TIMEOUT_MS_DEFAULT);
    }
}
