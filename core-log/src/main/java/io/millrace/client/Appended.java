package io.millrace.client;

/**
 * Where a batch stands now.
 *
 * @param baseOffset offset of its first record
 * @param lastOffset offset of its last record
 * @param leaderEpoch of the leader that appended it, -1 if unknown, as for a duplicate
 * @param logAppendTimeMs the time stamped by the log, -1 if the topic keeps the producer's timestamps; of a duplicate the largest
 *     timestamp of the batch that was taken before
 * @param logStartOffset of the partition
 */
public record Appended(long baseOffset, long lastOffset, int leaderEpoch, long logAppendTimeMs, long logStartOffset) {}
