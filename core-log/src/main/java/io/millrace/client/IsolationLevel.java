package io.millrace.client;

/** What a reader sees of transactions (KIP-98). */
public enum IsolationLevel {
    /** Everything below the high watermark, open and aborted transactions included. */
    READ_UNCOMMITTED,
    /** Only what lies below the last stable offset, without the records of aborted transactions. */
    READ_COMMITTED
}
