package io.millrace.client;

/**
 * A position that a group has committed.
 *
 * @param offset of the next record to read; below 0 it means what the group's own clients agree on, as with Kafka: kafkajs
 *     resets a group with -1 and -2, which stand for the end and the beginning
 * @param leaderEpoch of the last record read, -1 if unknown
 * @param metadata the committer's own note, possibly empty
 */
public record CommittedOffset(long offset, int leaderEpoch, String metadata) {

    public CommittedOffset(long offset) {
        this(offset, -1, "");
    }
}
