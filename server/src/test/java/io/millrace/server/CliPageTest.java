package io.millrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** docs/cli.md says what every command and every option does. */
class CliPageTest {

    private static final Path PAGE = Path.of("..", "docs", "cli.md");

    @Test
    void everyCommandAndOptionIsOnThePage() throws Exception {
        String page = Files.readString(PAGE);
        List<String> missing = new ArrayList<>();
        look("", MillraceCommand.commandLine(), page, missing);

        assertThat(missing).as("not in docs/cli.md").isEmpty();
    }

    private static void look(String prefix, CommandLine command, String page, List<String> missing) {
        command.getSubcommands().forEach((name, sub) -> {
            String path = prefix.isEmpty() ? name : prefix + " " + name;
            if (!page.contains("`" + path)) {
                missing.add(path);
            }
            for (OptionSpec option : sub.getCommandSpec().options()) {
                if (!option.hidden() && !page.contains("`" + option.longestName())) {
                    missing.add(path + " " + option.longestName());
                }
            }
            look(path, sub, page, missing);
        });
    }

    @Test
    void theCompletionScriptKnowsTheCommands() {
        var script = Cli.runAlone("", "completion");

        assertThat(script.code()).isZero();
        assertThat(script.out())
                .startsWith("#!/usr/bin/env bash")
                .contains("topics", "--read-committed", "_complete_millrace");
    }

    @Test
    void unknownCommandsAndOptionsAreWrongUsage() {
        assertThat(Cli.runAlone("", "nothing").code()).isEqualTo(2);
        assertThat(Cli.runAlone("", "topics").code()).isEqualTo(2);
        assertThat(Cli.runAlone("", "topics", "list", "--nothing").err()).contains("there is no --nothing");
        assertThat(Cli.runAlone("", "topics", "--help").out()).contains("create", "describe");
    }
}
