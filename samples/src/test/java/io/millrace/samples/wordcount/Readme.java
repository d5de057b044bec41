package io.millrace.samples.wordcount;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The blocks of the project's README that tests hold to the truth. */
final class Readme {

    private static final Path README = Path.of("../README.md");
    private static final String FENCE = "```\n";

    private Readme() {}

    /** The text of the fenced block that follows the comment {@code <!-- tested: name -->}. */
    static String block(String name) throws IOException {
        var readme = Files.readString(README);
        var mark = readme.indexOf("<!-- tested: " + name + " -->");
        if (mark < 0) {
            throw new IllegalArgumentException("the README has no block " + name);
        }
        var start = readme.indexOf('\n', readme.indexOf("```", mark)) + 1;
        return readme.substring(start, readme.indexOf(FENCE, start));
    }
}
