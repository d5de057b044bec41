package io.millrace.conformance.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.config.NodeKey.Treatment;
import io.millrace.broker.config.NodeKeys;
import io.millrace.log.ConfigKey;
import io.millrace.log.LogConfig;
import io.millrace.streams.JobOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
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

                Written from the schemas in the code, `JobOptions.KEYS`, `LogConfig.KEYS` and `NodeKeys`, by `OptionsPageTest`. An unknown key is refused, and
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
        appendNode(text);
        return text.toString();
    }

    private static void appendNode(StringBuilder text) {
        text.append("""

                ## Of a node

                `NodeSettings.of(Map.of("log.retention.hours", "24"))` makes what a node is started with. The names are those of a broker of Apache
                Kafka 4.3.1, all of which are known. Those that are changed while the node runs are kept with its topics; what clients set for
                one node goes before what they set for all, and that before what it was started with.

                | key | type | default | range | changes | meaning |
                |---|---|---|---|---|---|
                """);
        NodeKeys.all().stream()
                .filter(key -> key.treatment() == Treatment.HONOURED)
                .forEach(key -> row(
                        text,
                        key.name(),
                        key.type().name().toLowerCase(Locale.ROOT),
                        key.defaultValue() == null ? "" : key.defaultValue(),
                        key.rangeInWords(),
                        key.isDynamic() ? "at once" : "at the next start",
                        key.text()));
        append(text, Treatment.IGNORED, """

                ### Accepted with a warning

                It does no harm that these do not count, so that the configuration of a broker can be used as it is. Their defaults are accepted
                without a word.

                """);
        append(text, Treatment.REFUSED, """

                ### Refused

                These would promise what the node does not do. With another value than the default it does not start.

                """);
    }

    /** Keys with the same sentence in one line. */
    private static void append(StringBuilder text, Treatment treatment, String heading) {
        text.append(heading).append("| keys | why |\n|---|---|\n");
        var keys = new TreeMap<String, List<String>>();
        NodeKeys.all().stream().filter(key -> key.treatment() == treatment).forEach(key -> keys.computeIfAbsent(
                        key.text(), why -> new ArrayList<>())
                .add("`" + key.name() + "`"));
        keys.forEach((why, names) -> text.append("| ")
                .append(String.join(", ", names))
                .append(" | ")
                .append(why)
                .append(" |\n"));
    }

    private static void row(StringBuilder text, String name, String type, String value, String... more) {
        var cells = new ArrayList<>(List.of("`" + name + "`", type, value.isEmpty() ? "" : "`" + value + "`"));
        cells.addAll(List.of(more));
        text.append("| ")
                .append(String.join(
                        " | ",
                        cells.stream().map(cell -> cell.replace("|", "\\|")).toList()))
                .append(" |\n");
    }
}
