package io.millrace.conformance.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.ProducerOptions;
import io.millrace.client.TopicPartition;
import io.millrace.kernel.SystemClock;
import io.millrace.kernel.Waiter;
import io.millrace.record.Compression;
import io.millrace.record.Header;
import io.millrace.record.RecordBatchBuilder;
import io.millrace.record.TimestampType;
import io.millrace.streams.Job;
import io.millrace.streams.JobOptions;
import io.millrace.streams.Millrace;
import io.millrace.streams.Topic;
import io.millrace.streams.Topology;
import io.millrace.streams.codec.Codecs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** RocksDB knows of epochs that the log does not: an older copy of the log came back. The store is set aside and made anew. */
class StateAheadOfLogIT {

    private static final Topic<String, String> IN = Topic.of("in", Codecs.string(), Codecs.string());
    private static final Topic<String, Long> COUNTS = Topic.of("counts", Codecs.string(), Codecs.longs());
    private static final JobOptions WRITES_STATE_AT_ONCE = JobOptions.DEFAULT.with("state.write.interval.ms", "0");
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    private Path folder;

    private static Topology topology() {
        var job = Topology.define("job");
        job.stream(IN).groupByKey().count().named("counts").toStream().to(COUNTS);
        return job.build();
    }

    @Test
    void setsTheStoreAsideAndCountsWhatTheLogHas() throws Exception {
        Path log = folder.resolve("log");
        Path older = folder.resolve("older");
        run("a", "b", "a");
        copy(log, older);
        assertThat(run("a", "c")).isEqualTo(Map.of("a", 3L, "b", 1L, "c", 1L));
        assertThat(stores()).noneMatch(name -> name.contains("aside"));
        delete(log);
        copy(older, log);

        Map<String, Long> counts = run("d", "b");

        assertThat(counts).isEqualTo(Map.of("a", 2L, "b", 2L, "d", 1L));
        assertThat(stores()).contains("shard-0", "shard-0.aside-1");
        assertThat(run("b")).isEqualTo(Map.of("a", 2L, "b", 3L, "d", 1L));
        assertThat(stores()).as("only once").doesNotContain("shard-0.aside-2");
    }

    /** Sends records, lets the job count them, and answers what it says of all. */
    private Map<String, Long> run(String... keys) throws Exception {
        try (Millrace millrace = Millrace.open(folder)) {
            Job job = millrace.start(topology(), WRITES_STATE_AT_ONCE).awaitRunning(PATIENCE);
            send(millrace, keys);
            job.awaitInputDrained(PATIENCE);
            job.close();
            try (var reader = millrace.read(COUNTS)) {
                return reader.latest();
            }
        }
    }

    private static void send(Millrace millrace, String... keys) throws InterruptedException {
        var client = millrace.client();
        RecordBatchBuilder batch = new RecordBatchBuilder(Compression.NONE, TimestampType.CREATE_TIME, 1 << 20);
        for (String key : keys) {
            byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
            batch.append(System.currentTimeMillis(), bytes, bytes, Header.NONE);
        }
        try (var producer = client.openProducer(ProducerOptions.idempotent())) {
            await(producer.ready()::isDone);
            var appended = producer.append(new TopicPartition("in", 0), batch);
            await(appended::isDone);
            assertThat(appended.isFailed()).isFalse();
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        assertThat(new Waiter().await(condition, PATIENCE, SystemClock.INSTANCE))
                .isTrue();
    }

    private List<String> stores() throws IOException {
        try (Stream<Path> found = Files.list(folder.resolve("state").resolve("job"))) {
            return found.map(path -> path.getFileName().toString()).toList();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            paths.sorted(Comparator.reverseOrder()).forEach(StateAheadOfLogIT::deleteOne);
        }
    }

    private static void deleteOne(Path path) {
        try {
            Files.delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
