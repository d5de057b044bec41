package io.millrace.streams;

import java.time.Duration;

/**
 * Windows of event time, aligned to 1970.
 *
 * @param sizeMs length of a window
 * @param advanceMs from one start to the next; equal to the size for tumbling windows
 * @param graceMs how long after its end a window still takes records: while start + size &gt; stream time − grace
 */
public record Windows(long sizeMs, long advanceMs, long graceMs) {

    public Windows {
        if (sizeMs <= 0) {
            throw new IllegalArgumentException("a window must be longer than 0 ms, was " + sizeMs);
        }
        if (advanceMs <= 0 || advanceMs > sizeMs) {
            throw new IllegalArgumentException(
                    "windows must advance by 1 ms up to their size of " + sizeMs + " ms, was " + advanceMs);
        }
        if (graceMs < 0) {
            throw new IllegalArgumentException("grace must be 0 ms or more, was " + graceMs);
        }
    }

    /** Windows that neither overlap nor leave gaps, with no grace. */
    public static Windows tumbling(Duration size) {
        return new Windows(size.toMillis(), size.toMillis(), 0);
    }

    /** Windows that overlap, with no grace. */
    public static Windows hopping(Duration size, Duration advance) {
        return new Windows(size.toMillis(), advance.toMillis(), 0);
    }

    public Windows grace(Duration grace) {
        return new Windows(sizeMs, advanceMs, grace.toMillis());
    }
}
