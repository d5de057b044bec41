package io.millrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.LogClient;
import io.millrace.client.NewTopic;
import io.millrace.client.Pending;
import io.millrace.client.Producer;
import io.millrace.client.ProducerOptions;
import io.millrace.client.TopicPartition;
import io.millrace.record.Compression;
import io.millrace.record.Header;
import io.millrace.record.RecordBatchBuilder;
import io.millrace.record.TimestampType;
import io.millrace.streams.Millrace;
import io.millrace.streams.Topic;
import io.millrace.streams.Topology;
import io.millrace.streams.codec.Codecs;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Resets a job that counts five letters, and lets it run again. */
class JobResetIT {

    private static final Topic<String, String> LETTERS = Topic.of("letters", Codecs.string(), Codecs.string());
    private static final Topic<String, Long> COUNTS = Topic.of("counts", Codecs.string(), Codecs.longs());
    private static final Duration DRAINED_MAX = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private String output = "";

    @BeforeEach
    void countFiveLetters() throws Exception {
        try (var millrace = Millrace.open(directory);
                var client = millrace.client()) {
            await(client.createTopic(new NewTopic(LETTERS.name(), 1, Map.of("retention.ms", "-1"))));
            write(client, "a", "b", "a", "a", "b");
        }
        assertThat(runJob()).isEqualTo(Map.of("a", 3L, "b", 2L));
    }

    @Test
    void withoutAResetNothingIsCountedAgain() throws Exception {
        assertThat(runJob()).isEqualTo(Map.of("a", 3L, "b", 2L));
    }

    @Test
    void fromTheStartEverythingIsCountedAgainFromNothing() throws Exception {
        assertThat(millrace("--to-start", "--yes")).isZero();

        assertThat(output).contains("letters-0").contains("offset 5 → 0").contains("letter-count-changelog");
        assertThat(directory.resolve("state").resolve("letter-count")).doesNotExist();
        assertThat(runJob()).isEqualTo(Map.of("a", 3L, "b", 2L));
    }

    @Test
    void fromAnOffsetOnlyWhatFollowsIsCounted() throws Exception {
        assertThat(millrace("--to-offsets", "letters:0=3", "--yes")).isZero();

        assertThat(runJob()).isEqualTo(Map.of("a", 1L, "b", 1L));
    }

    @Test
    void fromATimeOnlyWhatFollowsIsCounted() throws Exception {
        assertThat(millrace("--to-time", "1970-01-01T00:00:00.003Z", "--yes")).isZero();

        assertThat(output).contains("offset 5 → 3");
        assertThat(runJob()).isEqualTo(Map.of("a", 1L, "b", 1L));
    }

    @Test
    void aDryRunChangesNothing() throws Exception {
        for (var again = 0; again < 2; again++) {
            assertThat(millrace("--to-start", "--dry-run")).isZero();
            assertThat(output).contains("offset 5 → 0").contains("Nothing was done");
        }

        assertThat(directory.resolve("state").resolve("letter-count")).exists();
    }

    @Test
    void whatCannotBeDoneIsRefusedWithASentence() {
        assertThat(millrace("--to-offsets", "letters:0=6", "--yes")).isEqualTo(1);
        assertThat(output).contains("offsets 0 to 5");
        assertThat(millrace("--to-offsets", "letters:1=0", "--yes")).isEqualTo(1);
        assertThat(output).contains("no position in letters:1");
        assertThat(millrace("--to-offsets", "letters", "--yes")).isEqualTo(1);
        assertThat(output).contains("topic:partition=offset");
    }

    @Test
    void whatDoesNotExistIsRefusedWithASentence() {
        assertThat(execute("job", "reset", "nobody", "--data-dir", directory.toString(), "--to-start"))
                .isEqualTo(1);
        assertThat(output).contains("there is no job nobody");
        var elsewhere = directory.resolve("x");
        assertThat(execute("job", "reset", "letter-count", "--data-dir", elsewhere.toString(), "--to-start"))
                .isEqualTo(1);
        assertThat(output).contains("is not a data directory");
        assertThat(Files.exists(elsewhere)).isFalse();
    }

    @Test
    void aDirectoryInUseIsRefused() {
        try (var running = Millrace.open(directory)) {
            assertThat(millrace("--to-start", "--yes")).isEqualTo(1);
            assertThat(output).contains("another process uses the data directory");
            assertThat(running.jobs()).isEmpty();
        }
    }

    private static final Topic<String, Long> NUMBERS =
            Topic.of("numbers", Codecs.string(), Codecs.longs()).config("retention.ms", "-1");
    private static final Topic<String, Long> SUMS = Topic.of("sums", Codecs.string(), Codecs.longs());

    /** Loads three numbers into a topic and sums them up; answers how many were loaded, and their sum. */
    private Map<String, Long> runLoader() throws Exception {
        var job = Topology.define("loader");
        job.source("memory", new ThreeNumbers()).to(NUMBERS);
        job.stream(NUMBERS).groupByKey().reduce(Long::sum).toStream().to(SUMS);
        try (var millrace = Millrace.open(directory)) {
            millrace.start(job.build()).awaitInputDrained(DRAINED_MAX);
            long[] loaded = {0};
            try (var numbers = millrace.read(NUMBERS);
                    var sums = millrace.read(SUMS)) {
                while (!numbers.isAtEnd()) {
                    loaded[0] += numbers.poll((partition, offset, timestampMs, key, value) -> {});
                }
                return Map.of("loaded", loaded[0], "sum", sums.latest().get("n"));
            }
        }
    }

    private int resetLoader(String... options) {
        var arguments = new ArrayList<>(
                List.of("job", "reset", "loader", "--data-dir", directory.toString(), "--to-start", "--yes"));
        arguments.addAll(List.of(options));
        return execute(arguments.toArray(String[]::new));
    }

    @Test
    void whatIsLoadedIsNotLoadedTwice() throws Exception {
        assertThat(runLoader()).isEqualTo(Map.of("loaded", 3L, "sum", 6L));

        assertThat(resetLoader("--sources=keep")).isZero();
        assertThat(output).contains("source.memory/all at {next=3} stays there").contains("numbers-0");
        assertThat(runLoader()).isEqualTo(Map.of("loaded", 3L, "sum", 6L));
        assertThat(resetLoader("--sources=keep")).as("once more").isZero();
        assertThat(runLoader()).isEqualTo(Map.of("loaded", 3L, "sum", 6L));
    }

    @Test
    void loadsAgainIfToldSo() throws Exception {
        runLoader();

        assertThat(resetLoader("--sources=again")).isZero();
        assertThat(output).contains("is read again from its start");
        assertThat(runLoader()).isEqualTo(Map.of("loaded", 6L, "sum", 12L));
    }

    @Test
    void asksWhatBecomesOfForeignData() throws Exception {
        runLoader();

        assertThat(resetLoader()).isEqualTo(1);
        assertThat(output)
                .contains("--sources=keep")
                .contains("--sources=again")
                .contains("Nothing was done");
        assertThat(runLoader()).isEqualTo(Map.of("loaded", 3L, "sum", 6L));
    }

    @Test
    void wrongOptionsHaveAnExitCodeOfTheirOwn() {
        assertThat(millrace()).isEqualTo(2);
        assertThat(millrace("--to-start", "--to-time", "1970-01-01T00:00:00Z")).isEqualTo(2);
        assertThat(millrace("--to-begin", "3")).isEqualTo(2);
        assertThat(output.strip())
                .isEqualTo("millrace: there is no --to-begin. ./millrace job reset --help shows what there is.");
        assertThat(execute("job")).isEqualTo(2);
        assertThat(output).contains("./millrace job --help");
    }

    @Test
    void everyCommandHasAPage() {
        for (var command : new String[][] {{"--help"}, {"job", "-h"}, {"job", "reset", "--help"}}) {
            assertThat(execute(command)).isZero();
            assertThat(output).contains("Usage: ./millrace").contains("--help");
        }
    }

    private int millrace(String... options) {
        var arguments = new String[options.length + 5];
        System.arraycopy(
                new String[] {"job", "reset", "letter-count", "--data-dir", directory.toString()}, 0, arguments, 0, 5);
        System.arraycopy(options, 0, arguments, 5, options.length);
        return execute(arguments);
    }

    private int execute(String... arguments) {
        var written = new StringWriter();
        var printer = new PrintWriter(written, true);
        var code = MillraceCommand.commandLine().setOut(printer).setErr(printer).execute(arguments);
        output = written.toString();
        return code;
    }

    /** Runs the job to the end of its input; answers the latest count of each letter. */
    private Map<String, Long> runJob() throws Exception {
        var job = Topology.define("letter-count");
        job.stream(LETTERS).groupBy((key, letter) -> letter).count().toStream().to(COUNTS);
        try (var millrace = Millrace.open(directory)) {
            millrace.start(job.build()).awaitInputDrained(DRAINED_MAX);
            try (var reader = millrace.read(COUNTS)) {
                return reader.latest();
            }
        }
    }

    private static void write(LogClient client, String... letters) {
        try (Producer producer = client.openProducer(ProducerOptions.idempotent())) {
            await(producer.ready());
            var batch = new RecordBatchBuilder(Compression.NONE, TimestampType.CREATE_TIME, 1 << 16);
            for (var i = 0; i < letters.length; i++) {
                batch.append(i, null, letters[i].getBytes(StandardCharsets.UTF_8), Header.NONE);
            }
            await(producer.append(new TopicPartition(LETTERS.name(), 0), batch));
        }
    }

    private static <T> T await(Pending<T> pending) {
        while (!pending.isDone()) {
            LockSupport.parkNanos(100_000);
        }
        return pending.value();
    }
}
