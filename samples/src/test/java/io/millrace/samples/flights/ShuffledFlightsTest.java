package io.millrace.samples.flights;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.streams.Source;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShuffledFlightsTest {

    private static final Duration DISORDER = Duration.ofMinutes(45);

    @Test
    void holdsTheSameFlightsWithDisorderBelowTheBound(@TempDir Path directory) throws Exception {
        var missing = new HashMap<FlightRow, Integer>();
        read(FlightData.source(), (row, timestampMs) -> missing.merge(row, 1, Integer::sum));
        var largest = new long[] {Long.MIN_VALUE};
        var disorder = new long[1];

        read(ShuffledFlights.source(directory, DISORDER, 7), (row, timestampMs) -> {
            missing.merge(row, -1, Integer::sum);
            largest[0] = Math.max(largest[0], timestampMs);
            disorder[0] = Math.max(disorder[0], largest[0] - timestampMs);
        });

        assertThat(missing.values()).containsOnly(0);
        assertThat(disorder[0]).isBetween(DISORDER.dividedBy(2).toMillis(), DISORDER.toMillis());
    }

    private interface RowVisitor {
        void visit(FlightRow row, long timestampMs);
    }

    private static void read(Source<String, FlightRow> source, RowVisitor visitor) throws Exception {
        try (var reader = source.open("lines", Map.of())) {
            var ended = false;
            while (!ended) {
                var batch = reader.poll(10_000);
                batch.records().forEach(read -> visitor.visit(read.value(), read.timestampMs()));
                ended = batch.ended();
            }
        }
    }
}
