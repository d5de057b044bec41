package io.millrace.broker.handler;

import io.millrace.client.ErrorCode;
import io.millrace.client.Pending;

/** What producers are told of a transaction's refusal, in words that their version knows. */
final class TransactionErrors {

    private TransactionErrors() {}

    /** @param knowsFencing whether the version knows PRODUCER_FENCED (KIP-588) */
    static ErrorCode of(Pending<?> answer, boolean knowsFencing) {
        if (!answer.isFailed()) {
            return ErrorCode.NONE;
        }
        return switch (answer.error()) {
            case PRODUCER_FENCED -> knowsFencing ? ErrorCode.PRODUCER_FENCED : ErrorCode.INVALID_PRODUCER_EPOCH;
            // What the coordinator could not write: clients look for it again.
            case KAFKA_STORAGE_ERROR -> ErrorCode.NOT_COORDINATOR;
            case BROKER_NOT_AVAILABLE, THROTTLING_QUOTA_EXCEEDED -> ErrorCode.COORDINATOR_NOT_AVAILABLE;
            default -> answer.error();
        };
    }
}
