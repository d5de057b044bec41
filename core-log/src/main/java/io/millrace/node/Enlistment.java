package io.millrace.node;

import io.millrace.client.ErrorCode;

/**
 * How a partition becomes a part of the transaction in which a producer writes to it.
 *
 * <p>Source: KIP-890; a producer's version of Produce or TxnOffsetCommit tells which it is.
 */
public enum Enlistment {
    /** By the first write, of a job of this process. It is answered as soon as it is written: the commit syncs it. */
    JOB,
    /** By the first write: Produce from version 12 on, TxnOffsetCommit from version 5 on. */
    BY_WRITE,
    /** Before the first write; any other write is TRANSACTION_ABORTABLE: Produce 11, TxnOffsetCommit 4. */
    BEFORE,
    /** Before the first write; any other write is INVALID_TXN_STATE, since older clients know of nothing else. */
    BEFORE_PLAIN;

    /** Whether the producer names its partitions first. */
    boolean isBefore() {
        return this == BEFORE || this == BEFORE_PLAIN;
    }

    /** What a write is refused with, given what the coordinator says. */
    ErrorCode errorOf(ErrorCode coordinators) {
        if (this == JOB) {
            return coordinators;
        }
        if (coordinators == ErrorCode.PRODUCER_FENCED) {
            return ErrorCode.INVALID_PRODUCER_EPOCH; // so that the client may abort and go on (KIP-588)
        }
        boolean isUnknown = this == BEFORE_PLAIN && coordinators == ErrorCode.TRANSACTION_ABORTABLE;
        return isUnknown ? ErrorCode.INVALID_TXN_STATE : coordinators;
    }
}
