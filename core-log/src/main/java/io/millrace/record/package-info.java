/**
 * Kafka's record batch, version 2: the unit that is produced, stored, replicated and fetched, byte for byte.
 *
 * <p>{@link io.millrace.record.RecordBatch} reads one in place, {@link io.millrace.record.RecordBatchBuilder} writes one.
 * Nothing here has an owner thread: a batch is immutable, a builder belongs to whoever fills it.
 */
@NullMarked
package io.millrace.record;

import org.jspecify.annotations.NullMarked;
