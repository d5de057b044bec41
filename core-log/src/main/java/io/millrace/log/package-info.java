/**
 * One partition's log on one node: segments and their indexes, the producers that write to it, recovery, retention and
 * compaction, all on Kafka's file names and formats.
 *
 * <p>Read {@link io.millrace.log.PartitionLog} first. It has one owner thread, which appends, rolls, truncates and cleans;
 * readers on any thread see the last published {@link io.millrace.log.LogView} and nothing else. Files are reached through
 * {@link io.millrace.log.LogStorage} alone: on disk, in memory, or failing on purpose. Syncing is a step of its own
 * ({@link io.millrace.log.SyncRequest}) that another thread may run; its result is applied by the owner.
 *
 * <p>Rule numbers S1–S13 in comments are the project's storage rules; they are explained in {@code docs/storage.md}.
 */
@NullMarked
package io.millrace.log;

import org.jspecify.annotations.NullMarked;
