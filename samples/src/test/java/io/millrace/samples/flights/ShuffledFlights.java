package io.millrace.samples.flights;

import io.millrace.connect.builtin.LineInput;
import io.millrace.streams.Source;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.zip.GZIPInputStream;

/** The flights in another order: each one is moved back by a random part of the disorder, and no further. */
final class ShuffledFlights {

    private record Row(long placeMs, String line) {}

    private ShuffledFlights() {}

    /** Writes the shuffled file into the directory; the same seed gives the same order. */
    static Source<String, FlightRow> source(Path directory, Duration disorder, long seed) throws IOException {
        var random = new Random(seed);
        var lines = lines();
        var rows = new ArrayList<Row>(lines.size());
        for (var line : lines.subList(1, lines.size())) {
            var scheduledMs = FlightData.parseFlight(line).timestampMs();
            rows.add(new Row(scheduledMs + random.nextLong(disorder.toMillis()), line));
        }
        rows.sort(Comparator.comparingLong(Row::placeMs));
        var file = directory.resolve("shuffled-" + seed + ".csv");
        try (var out = Files.newBufferedWriter(file)) {
            out.write(lines.get(0));
            out.newLine();
            for (var row : rows) {
                out.write(row.line());
                out.newLine();
            }
        }
        return FlightData.source(LineInput.resource(FlightData.class, "/data/airports.csv"), LineInput.file(file));
    }

    private static List<String> lines() throws IOException {
        var packed = Objects.requireNonNull(FlightData.class.getResourceAsStream("/data/flights-2001-01.csv.gz"));
        try (var reader =
                new BufferedReader(new InputStreamReader(new GZIPInputStream(packed), StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        }
    }
}
