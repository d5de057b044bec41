package io.millrace.samples.wordcount;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What the README shows is what compiles and runs; its output is compared by {@link WordCountIT}. */
class ReadmeTest {

    private static final Path SOURCE = Path.of("src/main/java/io/millrace/samples/wordcount/WordCount.java");
    private static final Path POM = Path.of("pom.xml");
    private static final int LINES_MAX = 25;

    @Test
    void showsTheWordCountThatRuns() throws Exception {
        var source = Files.readString(SOURCE);

        var shown = Readme.block("wordcount");

        assertThat(shown).isEqualTo(source.substring(source.indexOf("public final class")));
        assertThat(shown.lines()).hasSizeLessThanOrEqualTo(LINES_MAX);
    }

    @Test
    void showsTheImportsThatItNeeds() throws Exception {
        var imports = Files.readAllLines(SOURCE).stream().filter(line -> line.startsWith("import "));

        assertThat(Readme.block("wordcount-imports").lines()).containsExactlyElementsOf(imports.toList());
    }

    @Test
    void namesTheVersionAndTheArtifactsThatThereAre() throws Exception {
        var version = between(Files.readString(POM), "<version>", "</version>");

        var fragment = Readme.block("pom");

        assertThat(fragment).contains("<version>" + version + "</version>");
        for (var artifact : new String[] {"millrace-connect", "millrace-testkit"}) {
            var pom = Path.of("..", artifact.substring("millrace-".length()), "pom.xml");
            assertThat(Files.readString(pom)).contains("<artifactId>" + artifact + "</artifactId>");
            assertThat(fragment).contains("<artifactId>" + artifact + "</artifactId>");
        }
    }

    private static String between(String text, String start, String end) {
        var from = text.indexOf(start) + start.length();
        return text.substring(from, text.indexOf(end, from));
    }
}
