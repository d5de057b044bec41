package io.millrace.coordinator;

import io.millrace.client.ErrorCode;
import io.millrace.client.ProducerIdentity;

/** What a transaction coordinator answers. True only once the records of its {@link Decision} are there. */
public sealed interface TransactionReply {

    /** The producer is this one, and every older one is fenced. */
    record Identified(ProducerIdentity identity) implements TransactionReply {}

    /** The partitions belong to the transaction. */
    record Registered() implements TransactionReply {}

    /** The outcome is decided: its markers are to be written, then {@code complete} is to be called. */
    record Decided(Resolution resolution) implements TransactionReply {}

    /** The same end was decided before, as the client may not have heard; the producer goes on as this one. */
    record AlreadyEnded(ProducerIdentity identity) implements TransactionReply {}

    /** An earlier transaction of the id must be complete first (CONCURRENT_TRANSACTIONS): ask again then. */
    record WaitForCompletion() implements TransactionReply {}

    /**
     * An earlier transaction was open. It is fenced and decided to be aborted: write its markers, then ask again
     * (CONCURRENT_TRANSACTIONS).
     */
    record AbortedFirst(Resolution resolution) implements TransactionReply {}

    record Refused(ErrorCode error, String message) implements TransactionReply {}
}
