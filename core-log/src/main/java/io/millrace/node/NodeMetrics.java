package io.millrace.node;

/**
 * What a node has done since its start.
 *
 * @param batches appended, those of coordinators included
 * @param bytes of these batches
 * @param writes to segment files; fewer than batches where several were gathered
 * @param syncs of partitions
 * @param syncRounds waits for the disk; fewer than syncs where several partitions were synced together
 * @param commits decided
 * @param aborts decided, time-outs and fenced producers included
 */
public record NodeMetrics(
        long batches, long bytes, long writes, long syncs, long syncRounds, long commits, long aborts) {}
