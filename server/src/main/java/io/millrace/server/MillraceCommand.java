package io.millrace.server;

import io.millrace.client.LogException;
import io.millrace.log.StorageException;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The root of the command line. Exit codes: 0 done, 1 refused or failed, with one sentence on standard error, 2 wrong usage.
 */
@Command(
        name = "./millrace",
        description = "Runs a node that Kafka clients can use, and works on the data of jobs.",
        subcommands = {DevCommand.class, JobCommand.class},
        synopsisSubcommandLabel = "COMMAND")
public final class MillraceCommand {

    static final int REFUSED = 1;

    private static final int WRONG_OPTIONS = 2;

    @SuppressWarnings("UnusedVariable") // picocli shows the page when it is set
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this page.")
    private boolean help;

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new MillraceCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((e, arguments) -> {
                    var command = e.getCommandLine();
                    command.getErr()
                            .println("millrace: " + sentence(e) + " "
                                    + command.getCommandSpec().qualifiedName() + " --help shows what there is.");
                    return WRONG_OPTIONS;
                })
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    command.getErr().println("millrace: " + sentence(e));
                    return REFUSED;
                });
    }

    private static String sentence(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched) {
            // What follows an unknown option is most likely its value.
            return "there is no " + unmatched.getUnmatched().get(0) + ".";
        }
        return e.getMessage() + ".";
    }

    private static String sentence(Exception e) {
        if (e instanceof StorageException storage && storage.kind() == StorageException.Kind.LOCKED) {
            return "another process uses the data directory; stop it first.";
        }
        if (e instanceof CommandRefused || e instanceof LogException || e instanceof StorageException) {
            return Objects.requireNonNullElse(e.getMessage(), e.toString());
        }
        return e.toString();
    }
}
