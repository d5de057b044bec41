package io.millrace.conformance.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.samples.flights.SqlAnswer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} at random moments; nothing is lost, nothing is repeated, no state is rebuilt. */
class KillIT {

    private static final Duration LIFE_MAX = Duration.ofSeconds(2);
    private static final Duration END_MAX = Duration.ofMinutes(5);
    private static final long LOOK_AGAIN_MS = 10;
    private static final Duration INPUT_PER_ROUND = Duration.ofSeconds(10);
    private static final String COMMITS_WANTED = FlightJobProcess.COMMITS + "3";

    /** Every so often the process dies while it starts or restores; else it commits first. */
    private static final int ROUNDS_PER_EARLY_KILL = 4;

    private static final double MONTH_SECONDS = Duration.ofDays(31).toSeconds();

    @TempDir
    Path scratch;

    @Test
    void fiveKillsLoseAndRepeatNothing() throws Exception {
        kill(5, 1, seed());
    }

    @Test
    @Tag("long")
    void thirtyKillsOnTwoLanesLoseAndRepeatNothing() throws Exception {
        kill(30, 2, seed());
    }

    private static long seed() {
        return Long.getLong("millrace.seed", System.nanoTime());
    }

    private void kill(int rounds, int lanes, long seed) throws Exception {
        System.out.println("kill -9: seed " + seed + "; -Dmillrace.seed=" + seed + " repeats its moments");
        var random = new Random(seed);
        var directory = scratch.resolve("data");
        // Slow enough that the input outlasts the kills.
        var speed = MONTH_SECONDS / (rounds * INPUT_PER_ROUND.toSeconds());
        var state = new StoreCheck(directory, scratch.resolve("copy"));
        for (var round = 1; round <= rounds; round++) {
            var process = start(directory, lanes, speed, round);
            if (round % ROUNDS_PER_EARLY_KILL != 0) {
                awaitCommits(process, round);
            }
            var ended = process.waitFor(random.nextLong(LIFE_MAX.toMillis()) + 1, TimeUnit.MILLISECONDS);
            if (ended) {
                assertThat(process.exitValue())
                        .as("round %d, seed %d: %s", round, seed, output(round))
                        .isZero();
            }
            process.destroyForcibly().waitFor();
            assertThat(output(round)).doesNotContain("VIOLATION").doesNotContain("rebuilt");
            state.check("round " + round + ", seed " + seed);
        }
        assertThat(state.sawEveryStore())
                .as("every shard's store was durable before the last kill")
                .isTrue();
        var last = start(directory, lanes, Double.MAX_VALUE, rounds + 1);
        assertThat(last.waitFor(END_MAX.toMillis(), TimeUnit.MILLISECONDS))
                .as("the last run ends")
                .isTrue();
        assertThat(last.exitValue()).as("seed %d: %s", seed, output(rounds + 1)).isZero();
        assertThat(output(rounds + 1)).contains("DONE").doesNotContain("rebuilt");
        state.check("the end, seed " + seed);
        FinalOutput.assertEquals(directory, SqlAnswer.compute(scratch));
    }

    /** Waits for a few commits, or for the end of the process: a machine may be slow, and nothing is learned before. */
    private void awaitCommits(Process process, int round) throws Exception {
        var endNs = System.nanoTime() + END_MAX.toNanos();
        while (!output(round).contains(COMMITS_WANTED) && !process.waitFor(LOOK_AGAIN_MS, TimeUnit.MILLISECONDS)) {
            assertThat(System.nanoTime()).as("round %d does not commit", round).isLessThan(endNs);
        }
    }

    private Process start(Path directory, int lanes, double speed, int round) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m", "-XX:+UseSerialGC"));
        if (Runtime.version().feature() >= 24) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                FlightJobProcess.class.getName(),
                directory.toString(),
                Integer.toString(lanes),
                Double.toString(speed)));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(outputFile(round).toFile())
                .start();
    }

    private String output(int round) throws IOException {
        return Files.readString(outputFile(round));
    }

    private Path outputFile(int round) {
        return scratch.resolve("round-" + round + ".txt");
    }
}
