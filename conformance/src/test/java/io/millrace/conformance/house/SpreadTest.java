package io.millrace.conformance.house;

import static java.util.Comparator.comparingInt;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Prints how each module's lines are spread over its files: one line per module, in the build's output. */
class SpreadTest {

    private static final int LINES_MAX = 400;
    private static final int LARGEST_COUNT = 5;

    private record SourceFile(Path path, int lines) {}

    @Test
    void noFileIsTooLargeToHoldInMind() throws IOException {
        var modules = new TreeMap<String, List<SourceFile>>();
        try (var children = Files.list(Path.of(".."))) {
            for (var module : children.filter(child -> Files.isDirectory(child.resolve("src/main/java")))
                    .toList()) {
                modules.put(module.getFileName().toString(), sourcesOf(module));
            }
        }

        modules.forEach((module, files) -> System.out.println(reportLine(module, files)));

        assertThat(modules).containsKeys("core-log", "state-store", "streams-dsl");
        assertThat(modules.values().stream().flatMap(List::stream)).allSatisfy(file -> assertThat(file.lines())
                .as("lines of %s: which owner of state hides inside?", file.path())
                .isLessThanOrEqualTo(LINES_MAX));
    }

    private static List<SourceFile> sourcesOf(Path module) throws IOException {
        try (var files = Files.walk(module.resolve("src/main/java"))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .map(file -> new SourceFile(file, lineCount(file)))
                    .sorted(comparingInt(SourceFile::lines).reversed())
                    .collect(Collectors.toUnmodifiableList());
        }
    }

    private static int lineCount(Path file) {
        try (var lines = Files.lines(file)) {
            return (int) lines.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String reportLine(String module, List<SourceFile> files) {
        var all = files.stream().mapToInt(SourceFile::lines).sum();
        var largest =
                files.stream().limit(LARGEST_COUNT).mapToInt(SourceFile::lines).sum();
        var p90 = files.isEmpty() ? 0 : files.get(files.size() / 10).lines();
        return String.format(
                "spread: %-12s %3d files, %6d lines, nine in ten up to %3d lines, the five largest hold %d %%",
                module, files.size(), all, p90, all == 0 ? 0 : 100 * largest / all);
    }
}
