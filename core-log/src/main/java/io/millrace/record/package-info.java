/**
 * Kafka's record batch, version 2: the unit that is produced, stored, replicated and fetched, byte for byte.
 *
 * <p>{@link io.millrace.record.RecordBatch} reads the header of one in place and {@link io.millrace.record.RecordCursor}
 * walks its records without allocating; {@link io.millrace.record.RecordBatchBuilder} writes one for producers,
 * {@link io.millrace.record.SparseBatchBuilder} rewrites one for compaction, {@link io.millrace.record.ControlRecord}
 * writes transaction markers and {@link io.millrace.record.BatchStamp} is what a leader may still change. The layout is
 * drawn in {@code BatchLayout}.
 *
 * <p>Nothing here has an owner thread: a batch is immutable, a cursor or a builder belongs to whoever uses it. Bytes that
 * are not a batch end in {@link io.millrace.record.CorruptBatchException}, never in another exception.
 */
@NullMarked
package io.millrace.record;

import org.jspecify.annotations.NullMarked;
