package io.millrace.client;

/**
 * The ends of a partition at one moment; logStart ≤ lastStable ≤ highWatermark ≤ logEnd.
 *
 * @param logStartOffset first offset that can be read
 * @param lastStableOffset no open transaction has a record below it
 * @param highWatermark everything below is replicated and durable as the topic asks
 * @param logEndOffset the offset the next record will have
 */
public record LogEnds(long logStartOffset, long lastStableOffset, long highWatermark, long logEndOffset) {}
