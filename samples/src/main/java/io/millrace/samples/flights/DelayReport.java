package io.millrace.samples.flights;

import io.millrace.streams.Windowed;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The demo's result for people to read: three short tables out of the topics the job wrote. Pure. */
final class DelayReport {

    private static final int ROWS_MAX = 8;
    private static final int HOUR_FLIGHTS_MIN = 10;
    private static final DateTimeFormatter HOUR =
            DateTimeFormatter.ofPattern("EEE d MMM HH:mm", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    private final Map<Windowed<String>, DelayStats> board;
    private final Map<Route, Long> pairs;
    private final Map<String, Airport> airports;

    DelayReport(Map<Windowed<String>, DelayStats> board, Map<Route, Long> pairs, Map<String, Airport> airports) {
        this.board = board;
        this.pairs = pairs;
        this.airports = airports;
    }

    List<String> lines() {
        var lines = new ArrayList<String>();
        lines.add("States with the most flights over " + FlightDelays.DELAY_MINUTES_MIN + " minutes late");
        lines.add(row("state", "flights", "mean min", "worst min"));
        largest(byState(), Comparator.comparingLong(DelayStats::count))
                .forEach(entry -> lines.add(row(entry.getKey(), entry.getValue())));
        lines.add("");
        lines.add("Worst hours, by mean delay of at least " + HOUR_FLIGHTS_MIN + " late flights");
        lines.add(row("state and hour", "flights", "mean min", "worst min"));
        largest(busyHours(), Comparator.comparingDouble(DelayStats::meanMinutes))
                .forEach(entry -> lines.add(row(
                        entry.getKey().key() + "  "
                                + HOUR.format(
                                        Instant.ofEpochMilli(entry.getKey().startMs())),
                        entry.getValue())));
        lines.add("");
        lines.add("Routes on which most flights have one the other way within two hours");
        largest(pairs, Comparator.<Long>naturalOrder())
                .forEach(entry -> lines.add(
                        String.format(Locale.ENGLISH, "  %-44s %,10d pairs", name(entry.getKey()), entry.getValue())));
        lines.add("");
        lines.add(String.format(
                Locale.ENGLISH,
                "%,d late flights in %,d hours of %d states; %,d pairs on %,d routes",
                board.values().stream().mapToLong(DelayStats::count).sum(),
                board.size(),
                byState().size(),
                pairs.values().stream().mapToLong(Long::longValue).sum(),
                pairs.size()));
        return lines;
    }

    private Map<String, DelayStats> byState() {
        var states = new TreeMap<String, DelayStats>();
        board.forEach((hour, stats) -> states.merge(hour.key(), stats, DelayReport::together));
        return states;
    }

    private Map<Windowed<String>, DelayStats> busyHours() {
        var hours = new java.util.HashMap<>(board);
        hours.values().removeIf(stats -> stats.count() < HOUR_FLIGHTS_MIN);
        return hours;
    }

    private static DelayStats together(DelayStats a, DelayStats b) {
        var count = a.count() + b.count();
        var mean = (a.meanMinutes() * a.count() + b.meanMinutes() * b.count()) / count;
        return new DelayStats(count, mean, Math.max(a.maxMinutes(), b.maxMinutes()));
    }

    /** The entries with the largest values; equal ones in the order of their keys' names. */
    private static <K, V> List<Map.Entry<K, V>> largest(Map<K, V> map, Comparator<V> order) {
        return map.entrySet().stream()
                .sorted(Map.Entry.<K, V>comparingByValue(order.reversed())
                        .thenComparing(entry -> entry.getKey().toString()))
                .limit(ROWS_MAX)
                .toList();
    }

    private String name(Route route) {
        return city(route.from()) + " – " + city(route.to());
    }

    private String city(String code) {
        var airport = airports.get(code);
        return airport == null || airport.city().equals("NA") ? code : airport.city() + " (" + code + ")";
    }

    private static String row(String name, DelayStats stats) {
        return row(
                name,
                String.format(Locale.ENGLISH, "%,d", stats.count()),
                String.format(Locale.ENGLISH, "%.1f", stats.meanMinutes()),
                String.format(Locale.ENGLISH, "%,d", stats.maxMinutes()));
    }

    private static String row(String name, String count, String mean, String max) {
        return String.format("  %-24s %10s %10s %10s", name, count, mean, max);
    }
}
