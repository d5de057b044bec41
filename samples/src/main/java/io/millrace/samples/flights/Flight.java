package io.millrace.samples.flights;

/**
 * A flight that took place.
 *
 * @param scheduledMs scheduled departure in local time, read as UTC, in ms since 1970; the event time
 * @param origin IATA code, the key of the topic {@code flights}
 * @param destination IATA code
 * @param delayMinutes at arrival; negative is early
 * @param distanceMiles between the two airports
 */
public record Flight(long scheduledMs, String origin, String destination, int delayMinutes, int distanceMiles)
        implements FlightRow {

    /** Whether it flies its route in the direction in which the route is named. */
    public boolean isOutbound() {
        return origin.compareTo(destination) < 0;
    }

    public Route route() {
        return isOutbound() ? new Route(origin, destination) : new Route(destination, origin);
    }
}
