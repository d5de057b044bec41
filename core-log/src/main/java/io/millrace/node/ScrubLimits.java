package io.millrace.node;

import java.time.Duration;

/**
 * How old data is read again, so that rotten bits are found while there is still a backup (S10).
 *
 * @param bytesPerSecond {@code scrub.bytes.per.second}: read at most so fast; 0 switches scrubbing off; 10,000,000
 * @param interval {@code scrub.interval.ms}: a pass over everything begins at most so often; 7 days
 */
public record ScrubLimits(long bytesPerSecond, Duration interval) {

    public static final ScrubLimits DEFAULT = new ScrubLimits(10_000_000, Duration.ofDays(7));

    public ScrubLimits {
        if (bytesPerSecond < 0 || interval.isNegative()) {
            throw new IllegalArgumentException("scrub.bytes.per.second and scrub.interval.ms must be 0 or more, were "
                    + bytesPerSecond + " and " + interval);
        }
    }
}
