package io.millrace.samples.flights;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

/**
 * What the job must find, found in another way: by an SQL database over the same files, with nothing of Millrace in between.
 *
 * @param board delayed flights per state and hour
 * @param pairs pairs of flights per route
 * @param delayedCount flights that were more than 15 minutes late
 */
public record SqlAnswer(Map<BoardKey, DelayStats> board, Map<Route, Long> pairs, long delayedCount) {

    /** An hour (its start, ms since 1970) of a state. */
    public record BoardKey(String state, long hourMs) implements Comparable<BoardKey> {
        @Override
        public int compareTo(BoardKey other) {
            var byState = state.compareTo(other.state);
            return byState != 0 ? byState : Long.compare(hourMs, other.hourMs);
        }
    }

    private static final String LOAD_AIRPORTS = """
            create table airport as
            select iata, state from csvread('%s', null, 'charset=UTF-8')
            """;

    private static final String LOAD_FLIGHTS = """
            create table flight as
            select origin, destination, cast(delay as int) as delay,
                   datediff(minute, timestamp '1970-01-01 00:00:00', cast(scheduled as timestamp)) as scheduled
            from csvread('%s', null, 'charset=UTF-8')
            """;

    private static final String BOARD = """
            select a.state, f.scheduled / 60 as hour_of_all,
                   count(*) as n, cast(sum(f.delay) as double precision) / count(*) as mean, max(f.delay) as largest
            from flight f join airport a on a.iata = f.origin
            where f.delay > 15
            group by a.state, f.scheduled / 60
            """;

    private static final String PAIRS = """
            select there.origin, there.destination, count(*) as n
            from flight there join flight back
              on back.origin = there.destination and back.destination = there.origin
             and back.scheduled between there.scheduled - 120 and there.scheduled + 120
            where there.origin < there.destination
            group by there.origin, there.destination
            """;

    private static final long MS_PER_HOUR = 3_600_000;

    /** Computes it from the files that ship with the sample. */
    public static SqlAnswer compute(Path scratchDirectory) throws IOException, SQLException {
        var airports = scratchDirectory.resolve("airports.csv");
        var flights = scratchDirectory.resolve("flights.csv");
        try (var packed = resource("/data/flights-2001-01.csv.gz")) {
            Files.copy(new GZIPInputStream(packed), flights, StandardCopyOption.REPLACE_EXISTING);
        }
        try (var plain = resource("/data/airports.csv")) {
            Files.copy(plain, airports, StandardCopyOption.REPLACE_EXISTING);
        }
        try (var database = DriverManager.getConnection("jdbc:h2:mem:");
                var statement = database.createStatement()) {
            load(statement, airports, flights);
            var board = board(statement);
            var delayed = board.values().stream().mapToLong(DelayStats::count).sum();
            return new SqlAnswer(board, pairs(statement), delayed);
        }
    }

    private static void load(Statement statement, Path airports, Path flights) throws SQLException {
        Connection database = statement.getConnection();
        database.setAutoCommit(true);
        statement.execute(LOAD_AIRPORTS.formatted(airports));
        statement.execute(LOAD_FLIGHTS.formatted(flights));
        statement.execute("create index on airport (iata)");
        statement.execute("create index on flight (origin, destination, scheduled)");
    }

    private static Map<BoardKey, DelayStats> board(Statement statement) throws SQLException {
        var board = new TreeMap<BoardKey, DelayStats>();
        try (var rows = statement.executeQuery(BOARD)) {
            while (rows.next()) {
                board.put(
                        new BoardKey(rows.getString(1), rows.getLong(2) * MS_PER_HOUR),
                        new DelayStats(rows.getLong(3), rows.getDouble(4), rows.getInt(5)));
            }
        }
        return board;
    }

    private static Map<Route, Long> pairs(Statement statement) throws SQLException {
        var pairs = new java.util.HashMap<Route, Long>();
        try (var rows = statement.executeQuery(PAIRS)) {
            while (rows.next()) {
                pairs.put(new Route(rows.getString(1), rows.getString(2)), rows.getLong(3));
            }
        }
        return pairs;
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(SqlAnswer.class.getResourceAsStream(name), name);
    }
}
