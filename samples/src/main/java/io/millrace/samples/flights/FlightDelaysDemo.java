package io.millrace.samples.flights;

import io.millrace.connect.builtin.LineInput;
import io.millrace.connect.builtin.PacedSource;
import io.millrace.streams.JobOptions;
import io.millrace.streams.Millrace;
import io.millrace.streams.Source;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The program behind {@code ./millrace demo}: runs {@link FlightDelays} on the month that ships with it, shows how far it is and
 * what it found.
 *
 * <p>It may be killed at any time and started again: it goes on from its last commit.
 */
@Command(
        name = "./millrace demo",
        description = "Counts a month of US flight delays by state and hour, and the flights that meet on a route.",
        footer = {"", "Exit codes: 0 done, 1 stopped by an error, 2 wrong options, 130 or 143 stopped by you."},
        sortOptions = false)
public final class FlightDelaysDemo implements Callable<Integer> {

    private static final int FAILED = 1;
    private static final int WRONG_OPTIONS = 2;
    private static final Duration GAP_MAX = Duration.ofDays(1);

    /** Whoever watches wants to be told at once. */
    private static final JobOptions OPTIONS = JobOptions.DEFAULT.with("restarts.without.progress", "0");

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Where log and state live (default: ${DEFAULT-VALUE}).",
            defaultValue = DemoDirectory.DEFAULT,
            converter = DirectoryConverter.class)
    private DemoDirectory directory = new DemoDirectory(Path.of(DemoDirectory.DEFAULT));

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

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = "Serve the demo's log to Kafka clients, for instance at 127.0.0.1:9092, while it runs.")
    private @Nullable String listen;

    @SuppressWarnings("UnusedVariable") // picocli shows the page when it is set
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this page.")
    private boolean help;

    private final PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);

    /** Ends the process. */
    public static void main(String[] args) {
        // Why a job failed is what the demo says itself, in one sentence.
        System.setProperty("org.slf4j.simpleLogger.log.io.millrace.streams", "error");
        System.setProperty("org.slf4j.simpleLogger.log.io.millrace.job", "off");
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        var demo = new FlightDelaysDemo();
        return new CommandLine(demo)
                .setParameterExceptionHandler((e, arguments) -> {
                    e.getCommandLine().getErr().println(sentence(e) + " ./millrace demo --help shows the options.");
                    return WRONG_OPTIONS;
                })
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    command.getErr().println(DemoFailure.sentence(e, demo.directory));
                    return FAILED;
                });
    }

    private static String sentence(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched) {
            // What follows an unknown option is most likely its value.
            return "There is no option " + unmatched.getUnmatched().get(0) + ".";
        }
        return e.getMessage() + ".";
    }

    @Override
    public Integer call() throws Exception {
        directory.make();
        if (fresh) {
            directory.empty();
        }
        var isContinued = directory.isUsed();
        var stop = new DemoStop(out, directory);
        try (var millrace = Millrace.open(directory.path())) {
            var screen = new DemoScreen(out, Boolean.getBoolean(DemoScreen.TERMINAL_PROPERTY));
            if (listen != null) {
                screen.print(List.of("Kafka clients can watch at " + millrace.listen(listen) + "."));
            }
            var job = millrace.start(FlightDelays.topology(source()), OPTIONS);
            stop.arm();
            new DemoWatch(millrace, job, screen).toTheEnd(isContinued);
            stop.disarm();
            job.close();
            screen.print(new DemoResult(millrace, directory).lines());
        } catch (Exception e) {
            if (stop.disarm()) {
                throw e;
            }
            return FAILED; // Nobody sees it: the process is ending with the exit code of its signal.
        }
        return 0;
    }

    private Source<String, FlightRow> source() {
        var all =
                flights == null ? FlightData.source() : FlightData.source(FlightData.AIRPORTS, LineInput.file(flights));
        return speed.isInfinite() ? all : new PacedSource<>(all, speed, GAP_MAX);
    }
}
