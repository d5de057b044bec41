package io.millrace.conformance.stock;

import io.millrace.connect.builtin.PacedSource;
import io.millrace.kernel.SystemClock;
import io.millrace.samples.flights.FlightData;
import io.millrace.samples.flights.FlightDelays;
import io.millrace.streams.JobMetrics;
import io.millrace.streams.JobOptions;
import io.millrace.streams.Millrace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * The flight-delay job as a user would write it. It says nothing of listening: {@code millrace run --listen} does that. When it has
 * read everything it stays, so that whoever reads its topics has the time.
 *
 * <p>Arguments: data directory, speed. Says {@code RUNNING} when it has restored its state, and {@code DONE}.
 */
public final class ListenedFlights {

    private static final Duration STATE_WRITE_INTERVAL = Duration.ofMillis(200);
    private static final Duration RUNNING_MAX = Duration.ofMinutes(1);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    private ListenedFlights() {}

    public static void main(String[] arguments) throws Exception {
        var source = new PacedSource<>(
                FlightData.source(), Double.parseDouble(arguments[1]), Duration.ofDays(1), SystemClock.INSTANCE);
        var options =
                JobOptions.DEFAULT.with("state.write.interval.ms", Long.toString(STATE_WRITE_INTERVAL.toMillis()));
        try (var millrace = Millrace.open(Path.of(arguments[0]))) {
            var job = millrace.start(FlightDelays.topology(source), options);
            job.awaitRunning(RUNNING_MAX);
            System.out.println("RUNNING");
            while (!hasReadAll(job.metrics()) && !job.state().isFinal()) {
                LockSupport.parkNanos(LOOK_AGAIN.toNanos());
            }
            job.awaitInputDrained(RUNNING_MAX);
            System.out.println("DONE");
            job.awaitEnd();
        }
    }

    private static boolean hasReadAll(JobMetrics metrics) {
        return metrics.lagRecords() == 0
                && !metrics.progress().isEmpty()
                && metrics.progress().values().stream().allMatch(share -> share >= 1);
    }
}
