package io.millrace.log;

/**
 * How much there is to read.
 *
 * @param bytes of whole batches
 * @param nextOffset the offset behind the last batch that was counted: where to go on counting
 */
public record Extent(long bytes, long nextOffset) {}
