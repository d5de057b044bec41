package io.millrace.conformance.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.samples.flights.DelayStats;
import io.millrace.samples.flights.Differences;
import io.millrace.samples.flights.FlightDelays;
import io.millrace.samples.flights.SqlAnswer;
import io.millrace.samples.flights.SqlAnswer.BoardKey;
import io.millrace.streams.Topic;
import io.millrace.streams.TopicReader;
import io.millrace.streams.codec.Codecs;
import java.nio.file.Path;
import java.util.TreeMap;

/** The complete output of the flight job beside the independent answer. */
final class FinalOutput {

    private static final Topic<String, String> LATE =
            Topic.of(FlightDelays.LATE_FLIGHTS, Codecs.string(), Codecs.string());

    private FinalOutput() {}

    static void assertEquals(Path directory, SqlAnswer answer) {
        try (var log = new LogDirectory(directory);
                var board = new TopicReader<>(log.client(), FlightDelays.DELAY_BOARD, FlightJobProcess.PARTITIONS);
                var pairs = new TopicReader<>(log.client(), FlightDelays.ROUTE_PAIRS, FlightJobProcess.PARTITIONS);
                var late = new TopicReader<>(log.client(), LATE, FlightJobProcess.PARTITIONS)) {
            var hours = new TreeMap<BoardKey, DelayStats>();
            board.latest().forEach((key, stats) -> hours.put(new BoardKey(key.key(), key.startMs()), stats));
            assertThat(Differences.between(pairs.latest(), answer.pairs()))
                    .as("pairs")
                    .isEmpty();
            assertThat(Differences.between(hours, answer.board()))
                    .as("board, late: %s", late.latest())
                    .isEmpty();
        }
    }
}
