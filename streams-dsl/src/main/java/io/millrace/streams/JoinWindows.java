package io.millrace.streams;

import java.time.Duration;

/**
 * When two records of a stream–stream join belong together: left − before ≤ right ≤ left + after, in event time.
 *
 * @param beforeMs how much older the right record may be
 * @param afterMs how much younger the right record may be
 * @param graceMs how long an unmatched record of a left or outer join waits for a late partner
 */
public record JoinWindows(long beforeMs, long afterMs, long graceMs) {

    public JoinWindows {
        if (beforeMs + afterMs < 0) {
            throw new IllegalArgumentException(
                    "before + after must be 0 ms or more, was " + beforeMs + " + " + afterMs);
        }
        if (graceMs < 0) {
            throw new IllegalArgumentException("grace must be 0 ms or more, was " + graceMs);
        }
    }

    /** Both directions alike, with no grace. */
    public static JoinWindows within(Duration difference) {
        return new JoinWindows(difference.toMillis(), difference.toMillis(), 0);
    }

    public static JoinWindows within(Duration before, Duration after) {
        return new JoinWindows(before.toMillis(), after.toMillis(), 0);
    }

    public JoinWindows grace(Duration grace) {
        return new JoinWindows(beforeMs, afterMs, grace.toMillis());
    }
}
