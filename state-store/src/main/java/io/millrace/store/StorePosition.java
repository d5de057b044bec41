package io.millrace.store;

import java.util.UUID;

/**
 * How far into its changelog partition a shard's backing store is complete. Written in the same atomic batch as the data.
 *
 * @param changelogTopicId so that a re-created topic is noticed
 * @param changelogOffset the next changelog offset to replay; everything below is in the store
 * @param leaderEpoch of the record before that offset
 * @param epoch the job's epoch that was committed there
 */
public record StorePosition(UUID changelogTopicId, long changelogOffset, int leaderEpoch, long epoch) {}
