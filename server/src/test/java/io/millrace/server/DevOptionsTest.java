package io.millrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.server.command.Console;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read without the command line's parser is read as by it. */
class DevOptionsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--port 0",
                "--port=1",
                "--port 9093 --admin-port=0 --data-dir /somewhere/else --durability os",
                "--exit-when-ready --durability=disk"
            })
    void plainOptionsAreReadAsByTheParser(String line) {
        List<String> arguments = line.isEmpty() ? List.of() : List.of(line.split(" "));

        var byParser = parsed(arguments);
        assertThat(DevOptions.plain(arguments)).contains(byParser);
    }

    private static DevOptions parsed(List<String> arguments) {
        List<String> all = new ArrayList<>(List.of("dev"));
        all.addAll(arguments);
        String[] line = all.toArray(String[]::new);
        var root = MillraceCommand.commandLine(Console.system(), line);
        root.parseArgs(line);
        DevCommand command =
                Objects.requireNonNull(root.getSubcommands().get("dev")).getCommand();
        return command.options();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "--port",
                "--port x",
                "--port -1",
                "--durability maybe",
                "--data-dir --port",
                "--data-dir=",
                "--nothing 1",
                "--port=1 --port=2",
                "--exit-when-ready --exit-when-ready",
                "9092"
            })
    void everythingElseIsLeftToTheParser(String line) {
        assertThat(DevOptions.plain(Arrays.asList(line.split(" ")))).isEmpty();
    }

    @Test
    void aCommandAloneIsAsMuchAsIsLoadedForIt() {
        assertThat(MillraceCommand.commandLine(Console.system(), new String[] {"topics", "list"})
                        .getSubcommands())
                .containsOnlyKeys("topics");
        assertThat(MillraceCommand.commandLine(Console.system(), new String[] {"completion"})
                        .getSubcommands())
                .containsKeys("dev", "topics", "completion");
        assertThat(MillraceCommand.commandLine(Console.system(), new String[] {"--help"})
                        .getSubcommands())
                .hasSize(12);
    }
}
