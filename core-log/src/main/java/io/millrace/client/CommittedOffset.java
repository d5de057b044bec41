package io.millrace.client;

/**
 * A position that a group has committed.
 *
 * @param offset of the next record to read
 * @param leaderEpoch of the last record read, -1 if unknown
 * @param metadata the committer's own note, possibly empty
 */
public record CommittedOffset(long offset, int leaderEpoch, String metadata) {

    public CommittedOffset {
        if (offset < 0) {
            throw new IllegalArgumentException("a committed offset must be 0 or more, was " + offset);
        }
    }

    public CommittedOffset(long offset) {
        this(offset, -1, "");
    }
}
