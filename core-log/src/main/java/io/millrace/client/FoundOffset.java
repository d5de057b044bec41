package io.millrace.client;

/**
 * The answer to an {@link OffsetQuery}.
 *
 * @param offset -1 if no record fits
 * @param timestampMs the record's timestamp, -1 where an end of the log was asked for or no record fits
 * @param leaderEpoch of that offset, -1 if unknown; for an {@link OffsetQuery.EndOfEpoch} the epoch that ends there
 */
public record FoundOffset(long offset, long timestampMs, int leaderEpoch) {}
