package io.millrace.server.command;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Set;

/** Where to begin or to end in a partition, as people write it. */
sealed interface Place {

    String FORMS = "beginning, end, an offset such as 42, -10 for the last ten, a time such as 2001-01-15T06:00:00Z or"
            + " 2001-01-15, or PT1H for an hour ago";

    Set<String> BEGINNINGS = Set.of("beginning", "earliest", "start");
    Set<String> ENDS = Set.of("end", "latest");

    record Beginning() implements Place {}

    record End() implements Place {}

    /** @param offset 0 or more */
    record Offset(long offset) implements Place {}

    /** @param count of offsets before the end */
    record BeforeEnd(long count) implements Place {}

    /** The first record that is not older. */
    record Time(long timestampMs) implements Place {}

    /** Reads one of the {@link #FORMS}. */
    static Place parse(String text, Instant now) {
        String word = text.strip();
        String lower = word.toLowerCase(Locale.ROOT);
        if (BEGINNINGS.contains(lower)) {
            return new Beginning();
        }
        if (ENDS.contains(lower)) {
            return new End();
        }
        if (word.matches("\\d{1,18}")) {
            return new Offset(Long.parseLong(word));
        }
        if (word.matches("-\\d{1,18}")) {
            return new BeforeEnd(-Long.parseLong(word));
        }
        return new Time(time(word, now).toEpochMilli());
    }

    /** An instant, a day in UTC, or how long ago. */
    static Instant time(String text, Instant now) {
        try {
            if (text.matches("\\d{4}-\\d{2}-\\d{2}")) {
                return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
            }
            return text.toUpperCase(Locale.ROOT).startsWith("P")
                    ? now.minus(Duration.parse(text))
                    : Instant.parse(text);
        } catch (DateTimeParseException | ArithmeticException e) {
            throw new CommandRefused("'" + text + "' is none of these: " + FORMS + ".");
        }
    }
}
