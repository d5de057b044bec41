package io.millrace.samples.flights;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.samples.flights.SqlAnswer.BoardKey;
import io.millrace.streams.DropReason;
import io.millrace.streams.JobMetrics;
import io.millrace.streams.JobOptions;
import io.millrace.streams.Millrace;
import io.millrace.streams.Source;
import io.millrace.streams.Topic;
import io.millrace.streams.Windowed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The complete output of the job on real input, beside an answer that was found without it. */
@Tag("slow")
class FlightDelaysIT {

    private static final Duration DRAINED_MAX = Duration.ofMinutes(3);

    private static SqlAnswer answer;

    @TempDir
    Path directory;

    private record Output(Map<Windowed<String>, DelayStats> board, Map<Route, Long> pairs, long lateCount) {

        Map<BoardKey, DelayStats> boardByHour() {
            var hours = new TreeMap<BoardKey, DelayStats>();
            board.forEach((key, stats) -> hours.put(new BoardKey(key.key(), key.startMs()), stats));
            return hours;
        }

        long delayedCount() {
            return board.values().stream().mapToLong(DelayStats::count).sum();
        }
    }

    @BeforeAll
    static void askTheDatabase(@TempDir Path scratch) throws Exception {
        answer = SqlAnswer.compute(scratch);
    }

    @Test
    void oneLaneFindsWhatTheDatabaseFinds() throws Exception {
        assertIsTheAnswer(run(FlightData.source(), 1));
    }

    @Test
    void twoLanesFindWhatTheDatabaseFinds() throws Exception {
        assertIsTheAnswer(run(FlightData.source(), 2));
    }

    @Test
    void disorderWithinTheGraceChangesNothing() throws Exception {
        assertIsTheAnswer(run(shuffled(Duration.ofMinutes(45)), 2));
    }

    @Test
    void disorderBeyondTheGraceLeavesNoFlightUnaccountedFor() throws Exception {
        var output = run(shuffled(Duration.ofHours(6)), 2);

        assertThat(output.lateCount()).isPositive();
        assertThat(output.delayedCount() + output.lateCount()).isEqualTo(answer.delayedCount());
        assertThat(output.pairs()).allSatisfy((route, count) -> assertThat(count)
                .isLessThanOrEqualTo(answer.pairs().get(route)));
    }

    private void assertIsTheAnswer(Output output) {
        assertThat(output.lateCount()).as("late flights").isZero();
        assertThat(Differences.between(output.boardByHour(), answer.board())).isEmpty();
        assertThat(Differences.between(output.pairs(), answer.pairs())).isEmpty();
    }

    private Source<String, FlightRow> shuffled(Duration disorder) throws Exception {
        var seed = Long.getLong("millrace.seed", System.nanoTime());
        System.out.println("flights shuffled within " + disorder + ": seed " + seed);
        return ShuffledFlights.source(directory, disorder, seed);
    }

    private Output run(Source<String, FlightRow> source, int lanes) throws Exception {
        try (var millrace = Millrace.open(directory.resolve("data"))) {
            var job = millrace.start(FlightDelays.topology(source), JobOptions.DEFAULT.withLanes(lanes));
            job.awaitInputDrained(DRAINED_MAX);
            var output = new Output(
                    latest(millrace, FlightDelays.DELAY_BOARD),
                    latest(millrace, FlightDelays.ROUTE_PAIRS),
                    lateCount(job.metrics()));
            assertThat(job.metrics().attempts()).as("attempts").isEqualTo(1);
            return output;
        }
    }

    private static <K, V> Map<K, V> latest(Millrace millrace, Topic<K, V> topic) {
        try (var reader = millrace.read(topic)) {
            return reader.latest();
        }
    }

    private static long lateCount(JobMetrics metrics) {
        return metrics.drops().getOrDefault("delay-stats", Map.of()).getOrDefault(DropReason.LATE, 0L);
    }
}
