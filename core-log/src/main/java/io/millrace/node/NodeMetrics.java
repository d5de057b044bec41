package io.millrace.node;

/**
 * What a node has done since its start.
 *
 * @param batches appended, those of coordinators included
 * @param records in these batches
 * @param bytes of these batches
 * @param writes to segment files; fewer than batches where several were gathered
 * @param syncs of partitions
 * @param syncRounds waits for the disk; fewer than syncs where several partitions were synced together
 * @param syncNs how long answers have waited for the disk in these rounds, all of them together; what is synced beside them
 *     is not counted
 * @param commits decided
 * @param aborts decided, time-outs and fenced producers included
 * @param queued pieces of work between their arrival and their answer at the moment
 * @param queuedMax beyond which nothing more is taken in
 */
public record NodeMetrics(
        long batches,
        long records,
        long bytes,
        long writes,
        long syncs,
        long syncRounds,
        long syncNs,
        long commits,
        long aborts,
        int queued,
        int queuedMax) {}
