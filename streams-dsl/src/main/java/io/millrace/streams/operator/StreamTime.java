package io.millrace.streams.operator;

/**
 * Stream time of one stateful operator in one task: min(largest timestamp received, limit), never decreasing.
 *
 * <p>The limit is what the upstream shards of an exchange have surely read; without an exchange there is none. Owned by the
 * task's lane, part of the committed state.
 */
public final class StreamTime {

    /** Before the first record. */
    public static final long UNKNOWN = Long.MIN_VALUE;

    private long largestMs = UNKNOWN;
    private long limitMs = Long.MAX_VALUE;
    private long nowMs = UNKNOWN;

    /** Sees a record's timestamp; late ones change nothing. Returns stream time (ms) after it. */
    public long observe(long timestampMs) {
        if (timestampMs > largestMs) {
            largestMs = timestampMs;
            advance();
        }
        return nowMs;
    }

    /** Stream time in ms since 1970, {@link #UNKNOWN} before the first record. */
    public long nowMs() {
        return nowMs;
    }

    /** The largest timestamp received. */
    public long largestMs() {
        return largestMs;
    }

    /** The runtime says how far upstream has surely read; {@link Long#MAX_VALUE} when nothing is unread. Returns whether stream time moved. */
    public boolean limit(long upstreamProgressMs) {
        limitMs = upstreamProgressMs;
        long before = nowMs;
        advance();
        return nowMs != before;
    }

    /** Back to what a commit recorded. */
    public void restore(long committedNowMs, long committedLargestMs) {
        nowMs = committedNowMs;
        largestMs = committedLargestMs;
    }

    private void advance() {
        nowMs = Math.max(nowMs, Math.min(largestMs, limitMs));
    }
}
