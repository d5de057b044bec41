package io.millrace.samples.flights;

import static io.millrace.streams.Aggregates.allOf;
import static io.millrace.streams.Aggregates.averagingDouble;
import static io.millrace.streams.Aggregates.counting;
import static io.millrace.streams.Aggregates.mapping;
import static io.millrace.streams.Aggregates.maxBy;

import io.millrace.streams.JoinWindows;
import io.millrace.streams.Source;
import io.millrace.streams.Stream;
import io.millrace.streams.Table;
import io.millrace.streams.Topic;
import io.millrace.streams.Topology;
import io.millrace.streams.Windowed;
import io.millrace.streams.Windows;
import io.millrace.streams.codec.Codecs;
import java.time.Duration;
import java.util.Comparator;

/**
 * The job: where in the US flights are late, hour by hour, and how many flights meet their way back.
 *
 * <p>It writes its input into the topics {@code flights} and {@code airports} and reads them again in the same topology, so the
 * topics can be used by other jobs too. The loading commits with everything else: a kill repeats no line.
 */
public final class FlightDelays {

    public static final String JOB = "flight-delays";

    static final int PARTITIONS = 4;
    static final int DELAY_MINUTES_MIN = 15;
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration GRACE = Duration.ofHours(1);
    private static final Duration MEETING = Duration.ofHours(2);

    /** Every flight, by its origin. */
    public static final Topic<String, Flight> FLIGHTS = Topic.of("flights", Codecs.string(), Codecs.json(Flight.class))
            .partitions(PARTITIONS)
            .config("retention.ms", "-1");

    /** Every airport, by its code. */
    public static final Topic<String, Airport> AIRPORTS = Topic.of(
                    "airports", Codecs.string(), Codecs.json(Airport.class))
            .partitions(PARTITIONS)
            .config("cleanup.policy", "compact");

    /** Flights more than {@link #DELAY_MINUTES_MIN} minutes late, per state and scheduled hour; the last value of a key counts. */
    public static final Topic<Windowed<String>, DelayStats> DELAY_BOARD = Topic.of(
                    "delay-board", Codecs.windowed(Codecs.string(), HOUR), Codecs.json(DelayStats.class))
            .partitions(PARTITIONS)
            .config("cleanup.policy", "compact");

    /** Pairs of flights in opposite directions at most two hours apart, per route; the last value of a key counts. */
    public static final Topic<Route, Long> ROUTE_PAIRS = Topic.of(
                    "route-pairs", Codecs.json(Route.class), Codecs.longs())
            .partitions(PARTITIONS)
            .config("cleanup.policy", "compact");

    /** Delayed flights that came after their hour and an hour of grace had passed; none, if the input is in order. */
    public static final String LATE_FLIGHTS = "late-flights";

    private FlightDelays() {}

    /** A flight on its way from the airports' table to the board. */
    record Delay(String state, int minutes) {}

    public static Topology topology(Source<String, FlightRow> input) {
        var job = Topology.define(JOB);

        var rows = job.source("files", input).split().named("rows");
        rows.when((key, row) -> row instanceof Airport)
                .mapValues(row -> (Airport) row)
                .to(AIRPORTS);
        rows.when((key, row) -> row instanceof Flight)
                .mapValues(row -> (Flight) row)
                .to(FLIGHTS);

        var flights = job.stream(FLIGHTS);
        delayBoard(flights, job.table(AIRPORTS)).toStream().to(DELAY_BOARD);
        routePairs(flights).toStream().to(ROUTE_PAIRS);
        return job.build();
    }

    private static Table<Windowed<String>, DelayStats> delayBoard(
            Stream<String, Flight> flights, Table<String, Airport> airports) {
        return flights.join(airports, (flight, airport) -> new Delay(airport.state(), flight.delayMinutes()))
                .filter((origin, delay) -> delay.minutes() > DELAY_MINUTES_MIN)
                .groupBy((origin, delay) -> delay.state())
                .windowed(Windows.tumbling(HOUR).grace(GRACE))
                .lateTo(LATE_FLIGHTS)
                .aggregate(allOf(
                        counting(),
                        averagingDouble(Delay::minutes),
                        mapping(Delay::minutes, maxBy(Comparator.<Integer>naturalOrder())),
                        DelayStats::new))
                .named("delay-stats");
    }

    private static Table<Route, Long> routePairs(Stream<String, Flight> flights) {
        var directions =
                flights.selectKey((origin, flight) -> flight.route()).split().named("directions");
        var outbound = directions.when((route, flight) -> flight.isOutbound());
        var inbound = directions.otherwise();
        return outbound.join(
                        inbound,
                        (there, back) -> back,
                        JoinWindows.within(MEETING).grace(GRACE))
                .named("meetings")
                .groupByKey()
                .count()
                .named("pairs");
    }
}
