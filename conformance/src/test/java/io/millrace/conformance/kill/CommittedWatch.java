package io.millrace.conformance.kill;

import io.millrace.client.LogClient;
import io.millrace.samples.flights.DelayStats;
import io.millrace.samples.flights.Flight;
import io.millrace.samples.flights.FlightDelays;
import io.millrace.samples.flights.Route;
import io.millrace.streams.TopicReader;
import io.millrace.streams.Windowed;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A read-committed reader beside the running job. It reads from the first record and checks each one: the n-th flight of a
 * partition must be the n-th flight of the file for it, so a record that stands there twice and one that is missing both show.
 * The counts on the delay board and of the route pairs must grow with every update of a key, so an update that is
 * written twice shows too.
 */
final class CommittedWatch implements AutoCloseable {

    private final ExpectedFlights expected;
    private final TopicReader<String, Flight> flights;
    private final TopicReader<Windowed<String>, DelayStats> board;
    private final TopicReader<Route, Long> pairs;
    private final int[] seenOfPartition;
    private final Map<Object, Long> countOfKey = new HashMap<>();

    CommittedWatch(LogClient client, ExpectedFlights expected, int partitionCount) {
        this.expected = expected;
        this.flights = new TopicReader<>(client, FlightDelays.FLIGHTS, partitionCount);
        this.board = new TopicReader<>(client, FlightDelays.DELAY_BOARD, partitionCount);
        this.pairs = new TopicReader<>(client, FlightDelays.ROUTE_PAIRS, partitionCount);
        this.seenOfPartition = new int[partitionCount];
    }

    /**
     * Checks what has been committed since the last call.
     *
     * @throws IllegalStateException if something stands there twice, or is missing
     */
    int poll() {
        return flights.poll((partition, offset, timestampMs, key, value) ->
                        flight(partition.partition(), offset, Objects.requireNonNull(value)))
                + board.poll((partition, offset, timestampMs, key, value) -> update(
                        Objects.requireNonNull(key),
                        offset,
                        Objects.requireNonNull(value).count()))
                + pairs.poll((partition, offset, timestampMs, key, value) ->
                        update(Objects.requireNonNull(key), offset, Objects.requireNonNull(value)));
    }

    boolean isAtEnd() {
        return flights.isAtEnd() && board.isAtEnd() && pairs.isAtEnd();
    }

    /** Whether every flight of the file has been seen. */
    boolean sawEveryFlight() {
        for (var partition = 0; partition < seenOfPartition.length; partition++) {
            if (seenOfPartition[partition] != expected.count(partition)) {
                return false;
            }
        }
        return true;
    }

    private void flight(int partition, long offset, Flight found) {
        var wanted = expected.at(partition, seenOfPartition[partition]);
        if (!found.equals(wanted)) {
            throw new IllegalStateException("flights-" + partition + " offset " + offset + " holds " + found
                    + ", but flight number " + seenOfPartition[partition] + " of that partition is " + wanted);
        }
        seenOfPartition[partition]++;
    }

    private void update(Object key, long offset, long count) {
        var before = countOfKey.put(key, count);
        if (before != null && before >= count) {
            throw new IllegalStateException(
                    "the count of " + key + " went from " + before + " to " + count + " at offset " + offset);
        }
    }

    @Override
    public void close() {
        flights.close();
        board.close();
        pairs.close();
    }
}
