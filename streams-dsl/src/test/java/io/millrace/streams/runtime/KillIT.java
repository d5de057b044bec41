package io.millrace.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.LogClient;
import io.millrace.client.TransactionDescription;
import io.millrace.kernel.SystemClock;
import io.millrace.kernel.Waiter;
import io.millrace.streams.Job;
import io.millrace.streams.Millrace;
import io.millrace.streams.TopicReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real process with RocksDB below is killed at random moments, and started again until it is done. */
class KillIT {

    private static final int MOMENT_MS_MAX = 1_000;

    @TempDir
    Path directory;

    @Test
    void countsEveryNumberOnceAlthoughItIsKilledAgainAndAgain() throws Exception {
        killAndVerify(1, 5, 42);
    }

    @Test
    @Tag("long")
    void countsEveryNumberOnceInThirtyRoundsOnTwoLanes() throws Exception {
        killAndVerify(2, 30, 43);
    }

    @Test
    void commitsWhatItHasReadWhenItIsAskedToEnd() throws Exception {
        Process process = start(1);
        assertThat(hasWritten(process)).as("it runs").isTrue();
        process.destroy();

        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(Files.exists(directory.resolve("log").resolve(".kafka_cleanshutdown")))
                .as("the log is closed cleanly")
                .isTrue();
        try (Millrace millrace = Millrace.open(directory)) {
            Waiter waiter = new Waiter();
            LogClient client = millrace.client(waiter);
            var transactions = client.listTransactions();
            assertThat(waiter.await(transactions::isDone, Duration.ofMinutes(1), SystemClock.INSTANCE))
                    .isTrue();
            assertThat(transactions.value())
                    .extracting(TransactionDescription::state)
                    .containsExactly("CompleteCommit");
            client.close();
        }
        Process last = start(1);
        assertThat(last.waitFor(5, TimeUnit.MINUTES)).isTrue();
        verify();
    }

    /** Waits for the first record; false if the process has ended before. */
    private boolean hasWritten(Process process) throws Exception {
        Path written = directory.resolve("log").resolve("seen-0").resolve("00000000000000000000.log");
        while (!Files.exists(written) || Files.size(written) == 0) {
            if (process.waitFor(10, TimeUnit.MILLISECONDS)) {
                return false;
            }
        }
        return true;
    }

    private void killAndVerify(int lanes, int kills, long seed) throws Exception {
        Random random = new Random(seed);
        int killed = 0;
        for (int i = 0; i < kills; i++) {
            // A moment after its start for most, and for the first one after its first record: that one is not done
            // yet.
            Process process = start(lanes);
            boolean isFirst = i == 0;
            boolean ended = isFirst
                    ? !hasWritten(process)
                    : process.waitFor(500 + random.nextInt(MOMENT_MS_MAX), TimeUnit.MILLISECONDS);
            if (!ended) {
                process.destroyForcibly();
                killed++;
            }
            process.waitFor();
        }
        assertThat(killed)
                .as("rounds that were killed, and had not ended by themselves")
                .isPositive();
        Process last = start(lanes);
        assertThat(last.waitFor(5, TimeUnit.MINUTES)).as("the last run ends").isTrue();
        assertThat(last.exitValue()).isZero();
        verify();
    }

    private Process start(int lanes) throws IOException {
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledJob.class.getName(),
                        directory.toString(),
                        Integer.toString(lanes)))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private void verify() throws InterruptedException {
        Map<Long, Long> expected = new HashMap<>();
        for (long number = 0; number < KilledJob.NUMBERS; number++) {
            expected.merge(number % KilledJob.REMAINDERS, 1L, Long::sum);
        }
        Map<Long, Long> inStore = new HashMap<>();
        try (Millrace millrace = Millrace.open(directory)) {
            Set<Long> seen = new HashSet<>();
            LogClient client = millrace.client();
            try (TopicReader<String, Long> reader = new TopicReader<>(client, KilledJob.SEEN, KilledJob.PARTITIONS)) {
                while (!reader.isAtEnd()) {
                    reader.poll((partition, offset, timestampMs, key, number) -> assertThat(seen.add(number))
                            .as("number " + number + " once")
                            .isTrue());
                }
            }
            assertThat(seen).hasSize(KilledJob.NUMBERS);
            try (TopicReader<Long, Long> reader = new TopicReader<>(client, KilledJob.COUNTS, KilledJob.PARTITIONS)) {
                assertThat(reader.latest()).isEqualTo(expected);
            }
            Job job = millrace.start(KilledJob.topology()).awaitRunning(Duration.ofMinutes(1));
            job.<Long, Long>store("per-remainder").forEach((key, start, count) -> {
                inStore.put(key, count);
                return true;
            });
            assertThat(job.<Long, Long>store("per-remainder").value(7L)).contains(expected.get(7L));
            Waiter waiter = new Waiter();
            assertThat(waiter.await(() -> job.lag() == 0, Duration.ofSeconds(30), SystemClock.INSTANCE))
                    .isTrue();
        }
        assertThat(inStore).isEqualTo(expected);
    }
}
