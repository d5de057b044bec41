package io.millrace.samples.flights;

import io.millrace.streams.Millrace;
import io.millrace.streams.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads what the job wrote and says what to try next. */
final class DemoResult {

    private final Millrace millrace;
    private final DemoDirectory directory;

    DemoResult(Millrace millrace, DemoDirectory directory) {
        this.millrace = millrace;
        this.directory = directory;
    }

    List<String> lines() {
        var report = new DelayReport(
                latest(FlightDelays.DELAY_BOARD), latest(FlightDelays.ROUTE_PAIRS), latest(FlightDelays.AIRPORTS));
        var again = directory.command() + " --fresh";
        var lines = new ArrayList<String>();
        lines.add("");
        lines.addAll(report.lines());
        lines.addAll(List.of(
                "",
                "Three things to try next",
                "  1. Kill it: start " + again + ", kill -9 it half way, then start " + directory.command() + ".",
                "     It goes on, and the result is the same.",
                "  2. Watch it: " + again + " --speed 86400 plays a day per second.",
                "  3. Change it: the whole job is samples/src/main/java/io/millrace/samples/flights/FlightDelays.java;",
                "     " + again + " builds it and counts again.",
                "",
                "The topics stay in " + directory.path() + "/log; Kafka's own dump tool can read them."));
        return lines;
    }

    private <K, V> Map<K, V> latest(Topic<K, V> topic) {
        try (var reader = millrace.read(topic)) {
            return reader.latest();
        }
    }
}
