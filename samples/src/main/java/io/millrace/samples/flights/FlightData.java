package io.millrace.samples.flights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import io.millrace.connect.builtin.LineFile;
import io.millrace.connect.builtin.LineFileSource;
import io.millrace.connect.builtin.LineInput;
import io.millrace.streams.Source;
import io.millrace.streams.Source.SourceRecord;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;

/** The input files as a source: all airports first, then the flights, each under the key of its topic. */
public final class FlightData {

    /** Rows of the two files together. */
    public static final int ROW_COUNT = 3_376 + 508_239;

    /** Airports count from here, so that they precede every flight. */
    public static final Instant AIRPORTS_SINCE = Instant.parse("2000-01-01T00:00:00Z");

    /** The airports that ship with the sample. */
    static final LineInput AIRPORTS = LineInput.resource(FlightData.class, "/data/airports.csv");

    private static final int FLIGHT_FIELDS = 5;
    private static final int AIRPORT_FIELDS = 7;

    /** Names of airports hold commas and quotes, so this file needs a real CSV parser. */
    private static final ObjectReader AIRPORT_READER = new CsvMapper().readerForListOf(String.class);

    private FlightData() {}

    /** The files that ship with the sample. */
    public static Source<String, FlightRow> source() {
        return source(AIRPORTS, LineInput.resource(FlightData.class, "/data/flights-2001-01.csv.gz"));
    }

    public static Source<String, FlightRow> source(LineInput airports, LineInput flights) {
        return LineFileSource.inOrder(List.of(
                new LineFile<>(airports, 1, FlightData::parseAirport),
                new LineFile<>(flights, 1, FlightData::parseFlight)));
    }

    static SourceRecord<String, FlightRow> parseAirport(String line) throws JsonProcessingException {
        List<String> fields = AIRPORT_READER.readValue(line);
        requireFieldCount(AIRPORT_FIELDS, fields.size());
        var airport = new Airport(
                fields.get(0),
                fields.get(1),
                fields.get(2),
                fields.get(3),
                fields.get(4),
                Double.parseDouble(fields.get(5)),
                Double.parseDouble(fields.get(6)));
        return new SourceRecord<>(airport.iata(), airport, AIRPORTS_SINCE.toEpochMilli());
    }

    static SourceRecord<String, FlightRow> parseFlight(String line) {
        var fields = line.split(",", -1);
        requireFieldCount(FLIGHT_FIELDS, fields.length);
        var flight = new Flight(
                parseTime(fields[0]),
                parseCode(fields[1]),
                parseCode(fields[2]),
                parseInt("delay", fields[3]),
                parseInt("distance", fields[4]));
        return new SourceRecord<>(flight.origin(), flight, flight.scheduledMs());
    }

    private static void requireFieldCount(int expected, int found) {
        if (found != expected) {
            throw new IllegalArgumentException("expected " + expected + " fields, found " + found);
        }
    }

    private static long parseTime(String field) {
        try {
            return LocalDateTime.parse(field).toInstant(ZoneOffset.UTC).toEpochMilli();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("expected a time such as 2001-01-31T23:57, found \"" + field + "\"", e);
        }
    }

    private static String parseCode(String field) {
        if (field.length() != 3) {
            throw new IllegalArgumentException("expected an airport's code of three letters, found \"" + field + "\"");
        }
        return field;
    }

    private static int parseInt(String name, String field) {
        try {
            return Integer.parseInt(field);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("expected a whole number as " + name + ", found \"" + field + "\"", e);
        }
    }
}
