package io.millrace.samples.flights;

import io.millrace.streams.Millrace;
import io.millrace.streams.Topic;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads what the job wrote and says what to try next. */
final class DemoResult {

    private final Millrace millrace;
    private final Path dataDirectory;

    DemoResult(Millrace millrace, Path dataDirectory) {
        this.millrace = millrace;
        this.dataDirectory = dataDirectory;
    }

    List<String> lines() {
        var report = new DelayReport(
                latest(FlightDelays.DELAY_BOARD), latest(FlightDelays.ROUTE_PAIRS), latest(FlightDelays.AIRPORTS));
        var lines = new ArrayList<String>();
        lines.add("");
        lines.addAll(report.lines());
        lines.addAll(List.of(
                "",
                "Three things to try next",
                "  1. Kill it: start ./millrace demo --fresh, kill -9 it half way, start it again. It goes on; the result is the same.",
                "  2. Watch it: ./millrace demo --fresh --speed 86400 plays a day per second.",
                "  3. Change it: the whole job is samples/src/main/java/io/millrace/samples/flights/FlightDelays.java.",
                "",
                "The topics stay in " + dataDirectory + "; Kafka's own dump tool can read them."));
        return lines;
    }

    private <K, V> Map<K, V> latest(Topic<K, V> topic) {
        try (var reader = millrace.read(topic)) {
            return reader.latest();
        }
    }
}
