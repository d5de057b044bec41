package io.millrace.server;

import io.millrace.server.command.CommandRefused;
import io.millrace.streams.runtime.JobReset;
import io.millrace.streams.runtime.StateDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Scanner;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code millrace job reset}: shows what a reset moves and deletes, asks, and does it. */
@Command(
        name = "reset",
        description = "Puts a job back, its state included. The job must not be running.",
        footer = {
            "",
            "The topics a job wrote stay as they are: after a reset it writes to them again what follows from its input.",
            "A job that also loads foreign data, such as files, needs --sources: 'keep' leaves the loading where it is, so that no",
            "line comes into a topic twice; 'again' loads everything once more, behind what is there.",
            "",
            "Exit codes: 0 done, 1 refused or failed, 2 wrong options."
        },
        sortOptions = false)
final class JobResetCommand implements Callable<Integer> {

    @Parameters(paramLabel = "JOB", description = "The name of the job, as its topology says.")
    private String job = "";

    @Option(names = "--data-dir", paramLabel = "DIR", required = true, description = "The job's data directory.")
    private Path dataDirectory = Path.of("");

    @ArgGroup(multiplicity = "1")
    private Where where = new Where();

    @Option(
            names = "--sources",
            paramLabel = "keep|again",
            description = "What becomes of foreign sources; needed if the job has some.")
    private @Nullable SourcesChoice sources;

    @Option(names = "--dry-run", description = "Show what would be done, and do nothing.")
    private boolean dryRun;

    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** What to do about foreign sources. */
    enum SourcesChoice {
        KEEP,
        AGAIN
    }

    /** Exactly one of these. */
    static final class Where {
        @SuppressWarnings("UnusedVariable") // what is left when the other two are not given
        @Option(names = "--to-start", description = "To the first record of every input.")
        private boolean start;

        @Option(
                names = "--to-offsets",
                paramLabel = "TOPIC:PARTITION=OFFSET,…",
                description = "To these offsets; other partitions stay.")
        private @Nullable String offsets;

        @Option(
                names = "--to-time",
                paramLabel = "INSTANT",
                description = "To the first records at or after this time, such as 2001-01-15T00:00:00Z.")
        private @Nullable Instant time;

        ResetTarget target() {
            if (offsets != null) {
                return ResetTarget.parseOffsets(offsets);
            }
            return time != null ? new ResetTarget.Time(time) : new ResetTarget.Start();
        }
    }

    @Override
    public Integer call() throws IOException {
        var target = where.target();
        try (var log = new OpenLog(dataDirectory)) {
            var plan = new ResetPlanner(log).plan(job, target);
            var out = spec.commandLine().getOut();
            show(plan, out);
            if (!plan.sources().isEmpty() && sources == null) {
                throw new CommandRefused(
                        "job " + job + " loads foreign data, so say what becomes of it: --sources=keep leaves"
                                + " it loaded as it is, --sources=again loads it once more. Nothing was done.");
            }
            if (dryRun) {
                out.println("Nothing was done, as --dry-run says.");
                return 0;
            }
            if (!yes && !confirmed(out)) {
                out.println("Nothing was done.");
                return MillraceCommand.REFUSED;
            }
            var state = stateOf(job);
            log.reset(
                    job,
                    plan.offsets(),
                    sources == SourcesChoice.AGAIN ? JobReset.Sources.AGAIN : JobReset.Sources.STAY);
            state.delete();
            out.println("Done: start job " + job + " again when you like.");
            return 0;
        }
    }

    private StateDirectory stateOf(String name) {
        try {
            return StateDirectory.of(dataDirectory, name);
        } catch (IllegalArgumentException e) {
            throw new CommandRefused("there can be no job of the name " + name);
        }
    }

    private void show(ResetPlanner.Plan plan, PrintWriter out) {
        out.println("Job " + plan.job() + ":");
        for (var move : plan.moves()) {
            out.printf("  %-32s offset %,d → %,d%n", move.partition(), move.from(), move.to());
        }
        plan.sources()
                .forEach((source, position) -> out.println("  " + source + " at " + position
                        + (sources == null
                                ? ""
                                : sources == SourcesChoice.KEEP ? " stays there" : " is read again from its start")));
        for (var topic : plan.stateTopics()) {
            out.println("  state in " + topic + " is deleted");
        }
        out.flush();
    }

    private static boolean confirmed(PrintWriter out) {
        out.print("Go on? [y/N] ");
        out.flush();
        var in = new Scanner(System.in, java.nio.charset.StandardCharsets.UTF_8);
        return in.hasNextLine() && in.nextLine().strip().equalsIgnoreCase("y");
    }
}
