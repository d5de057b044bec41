package io.millrace.samples.wordcount;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What the README shows is what compiles and runs. */
class ReadmeTest {

    private static final Path README = Path.of("../README.md");
    private static final Path SOURCE = Path.of("src/main/java/io/millrace/samples/wordcount/WordCount.java");
    private static final int LINES_MAX = 25;

    @Test
    void theReadmeShowsTheWordCountThatRuns() throws Exception {
        var readme = Files.readString(README);
        var source = Files.readString(SOURCE);

        var shown = between(readme, "```java\n", "```\n");

        assertThat(shown).isEqualTo(source.substring(source.indexOf("public final class")));
        assertThat(shown.lines()).hasSizeLessThanOrEqualTo(LINES_MAX);
    }

    private static String between(String text, String start, String end) {
        var from = text.indexOf(start) + start.length();
        return text.substring(from, text.indexOf(end, from));
    }
}
