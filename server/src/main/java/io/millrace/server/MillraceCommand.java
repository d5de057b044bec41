package io.millrace.server;

import io.millrace.client.LogException;
import io.millrace.log.StorageException;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The root of the command line. Exit codes: 0 done, 1 refused or failed, with one sentence on standard error, 2 wrong usage.
 */
@Command(
        name = "millrace",
        description = "Works on the data directory of a job that is not running.",
        subcommands = {JobCommand.class, CommandLine.HelpCommand.class},
        synopsisSubcommandLabel = "COMMAND")
public final class MillraceCommand {

    static final int REFUSED = 1;

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new MillraceCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    command.getErr().println("millrace: " + sentence(e));
                    return REFUSED;
                });
    }

    private static String sentence(Exception e) {
        if (e instanceof StorageException storage && storage.kind() == StorageException.Kind.LOCKED) {
            return "another process uses the data directory; stop it first. (" + storage.getMessage() + ")";
        }
        if (e instanceof CommandRefused || e instanceof LogException || e instanceof StorageException) {
            return Objects.requireNonNullElse(e.getMessage(), e.toString());
        }
        return e.toString();
    }
}
