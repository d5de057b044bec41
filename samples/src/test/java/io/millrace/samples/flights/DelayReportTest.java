package io.millrace.samples.flights;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.streams.Windowed;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DelayReportTest {

    private static final long EIGHT = Instant.parse("2001-01-03T08:00:00Z").toEpochMilli();
    private static final long NINE = Instant.parse("2001-01-03T09:00:00Z").toEpochMilli();

    @Test
    void showsStatesHoursAndRoutesLargestFirst() {
        var board = Map.of(
                hour("CA", EIGHT), new DelayStats(20, 30.0, 90),
                hour("CA", NINE), new DelayStats(10, 60.0, 120),
                hour("NY", NINE), new DelayStats(40, 20.5, 70),
                hour("HI", NINE), new DelayStats(9, 300, 600));
        var pairs = Map.of(new Route("LAX", "SFO"), 1_234L, new Route("CLD", "LAX"), 7L);
        var airports = Map.of(
                "LAX", new Airport("LAX", "Los Angeles International", "Los Angeles", "CA", "USA", 33.9, -118.4),
                "SFO", new Airport("SFO", "San Francisco International", "San Francisco", "CA", "USA", 37.6, -122.4),
                "CLD", new Airport("CLD", "MC Clellan-Palomar Airport", "NA", "NA", "USA", 33.1, -117.3));

        var lines = new DelayReport(board, pairs, airports).lines();

        assertThat(lines)
                .containsExactly(
                        "States with the most flights over 15 minutes late",
                        "  state                       flights   mean min  worst min",
                        "  NY                               40       20.5         70",
                        "  CA                               30       40.0        120",
                        "  HI                                9      300.0        600",
                        "",
                        "Worst hours, by mean delay of at least 10 late flights",
                        "  state and hour              flights   mean min  worst min",
                        "  CA  Wed 3 Jan 09:00              10       60.0        120",
                        "  CA  Wed 3 Jan 08:00              20       30.0         90",
                        "  NY  Wed 3 Jan 09:00              40       20.5         70",
                        "",
                        "Routes on which most flights have one the other way within two hours",
                        "  Los Angeles (LAX) – San Francisco (SFO)           1,234 pairs",
                        "  CLD – Los Angeles (LAX)                               7 pairs",
                        "",
                        "79 late flights in 4 hours of 3 states; 1,241 pairs on 2 routes");
    }

    @Test
    void progressIsABlockForATerminalAndALineForAPipe() {
        var progress = new DemoProgress(0.5, 1_234_567, 250_000, EIGHT, 42, 17, Duration.ofSeconds(65));

        assertThat(progress.block())
                .containsExactly(
                        "  " + "█".repeat(22) + "░".repeat(22) + "  50 %   event time 2001-01-03 08:00",
                        "  1,234,567 records   250,000 records/s   42 commits   lag 17   1:05");
        assertThat(progress.line())
                .isEqualTo("50 % of the input, event time 2001-01-03 08:00, 1,234,567 records, 250,000 records/s,"
                        + " 42 commits, lag 17");
    }

    @Test
    void progressSaysWhenThereIsNoEventTimeYet() {
        assertThat(new DemoProgress(0, 0, 0, -1, 0, 0, Duration.ZERO).line()).contains("event time not yet");
    }

    private static Windowed<String> hour(String state, long startMs) {
        return new Windowed<>(state, startMs, startMs + 3_600_000);
    }
}
