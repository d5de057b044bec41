package io.millrace.samples.flights;

import io.millrace.connect.builtin.LineInput;
import io.millrace.connect.builtin.PacedSource;
import io.millrace.streams.Job;
import io.millrace.streams.JobOptions;
import io.millrace.streams.Millrace;
import io.millrace.streams.Source;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The program behind {@code ./millrace demo}: runs {@link FlightDelays} on the month that ships with it, shows how far it is and
 * what it found.
 *
 * <p>It may be killed at any time and started again: it goes on from its last commit.
 */
@Command(
        name = "./millrace demo",
        description = "Counts a month of US flight delays by state and hour, and the flights that meet on a route.",
        footer = {"", "Exit codes: 0 done, 1 stopped by an error, 2 wrong options, 130 stopped by you."},
        sortOptions = false)
public final class FlightDelaysDemo implements Callable<Integer> {

    private static final Duration GAP_MAX = Duration.ofDays(1);
    private static final Duration INPUT_MAX = Duration.ofDays(365);

    /** Whoever watches wants to be told at once. */
    private static final JobOptions OPTIONS = JobOptions.DEFAULT.with("restarts.without.progress", "0");

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Where log and state live (default: ${DEFAULT-VALUE}).",
            defaultValue = "millrace-data/flight-delays")
    private Path dataDirectory = Path.of("");

    @Option(names = "--fresh", description = "Remove the data of an earlier run and start over.")
    private boolean fresh;

    @Option(
            names = "--speed",
            paramLabel = "N",
            description =
                    "Play N times as fast as it happened, such as 86400 for a day per second; max is as fast as possible"
                            + " (default: ${DEFAULT-VALUE}).",
            defaultValue = "max",
            converter = SpeedConverter.class)
    private Double speed = Double.POSITIVE_INFINITY;

    @Option(
            names = "--flights",
            paramLabel = "FILE",
            description = "Other flights in the same format, plain or .gz, instead of those that ship with the demo.")
    private @Nullable Path flights;

    @SuppressWarnings("UnusedVariable") // picocli shows the page when it is set
    @Option(names = "--help", usageHelp = true, description = "Show this page.")
    private boolean help;

    private final PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);

    public static void main(String[] args) {
        System.exit(new CommandLine(new FlightDelaysDemo())
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    command.getErr().println(DemoFailure.sentence(e));
                    return 1;
                })
                .execute(args));
    }

    @Override
    public Integer call() throws Exception {
        if (fresh) {
            DemoDirectory.empty(dataDirectory);
        }
        try (var millrace = Millrace.open(dataDirectory)) {
            var screen = new DemoScreen(out, Boolean.getBoolean(DemoScreen.TERMINAL_PROPERTY));
            var job = millrace.start(FlightDelays.topology(source()), OPTIONS);
            watch(millrace, job, screen);
            job.close();
            screen.print(new DemoResult(millrace, dataDirectory).lines());
        }
        return 0;
    }

    private Source<String, FlightRow> source() {
        var all =
                flights == null ? FlightData.source() : FlightData.source(FlightData.AIRPORTS, LineInput.file(flights));
        return speed.isInfinite() ? all : new PacedSource<>(all, speed, GAP_MAX);
    }

    /** Shows progress until all of the input is counted. */
    private static void watch(Millrace millrace, Job job, DemoScreen screen) throws Exception {
        var counted = new FutureTask<Void>(() -> {
            job.awaitInputDrained(INPUT_MAX);
            return null;
        });
        var waiting = new Thread(counted, "demo-waits");
        waiting.setDaemon(true);
        waiting.start();
        var meter = new DemoMeter(System.nanoTime());
        try (var share = new CountedShare(millrace, FlightDelays.PARTITIONS)) {
            while (!counted.isDone()) {
                screen.show(meter.progress(job.metrics(), share.look(), System.nanoTime()));
                LockSupport.parkNanos(Duration.ofMillis(screen.intervalMs()).toNanos());
            }
        }
        try {
            counted.get();
        } catch (ExecutionException e) {
            var fault = job.metrics().failure();
            throw new DemoFailure(fault == null ? "it was asked to stop." : fault, e);
        }
        screen.show(meter.end(job.metrics(), System.nanoTime()));
    }
}
