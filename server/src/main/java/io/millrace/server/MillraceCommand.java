package io.millrace.server;

import io.millrace.client.LogException;
import io.millrace.log.StorageException;
import io.millrace.server.client.ClientException;
import io.millrace.server.command.CommandRefused;
import io.millrace.server.command.CompletionCommand;
import io.millrace.server.command.ConfigsCommand;
import io.millrace.server.command.Console;
import io.millrace.server.command.ConsumeCommand;
import io.millrace.server.command.GroupsCommand;
import io.millrace.server.command.LogCommand;
import io.millrace.server.command.ProduceCommand;
import io.millrace.server.command.TopicsCommand;
import io.millrace.server.command.TransactionsCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
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
        description =
                "Runs a node that Kafka clients can use, asks any node that speaks Kafka's protocol, and works on data.",
        synopsisSubcommandLabel = "COMMAND")
public final class MillraceCommand implements Console.Holder {

    static final int REFUSED = 1;

    /** This one has to do with all the others. */
    private static final String NEEDS_ALL = "completion";

    private static final int WRONG_OPTIONS = 2;

    @SuppressWarnings("UnusedVariable") // picocli shows the page when it is set
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this page.")
    private boolean help;

    private final Console console;

    MillraceCommand(Console console) {
        this.console = console;
    }

    @Override
    public Console console() {
        return console;
    }

    public static void main(String[] args) {
        int code = execute(args);
        if (code != 0) {
            System.exit(code);
        }
        // Else the process ends when the last thread of a user's job does, as with any program.
    }

    private static int execute(String[] arguments) {
        List<String> all = List.of(arguments);
        Optional<DevOptions> dev = all.isEmpty() || !all.get(0).equals("dev")
                ? Optional.empty()
                : DevOptions.plain(all.subList(1, all.size()));
        return dev.isPresent()
                ? run(dev.get())
                : commandLine(Console.system(), arguments).execute(arguments);
    }

    /** As the command line does it, which is not loaded for this. */
    private static int run(DevOptions dev) {
        Console console = Console.system();
        PrintWriter err = new PrintWriter(console.err(), true, StandardCharsets.UTF_8);
        try {
            return new DevNode(dev, new PrintWriter(console.out(), true, StandardCharsets.UTF_8), err).run();
        } catch (Exception e) {
            err.println("millrace: " + sentence(e));
            return REFUSED;
        }
    }

    /** In the order of the page. */
    private static List<Class<?>> commands() {
        return List.of(
                DevCommand.class,
                ServerCommand.class,
                RunCommand.class,
                JobCommand.class,
                TopicsCommand.class,
                ProduceCommand.class,
                ConsumeCommand.class,
                GroupsCommand.class,
                ConfigsCommand.class,
                TransactionsCommand.class,
                LogCommand.class,
                CompletionCommand.class);
    }

    static CommandLine commandLine() {
        return commandLine(Console.system());
    }

    /** The whole command line, with what it reads and where it writes. */
    public static CommandLine commandLine(Console console) {
        return commandLine(console, commands());
    }

    /** As much of it as these arguments ask for: reading what all commands can do takes longer than most of them. */
    static CommandLine commandLine(Console console, String[] arguments) {
        String first = arguments.length == 0 ? "" : arguments[0];
        List<Class<?>> named = commands().stream()
                .filter(command -> name(command).equals(first) && !first.equals(NEEDS_ALL))
                .toList();
        return commandLine(console, named.isEmpty() ? commands() : named);
    }

    private static String name(Class<?> command) {
        return command.getAnnotation(Command.class).name();
    }

    private static CommandLine commandLine(Console console, List<Class<?>> commands) {
        CommandLine root = new CommandLine(new MillraceCommand(console));
        commands.forEach(command -> root.addSubcommand(name(command), command));
        CommandLine run = root.getSubcommands().get("run");
        if (run != null) {
            run.setStopAtPositional(true); // what follows the name of a job belongs to the job
        }
        return root.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8))
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
        if (e instanceof CommandRefused
                || e instanceof ClientException
                || e instanceof LogException
                || e instanceof StorageException) {
            return Objects.requireNonNullElse(e.getMessage(), e.toString());
        }
        return e.toString();
    }
}
