package io.millrace.samples.flights;

/**
 * A US airport.
 *
 * @param iata its three-letter code, the key of the topic {@code airports}
 * @param state two letters, or {@code NA} where the list does not say
 * @param latitude degrees north
 * @param longitude degrees east
 */
public record Airport(
        String iata, String name, String city, String state, String country, double latitude, double longitude)
        implements FlightRow {}
