package io.millrace.conformance.kill;

import io.millrace.samples.flights.Flight;
import io.millrace.samples.flights.FlightData;
import io.millrace.samples.flights.FlightRow;
import io.millrace.streams.Topic;
import io.millrace.streams.codec.KeyPartitioner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The flights of the input file by the partition they belong to, in the order in which they must stand there. */
final class ExpectedFlights {

    private final List<List<Flight>> flightsOfPartition = new ArrayList<>();

    ExpectedFlights(Topic<String, Flight> topic, int partitionCount) throws Exception {
        for (var partition = 0; partition < partitionCount; partition++) {
            flightsOfPartition.add(new ArrayList<>());
        }
        var source = FlightData.source();
        try (var reader = source.open(source.splits().get(0), Map.of())) {
            for (var ended = false; !ended; ) {
                var batch = reader.poll(10_000);
                batch.records().forEach(read -> add(topic, partitionCount, read.key(), read.value()));
                ended = batch.ended();
            }
        }
    }

    private void add(Topic<String, Flight> topic, int partitionCount, String key, FlightRow row) {
        if (row instanceof Flight flight) {
            var partition = KeyPartitioner.partition(topic.keys(), topic.keys().encode(key), 0, partitionCount);
            flightsOfPartition.get(partition).add(flight);
        }
    }

    /** The n-th flight of a partition; null behind the last. */
    @org.jspecify.annotations.Nullable
    Flight at(int partition, int n) {
        var flights = flightsOfPartition.get(partition);
        return n < flights.size() ? flights.get(n) : null;
    }

    int count(int partition) {
        return flightsOfPartition.get(partition).size();
    }
}
