package io.millrace.conformance.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.ConfigKey;
import io.millrace.log.LogConfig;
import io.millrace.streams.JobOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The page of options is what the schemas of the options say. */
class OptionsPageTest {

    private static final Path PAGE = Path.of("../docs/options.md");

    /** Set to write the page anew. */
    private static final String WRITE = "millrace.write.pages";

    @Test
    void thePageShowsEveryKey() throws IOException {
        var page = page();
        if (Boolean.getBoolean(WRITE)) {
            Files.writeString(PAGE, page);
        }

        assertThat(Files.readString(PAGE))
                .as("an option has changed: write the page anew with\n"
                        + "./mvnw -Pquick -pl conformance -am test -Dtest=OptionsPageTest"
                        + " -Dsurefire.failIfNoSpecifiedTests=false -D" + WRITE + "=true")
                .isEqualTo(page);
    }

    private static String page() {
        var text = new StringBuilder("""
                # Options

                Written from the schemas in the code, `JobOptions.KEYS` and `LogConfig.KEYS`, by `OptionsPageTest`. An unknown key is refused, and
                the nearest known one is named.

                ## Of a job

                `millrace.start(topology, JobOptions.DEFAULT.with("commit.interval.ms", "100"))`

                | key | type | default | range | meaning |
                |---|---|---|---|---|
                """);
        JobOptions.KEYS.stream()
                .sorted(Comparator.comparing(JobOptions.Key::name))
                .forEach(key -> row(text, key.name(), key.type(), key.defaultValue(), key.range(), key.meaning()));
        text.append("""

                ## Of a topic

                `Topic.of("flights", …).config("retention.ms", "-1")`, which counts when a job creates the topic, or for a whole node
                `NodeConfig.DEFAULT.withTopicDefault("retention.ms", "-1")`. The names are Kafka's where the meaning is.

                | key | type | default | range | meaning |
                |---|---|---|---|---|
                """);
        LogConfig.KEYS.stream()
                .sorted(Comparator.comparing(ConfigKey::name))
                .forEach(key -> row(
                        text,
                        key.name(),
                        key.unit().isEmpty() ? key.type() : key.type() + ", " + key.unit(),
                        key.defaultValue(),
                        key.range(),
                        key.meaning()));
        return text.toString();
    }

    private static void row(StringBuilder text, String name, String type, String value, String range, String meaning) {
        var cells = List.of("`" + name + "`", type, value.isEmpty() ? "" : "`" + value + "`", range, meaning);
        text.append("| ")
                .append(String.join(
                        " | ",
                        cells.stream().map(cell -> cell.replace("|", "\\|")).toList()))
                .append(" |\n");
    }
}
