package io.millrace.samples.flights;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/**
 * How far the demo is, at one moment.
 *
 * @param inputShare how much of the input is loaded and counted for good, 0 to 1
 * @param records that the job has processed since it started
 * @param recordsPerSecond over the time since it was last shown
 * @param eventTimeMs largest event time read, ms since 1970; negative before the first flight
 * @param commits since it started
 * @param lag records that are in the topics and were not read yet
 * @param elapsed since it started
 */
record DemoProgress(
        double inputShare,
        long records,
        long recordsPerSecond,
        long eventTimeMs,
        long commits,
        long lag,
        Duration elapsed) {

    private static final int BAR_CELLS = 44;
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm").withZone(ZoneOffset.UTC);

    /** A bar and the figures under it, for a terminal that is redrawn. */
    List<String> block() {
        var filled = (int) (BAR_CELLS * inputShare);
        return List.of(
                "  " + "█".repeat(filled) + "░".repeat(BAR_CELLS - filled) + percent() + "   event time " + eventTime(),
                String.format(
                        Locale.ENGLISH,
                        "  %,d records   %,d records/s   %,d commits   lag %,d   %d:%02d",
                        records,
                        recordsPerSecond,
                        commits,
                        lag,
                        elapsed.toMinutes(),
                        elapsed.toSecondsPart()));
    }

    /** The same in one line, for a file or a pipe. */
    String line() {
        return String.format(
                Locale.ENGLISH,
                "%s of the input, event time %s, %,d records, %,d records/s, %,d commits, lag %,d",
                percent().strip(),
                eventTime(),
                records,
                recordsPerSecond,
                commits,
                lag);
    }

    private String percent() {
        return String.format("%4d %%", (int) (100 * inputShare));
    }

    private String eventTime() {
        return eventTimeMs < 0 ? "not yet" : MINUTE.format(Instant.ofEpochMilli(eventTimeMs));
    }
}
