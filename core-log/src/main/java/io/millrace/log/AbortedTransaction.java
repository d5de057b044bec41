package io.millrace.log;

/**
 * One aborted transaction as an entry of the {@code .txnindex} file: a read-committed reader drops the transactional records
 * of this producer from {@code firstOffset} on until it meets the abort marker.
 *
 * @param firstOffset of the transaction's first record in this partition
 * @param lastOffset of its abort marker
 * @param lastStableOffset the last stable offset after the abort: all transactions below it are decided
 */
public record AbortedTransaction(long producerId, long firstOffset, long lastOffset, long lastStableOffset) {}
