package io.millrace.samples.flights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.streams.Source.SourceRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FlightDataTest {

    @Test
    void aFlightIsKeyedByItsOriginAndHappensWhenItWasScheduled() throws Exception {
        var parsed = FlightData.parseFlight("2001-01-01T00:01,LAS,PHL,33,2176");

        var scheduled = Instant.parse("2001-01-01T00:01:00Z").toEpochMilli();
        assertThat(parsed)
                .isEqualTo(new SourceRecord<>("LAS", new Flight(scheduled, "LAS", "PHL", 33, 2176), scheduled));
    }

    @Test
    void aQuotedNameOfAnAirportKeepsItsCommasAndQuotes() throws Exception {
        var row = FlightData.parseAirport("DBN,\"W. H. \"\"Bud\"\" Barron, Jr\",Dublin,GA,USA,32.56445806,-82.98525556")
                .value();

        assertThat(row)
                .isEqualTo(new Airport(
                        "DBN", "W. H. \"Bud\" Barron, Jr", "Dublin", "GA", "USA", 32.56445806, -82.98525556));
    }

    @Test
    void aBrokenLineSaysWhatWasExpected() {
        assertThatThrownBy(() -> FlightData.parseFlight("2001-01-01T00:01,LAS,PHL,33"))
                .hasMessage("expected 5 fields, found 4");
        assertThatThrownBy(() -> FlightData.parseFlight("2001-01-01 00:01,LAS,PHL,33,1"))
                .hasMessage("expected a time such as 2001-01-31T23:57, found \"2001-01-01 00:01\"");
        assertThatThrownBy(() -> FlightData.parseFlight("2001-01-01T00:01,LAS,PHL,late,1"))
                .hasMessage("expected a whole number as delay, found \"late\"");
        assertThatThrownBy(() -> FlightData.parseFlight("2001-01-01T00:01,LAS,,3,1"))
                .hasMessage("expected an airport's code of three letters, found \"\"");
        assertThatThrownBy(() -> FlightData.parseAirport("DBN,Dublin")).hasMessage("expected 7 fields, found 2");
    }

    @Test
    void bothDirectionsFlyTheSameRoute() {
        var there = new Flight(0, "ATL", "SAV", 0, 0);
        var back = new Flight(0, "SAV", "ATL", 0, 0);

        assertThat(there.route()).isEqualTo(back.route());
        assertThat(there.isOutbound()).isTrue();
        assertThat(back.isOutbound()).isFalse();
    }

    @Test
    void theFilesHoldAllAirportsAndThenAllFlights() throws Exception {
        var rows = new ArrayList<FlightRow>();
        try (var reader = FlightData.source().open("lines", Map.of())) {
            while (true) {
                var batch = reader.poll(10_000);
                batch.records().forEach(read -> rows.add(read.value()));
                if (batch.ended()) {
                    break;
                }
            }
        }

        assertThat(rows).hasSize(FlightData.ROW_COUNT);
        assertThat(rows.subList(0, 3_376)).allMatch(Airport.class::isInstance);
        assertThat(rows.subList(3_376, rows.size())).allMatch(Flight.class::isInstance);
        assertThat(List.of(rows.get(3_376), rows.get(rows.size() - 1)))
                .extracting(row -> ((Flight) row).origin())
                .containsExactly("LAS", "LAX");
    }
}
