package io.millrace.conformance.kill;

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
 * The process that is killed: the flight job on a data directory, and a read-committed reader that checks it all the while.
 *
 * <p>Arguments: data directory, lanes, speed. Says {@code RUNNING} when it has restored its state, each commit, and {@code DONE}
 * when everything is read, processed and seen. A violation ends it with {@link #VIOLATION} and a sentence.
 */
public final class FlightJobProcess {

    static final int PARTITIONS = 4;
    static final int VIOLATION = 3;

    /** Begins the line that says how many epochs this process has committed. */
    static final String COMMITS = "COMMITS ";

    private static final Duration STATE_WRITE_INTERVAL = Duration.ofMillis(200);
    private static final Duration RUNNING_MAX = Duration.ofMinutes(1);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(2);

    private FlightJobProcess() {}

    public static void main(String[] args) throws Exception {
        var directory = Path.of(args[0]);
        var options = JobOptions.DEFAULT
                .withLanes(Integer.parseInt(args[1]))
                .with("state.write.interval.ms", Long.toString(STATE_WRITE_INTERVAL.toMillis()));
        var source = new PacedSource<>(
                FlightData.source(), Double.parseDouble(args[2]), Duration.ofDays(1), SystemClock.INSTANCE);
        var expected = new ExpectedFlights(FlightDelays.FLIGHTS, PARTITIONS);
        try (var millrace = Millrace.open(directory)) {
            var job = millrace.start(FlightDelays.topology(source), options);
            job.awaitRunning(RUNNING_MAX);
            System.out.println("RUNNING");
            var commits = 0L;
            try (var watch = new CommittedWatch(millrace.client(), expected, PARTITIONS)) {
                while (!(hasReadAll(job.metrics()) && watch.isAtEnd() && watch.sawEveryFlight())) {
                    requireAlive(job.metrics());
                    commits = tell(job.metrics().commits(), commits);
                    if (watch.poll() == 0) {
                        LockSupport.parkNanos(LOOK_AGAIN.toNanos());
                    }
                }
            } catch (IllegalStateException e) {
                System.out.println("VIOLATION " + e.getMessage());
                Runtime.getRuntime().halt(VIOLATION);
            }
            job.awaitInputDrained(RUNNING_MAX);
            job.close();
        }
        System.out.println("DONE");
    }

    /** Says each count up to this one. */
    private static long tell(long commits, long told) {
        for (var count = told + 1; count <= commits; count++) {
            System.out.println(COMMITS + count);
        }
        return commits;
    }

    private static boolean hasReadAll(JobMetrics metrics) {
        return metrics.lagRecords() == 0 && metrics.progress().values().stream().allMatch(share -> share >= 1);
    }

    private static void requireAlive(JobMetrics metrics) {
        if (metrics.state().isFinal() || metrics.attempts() > 1) {
            throw new IllegalStateException(
                    "attempt " + metrics.attempts() + ", " + metrics.state() + ": " + metrics.failure());
        }
    }
}
