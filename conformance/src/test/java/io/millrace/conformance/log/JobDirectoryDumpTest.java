package io.millrace.conformance.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.CommittedOffset;
import io.millrace.client.Pending;
import io.millrace.client.TopicPartition;
import io.millrace.connect.builtin.LineFileSource;
import io.millrace.connect.builtin.LineInput;
import io.millrace.kernel.SystemClock;
import io.millrace.kernel.Waiter;
import io.millrace.node.NodeConfig;
import io.millrace.samples.wordcount.WordCount;
import io.millrace.streams.Job;
import io.millrace.streams.JobOptions;
import io.millrace.streams.Millrace;
import io.millrace.streams.Topic;
import io.millrace.streams.Topology;
import io.millrace.streams.codec.Codecs;
import io.millrace.streams.runtime.JobFootprint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The directory that a real job leaves behind, every partition of it, as Kafka's tool reads it. */
class JobDirectoryDumpTest {

    private static final String JOB = "words";
    private static final Topic<Long, String> LINES = Topic.of("lines", Codecs.longs(), Codecs.string());
    private static final Topic<String, Long> COUNTS = Topic.of("counts", Codecs.string(), Codecs.longs());
    private static final JobOptions OFTEN =
            JobOptions.DEFAULT.with("frame.records", "2").with("commit.interval.ms", "0");
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int RUNS = 3;

    @TempDir
    private Path folder;

    private final Map<TopicPartition, CommittedOffset> positions = new TreeMap<>();
    private final Map<String, Long> counts = new TreeMap<>();

    private static Topology topology() {
        var job = Topology.define(JOB);
        job.source("text", LineFileSource.lines(LineInput.resource(WordCount.class, "/data/gettysburg.txt")))
                .selectKey((name, line) -> (long) line.length())
                .to(LINES);
        job.stream(LINES)
                .flatMapValues(line -> List.of(line.toLowerCase(Locale.ROOT).split("[^a-z]+")))
                .groupBy((length, word) -> word)
                .count()
                .toStream()
                .to(COUNTS);
        return job.build();
    }

    /** The job runs, is closed and runs again, each time to the end of its input and with a commit every few lines. */
    private void run(NodeConfig config) throws Exception {
        for (int i = 0; i < RUNS; i++) {
            try (Millrace millrace = Millrace.open(folder, config)) {
                Job job = millrace.start(topology(), OFTEN);
                job.awaitInputDrained(PATIENCE);
                job.close();
                positions.putAll(answer(millrace.client().committedOffsets(JOB)));
                try (var reader = millrace.read(COUNTS)) {
                    counts.putAll(reader.latest());
                }
            }
        }
        assertThat(positions).isNotEmpty();
    }

    private static <T> T answer(Pending<T> pending) throws InterruptedException {
        assertThat(new Waiter().await(pending::isDone, PATIENCE, SystemClock.INSTANCE))
                .isTrue();
        return pending.value();
    }

    @Test
    void kafkaReadsEveryPartitionThatAJobLeaves() throws Exception {
        run(NodeConfig.DEFAULT);

        Map<String, Dump> dumps = new TreeMap<>();
        try (Stream<Path> found = Files.list(folder.resolve("log"))) {
            for (Path partition : found.filter(Files::isDirectory).toList()) {
                String name = partition.getFileName().toString();
                dumps.put(name, PartitionFiles.check(partition, false, decoder(name)));
            }
        }

        assertThat(latest(dumps, "__consumer_offsets-")).containsAllEntriesOf(expectedPositions());
        assertThat(latest(dumps, "counts-").keySet()).isEqualTo(counts.keySet());
        Dump transactions = dumps.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("__transaction_state-"))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow();
        assertThat(phases(transactions)).matches("((00*)(1+24|1+35)*)+").containsPattern("1+24");
        assertThat(dumps.keySet()).anyMatch(name -> name.startsWith(JobFootprint.changelog(JOB)));
    }

    private static String[] decoder(String partition) {
        return partition.startsWith("__consumer_offsets-")
                ? new String[] {"--offsets-decoder"}
                : partition.startsWith("__transaction_state-")
                        ? new String[] {"--transaction-log-decoder"}
                        : new String[0];
    }

    /** The last value of each key, over all partitions of a topic. */
    private static Map<String, String> latest(Map<String, Dump> dumps, String topic) {
        Map<String, String> latest = new TreeMap<>();
        dumps.forEach((name, dump) -> {
            if (name.startsWith(topic)) {
                dump.entries().forEach(entry -> latest.put(entry.key(), withoutTime(entry.payload())));
            }
        });
        return latest;
    }

    private Map<String, String> expectedPositions() {
        Map<String, String> expected = new TreeMap<>();
        positions.forEach((partition, position) -> expected.put(
                "{\"type\":\"1\",\"data\":{\"group\":\"" + JOB + "\",\"topic\":\"" + partition.topic()
                        + "\",\"partition\":" + partition.partition() + "}}",
                "{\"version\":\"3\",\"data\":{\"offset\":" + position.offset() + ",\"leaderEpoch\":"
                        + position.leaderEpoch() + ",\"metadata\":\"" + position.metadata() + "\"}}"));
        return expected;
    }

    private static String withoutTime(String value) {
        return value.replaceFirst(",\"commitTimestamp\":\\d+", "");
    }

    /** The states of the transactions, a digit each. */
    private static String phases(Dump dump) {
        return dump.entries().stream()
                .map(entry -> entry.payload().replaceFirst(".*\"transactionStatus\":(\\d).*", "$1"))
                .collect(Collectors.joining());
    }
}
