package io.millrace.server.command;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code millrace completion}: a script by which bash and zsh complete the command line. */
@Command(
        name = "completion",
        description =
                "Prints a script by which bash and zsh complete commands and options: source <(./millrace completion)")
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class CompletionCommand implements Callable<Integer> {

    private static final String NAME = "millrace";

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        Console console = Console.of(command);
        console.out().print(AutoComplete.bash(NAME, command.root().commandLine()));
        console.out().flush();
        return 0;
    }
}
