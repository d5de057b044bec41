/**
 * A month of US domestic flights: delays per state and hour, and pairs of flights that meet on a route.
 *
 * <p>Read {@link io.millrace.samples.flights.FlightDelays} first, which is the whole job. Everything here is a value or a pure
 * function, but for {@link io.millrace.samples.flights.FlightDelaysDemo}, the program behind {@code ./millrace demo}.
 */
@NullMarked
package io.millrace.samples.flights;

import org.jspecify.annotations.NullMarked;
