package io.millrace.samples.wordcount;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program of the README, run as its reader would: in a process and a directory of its own. */
class WordCountIT {

    private static final int DISTINCT_WORDS = 138;

    @Test
    void countsEachWordOnceHoweverOftenItIsStarted(@TempDir Path directory) throws Exception {
        var first = run(directory);
        var second = run(directory);

        assertThat(first)
                .startsWith(Readme.block("wordcount-output").split("\n"))
                .contains("13 that", "11 the", "8 here", "5 nation", "1 liberty")
                .hasSize(DISTINCT_WORDS);
        assertThat(second).isEqualTo(first);
    }

    private static List<String> run(Path directory) throws Exception {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        WordCount.class.getName())
                .directory(directory.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertThat(process.waitFor()).isZero();
        return lines;
    }
}
