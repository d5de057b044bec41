package io.millrace.streams.runtime;

import io.millrace.streams.JobOptions;

/**
 * Says when an epoch ends. Pure: times are given. Owned by the I/O agent.
 *
 * <p>When the inputs have drained, or the commit interval has passed since the first uncommitted record, or too many bytes
 * are dirty, or somebody asks; but a commit does not start before {@code (100 − share) / share} times the last one's duration
 * has passed since its end, so that commits take no more than their share of the time. One slow commit, as the first of a
 * process always is, must not stop the next ones for seconds: the pause has an end of its own.
 */
final class CommitTrigger {

    /** The pause between two commits at most, in commit intervals: half a second by default. */
    static final int PAUSE_INTERVALS_MAX = 50;

    /** What counts as the interval for that pause if it is shorter. */
    private static final long INTERVAL_LEAST_NS = 1_000_000;

    private static final long NEVER = Long.MAX_VALUE;

    private final long intervalNs;
    private final int sharePercent;
    private final long pauseMaxNs;
    private final long dirtyBytesMax;
    private boolean hasWork;
    private long firstWorkNs;
    private long startedNs;
    private long notBeforeNs = Long.MIN_VALUE;
    private boolean isRequested;

    CommitTrigger(JobOptions options) {
        intervalNs = options.commitInterval().toNanos();
        sharePercent = options.commitTimeSharePercent();
        pauseMaxNs = PAUSE_INTERVALS_MAX * Math.max(intervalNs, INTERVAL_LEAST_NS);
        dirtyBytesMax = options.stateMemoryBytes() / 2;
    }

    /** Something was done that is worth committing. */
    void worked(long nowNs) {
        if (!hasWork) {
            hasWork = true;
            firstWorkNs = nowNs;
        }
    }

    void request() {
        isRequested = true;
    }

    boolean hasWork() {
        return hasWork;
    }

    boolean isDue(long nowNs, boolean isDrained, long heldBytes) {
        if (isRequested) {
            return true;
        }
        if (!hasWork) {
            return false;
        }
        if (heldBytes > dirtyBytesMax) {
            return true;
        }
        return nowNs >= notBeforeNs && (isDrained || nowNs - firstWorkNs >= intervalNs);
    }

    /** The epoch ends now; what is done from now on belongs to the next. */
    void started(long nowNs) {
        startedNs = nowNs;
        hasWork = false;
        isRequested = false;
    }

    void finished(long nowNs) {
        long durationNs = nowNs - startedNs;
        notBeforeNs = nowNs + Math.min(durationNs * (100 - sharePercent) / sharePercent, pauseMaxNs);
    }

    /** Time (ns) at which it may be due without anything else happening. */
    long nextDeadlineNs(long nowNs) {
        if (!hasWork) {
            return NEVER;
        }
        long afterInterval = Math.max(notBeforeNs, firstWorkNs + intervalNs);
        return notBeforeNs > nowNs ? Math.min(notBeforeNs, afterInterval) : afterInterval;
    }
}
