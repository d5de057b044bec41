package io.millrace.conformance.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Programs in other languages, run to their end. What lies in {@code src/test/python}, {@code node} and {@code go}. */
final class Programs {

    /** Set where the build must not skip what it could have installed. */
    private static final boolean IS_CI = System.getenv("CI") != null;

    static final Path SOURCES = Path.of("src", "test").toAbsolutePath();

    private static final int SECONDS_MAX = 120;

    private Programs() {}

    /** Skips the test, or fails it in CI, if there is not what it needs. */
    static void require(boolean isThere, String missing) {
        if (!isThere) {
            System.out.println("skipped: " + missing);
        }
        assertThat(isThere || !IS_CI)
                .as("CI installs what is missing: " + missing)
                .isTrue();
        assumeTrue(isThere, missing);
    }

    /** Whether a program ends well, and at once. */
    static boolean works(String... command) {
        try {
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(SECONDS_MAX, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Runs a program that must end well; says what it has written if it does not. */
    static void run(Path directory, Map<String, String> environment, List<String> command, List<String> arguments)
            throws IOException, InterruptedException {
        var all = new ArrayList<>(command);
        all.addAll(arguments);
        var out = Files.createTempFile("program", ".out");
        try {
            var builder = new ProcessBuilder(all)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(out.toFile());
            builder.environment().putAll(environment);
            var process = builder.start();
            var isEnded = process.waitFor(SECONDS_MAX, TimeUnit.SECONDS);
            process.destroyForcibly();
            assertThat(isEnded).as(all + " ends: " + Files.readString(out)).isTrue();
            assertThat(process.exitValue())
                    .as(all + ": " + Files.readString(out))
                    .isZero();
        } finally {
            Files.delete(out);
        }
    }
}
