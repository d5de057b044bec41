package io.millrace.samples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The code on the page is the code that is compiled and run here: what stands between two marks of a source. */
class GuidePageTest {

    private static final Path PAGE = Path.of("../docs/guide.md");
    private static final Path SOURCES = Path.of("src/test/java/io/millrace/samples/guide");
    private static final List<Path> PAGES_WITH_COMMANDS =
            List.of(Path.of("../README.md"), Path.of("../server/README.md"));

    /** Set to write the blocks anew. */
    private static final String WRITE = "millrace.write.pages";

    private static final Pattern SNIPPET = Pattern.compile("(?s) *// guide: (?!end)(\\S+)\n(.*?)\n *// guide: end\n");
    private static final Pattern BLOCK = Pattern.compile("(?s)(?:<!-- tested: (\\S+) -->\n)?```(\\w+)\n(.*?)```\n");
    private static final Pattern LINK = Pattern.compile("]\\(([^)#]+)");

    @Test
    void showsTheCodeThatRuns() throws IOException {
        Map<String, String> snippets = snippets();
        if (Boolean.getBoolean(WRITE)) {
            write(snippets);
        }

        Map<String, String> shown = new TreeMap<>();
        blocks("java").forEach(block -> shown.put(String.valueOf(block.group(1)), block.group(3)));

        assertThat(shown)
                .as("the page differs from the sources: write its blocks anew with\n"
                        + "./mvnw -Pquick -pl samples -am test -Dtest=GuidePageTest"
                        + " -Dsurefire.failIfNoSpecifiedTests=false -D" + WRITE + "=true")
                .isEqualTo(snippets);
    }

    @Test
    void showsCommandsThatOtherPagesShowToo() throws IOException {
        StringBuilder others = new StringBuilder();
        for (Path page : PAGES_WITH_COMMANDS) {
            others.append(Files.readString(page));
        }

        assertThat(blocks("sh").stream().flatMap(block -> block.group(3).lines()))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(others).contains(line));
    }

    @Test
    void namesFilesThatThereAre() throws IOException {
        List<MatchResult> links = LINK.matcher(Files.readString(PAGE)).results().toList();

        assertThat(links).isNotEmpty().allSatisfy(link -> assertThat(PAGE.resolveSibling(link.group(1)))
                .exists());
    }

    private static void write(Map<String, String> snippets) throws IOException {
        String page = Files.readString(PAGE);
        Files.writeString(
                PAGE,
                BLOCK.matcher(page)
                        .replaceAll(block -> Matcher.quoteReplacement(
                                block.group(1) == null
                                        ? block.group()
                                        : "<!-- tested: " + block.group(1) + " -->\n```java\n"
                                                + snippets.get(block.group(1)) + "```\n")));
    }

    private static List<MatchResult> blocks(String language) throws IOException {
        return BLOCK.matcher(Files.readString(PAGE))
                .results()
                .filter(block -> block.group(2).equals(language))
                .toList();
    }

    private static Map<String, String> snippets() throws IOException {
        Map<String, String> found = new TreeMap<>();
        for (String source : List.of("Shop.java", "GuideTest.java")) {
            SNIPPET.matcher(Files.readString(SOURCES.resolve(source)))
                    .results()
                    .forEach(snippet ->
                            found.put(snippet.group(1), snippet.group(2).stripIndent() + "\n"));
        }
        return found;
    }
}
