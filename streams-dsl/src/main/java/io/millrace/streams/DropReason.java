package io.millrace.streams;

/** Why a record was left out. Nothing is dropped without one of these and a counter. */
public enum DropReason {
    /** The operator needs a key and there was none. */
    NULL_KEY,
    /** The operator needs a value and there was none. */
    NULL_VALUE,
    /** The window had closed: end ≤ stream time − grace. */
    LATE,
    /** The record was older than what the state still holds. */
    EXPIRED,
    /** The codec refused the bytes. */
    DESERIALIZATION,
    /** A user's function threw, and its policy says drop. */
    PROCESSING,
    /** The record could not be encoded or was too large, and the policy says drop. */
    PRODUCTION,
    /** The timestamp extractor answered a negative time. */
    NEGATIVE_TIMESTAMP
}
