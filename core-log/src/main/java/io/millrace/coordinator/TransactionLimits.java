package io.millrace.coordinator;

/**
 * Bounds of transactions, under Kafka's names and with its defaults.
 *
 * @param timeoutMsMax {@code transaction.max.timeout.ms}: the longest time-out a producer may ask for, 1 or more; 15 min
 * @param idExpirationMs {@code transactional.id.expiration.ms}: an id unused for so long is forgotten, 1 or more; 7 days
 */
public record TransactionLimits(int timeoutMsMax, long idExpirationMs) {

    public static final TransactionLimits DEFAULT = new TransactionLimits(15 * 60 * 1000, 7L * 24 * 60 * 60 * 1000);

    public TransactionLimits {
        if (timeoutMsMax < 1 || idExpirationMs < 1) {
            throw new IllegalArgumentException(
                    "transaction limits must be 1 ms or more, were " + timeoutMsMax + " and " + idExpirationMs);
        }
    }
}
