package io.millrace.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.kernel.SystemClock;
import io.millrace.kernel.Waiter;
import io.millrace.streams.codec.Codecs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bits rot in the RocksDB of a job: the state comes back from the changelog. Real files, real threads. */
class DamagedStateTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Topic<String, String> IN = Topic.of("in", Codecs.string(), Codecs.string());
    private static final Topic<String, Long> COUNTS = Topic.of("counts", Codecs.string(), Codecs.longs());
    private static final JobOptions WRITES_STATE_AT_ONCE = JobOptions.DEFAULT.with("state.write.interval.ms", "0");

    /** Enough for many blocks in a table. */
    private static final int KEYS = 5_000;

    @TempDir
    private Path folder;

    private final List<String> failures = new CopyOnWriteArrayList<>();

    private static Topology topology() {
        var job = Topology.define("job");
        job.stream(IN).groupByKey().count().named("n").toStream().to(COUNTS);
        return job.build();
    }

    /** Counts each key once more and asserts how often it has been counted. */
    private JobMetrics countAgain(long expected) throws InterruptedException {
        return countAgain(expected, (millrace, job) -> sendAll(millrace));
    }

    private interface Sending {
        void send(Millrace millrace, Job job) throws InterruptedException;
    }

    private JobMetrics countAgain(long expected, Sending sending) throws InterruptedException {
        try (Millrace millrace = Millrace.open(folder)) {
            Job job = millrace.start(topology(), WRITES_STATE_AT_ONCE)
                    .onFailure(failure -> failures.add(failure.getMessage()))
                    .awaitRunning(PATIENCE);
            sending.send(millrace, job);
            job.awaitInputDrained(PATIENCE);
            try (TopicReader<String, Long> reader = millrace.read(COUNTS)) {
                assertThat(reader.latest()).hasSize(KEYS).allSatisfy((key, count) -> assertThat(count)
                        .isEqualTo(expected));
            }
            JobMetrics metrics = job.metrics();
            assertThat(job.close(PATIENCE)).isTrue();
            assertThat(job.state()).isEqualTo(JobState.STOPPED);
            return metrics;
        }
    }

    private static void sendAll(Millrace millrace) throws InterruptedException {
        try (TopicWriter<String, String> writer = millrace.write(IN)) {
            for (int i = 0; i < KEYS; i++) {
                writer.send("key-" + i, "v", 1);
            }
            writer.flush(PATIENCE);
        }
    }

    private Path stores() {
        return folder.resolve("state").resolve("job");
    }

    private static Path largest(Path directory, String part) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().contains(part))
                    .max(Comparator.comparingLong(file -> file.toFile().length()))
                    .orElseThrow();
        }
    }

    private static void flip(Path file, double share) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[(int) (bytes.length * share)] ^= 0x55;
        Files.write(file, bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"MANIFEST", "CURRENT"})
    void aStoreThatCannotBeOpenedIsSetAsideAndRebuilt(String file) throws Exception {
        countAgain(1);
        flip(largest(stores().resolve("shard-0"), file), 0.999);

        assertThat(countAgain(2).attempts()).as("at once").isEqualTo(1);

        assertThat(failures).isEmpty();
        assertThat(stores().resolve("shard-0.aside-1")).isNotEmptyDirectory();
        countAgain(3);
        assertThat(stores().resolve("shard-0.aside-2")).as("once").doesNotExist();
    }

    @Test
    void aDamagedBlockThatIsReadWhileTheJobRunsEndsTheEpochAndTheNextAttemptRebuilds() throws Exception {
        countAgain(1);
        flip(largest(stores().resolve("shard-0"), ".sst"), 0.25);

        assertThat(countAgain(2).attempts()).isEqualTo(2);

        assertThat(failures).singleElement().asString().contains("is damaged").contains("checksum");
        assertThat(stores().resolve("shard-0.aside-1")).isNotEmptyDirectory();
        countAgain(3);
        assertThat(stores().resolve("shard-0.aside-2")).as("once").doesNotExist();
    }

    @Test
    void aQueryThatStillReadsADamagedStoreIsWaitedFor() throws Exception {
        countAgain(1);
        flip(largest(stores().resolve("shard-0"), ".sst"), 0.25);

        countAgain(2, (millrace, job) -> job.<String, Long>store("n").forEach((key, start, count) -> {
            try {
                sendAll(millrace);
                assertThat(new Waiter().await(this::waitsForTheQuery, PATIENCE, SystemClock.INSTANCE))
                        .isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return false;
        }));

        assertThat(stores().resolve("shard-0.aside-1")).isNotEmptyDirectory();
    }

    private boolean waitsForTheQuery() {
        return failures.stream().anyMatch(failure -> failure.contains("a query still reads it"));
    }
}
