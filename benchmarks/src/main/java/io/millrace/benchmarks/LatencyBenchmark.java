package io.millrace.benchmarks;

import io.millrace.benchmarks.peer.KafkaBroker;
import io.millrace.benchmarks.peer.Processes;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.jspecify.annotations.Nullable;

/**
 * J8: how long a record takes from its producer through an exactly-once job to a read-committed consumer, both of them stock Java
 * clients over TCP, at page-cache durability. Open loop: a record counts from when it was meant to be sent.
 *
 * <p>The systems take turns: Millrace with the job embedded; Kafka with Kafka Streams at its defaults; the same tuned to commit
 * every 10 ms without lingering. Arguments: {@code [rounds] [seconds] [records per second]}.
 */
public final class LatencyBenchmark {

    private static final int TUNED_COMMIT_MS = 10;
    private static final int WARM_UP_SECONDS = 20;

    private LatencyBenchmark() {}

    /** One system and what it has shown. */
    private record Contender(String name, Running running, List<Histogram> rounds) {}

    /** The processes of a system. */
    private record Running(
            String address, Process job, @Nullable KafkaBroker broker) {

        void close() throws IOException {
            job.getOutputStream().close();
            Processes.awaitEnd(job);
            if (broker != null) {
                broker.close();
            }
        }
    }

    public static void main(String[] args) throws Exception {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 5;
        int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 20;
        int rate = args.length > 2 ? Integer.parseInt(args[2]) : 1_000;
        Path directory = Files.createTempDirectory("millrace-latency-");
        List<Contender> contenders = new ArrayList<>();
        try {
            contenders.add(new Contender("millrace", startMillrace(directory), new ArrayList<>()));
            contenders.add(new Contender(
                    "kafka, defaults",
                    startKafka(directory.resolve("defaults"), LatencyJob.COMMIT_MS_DEFAULT),
                    new ArrayList<>()));
            contenders.add(new Contender(
                    "kafka, tuned", startKafka(directory.resolve("tuned"), TUNED_COMMIT_MS), new ArrayList<>()));
            for (Contender contender : contenders) {
                LatencyRound.run(contender.running.address(), rate, WARM_UP_SECONDS);
            }
            for (int round = 0; round < rounds; round++) {
                for (Contender contender : contenders) {
                    contender.rounds.add(LatencyRound.run(contender.running.address(), rate, seconds));
                }
            }
        } finally {
            for (Contender contender : contenders) {
                contender.running.close();
            }
            Trees.delete(directory);
        }
        System.out.printf(
                Locale.ROOT,
                "java %s, %d processors, %d records/s, %d rounds of %d s after %d s to warm up; ms, median of the rounds (min–max)%n%n",
                Runtime.version(),
                Runtime.getRuntime().availableProcessors(),
                rate,
                rounds,
                seconds,
                WARM_UP_SECONDS);
        System.out.println("| J8 | p50 | p99 | p99.9 | max |");
        System.out.println("|---|---|---|---|---|");
        contenders.forEach(LatencyBenchmark::print);
    }

    private static void print(Contender contender) {
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %s | %s | %s |%n",
                contender.name,
                spread(contender.rounds, 50),
                spread(contender.rounds, 99),
                spread(contender.rounds, 99.9),
                spread(contender.rounds, 100));
    }

    private static String spread(List<Histogram> rounds, double percentile) {
        double[] ms = rounds.stream()
                .mapToDouble(round -> round.getValueAtPercentile(percentile) / 1e6)
                .sorted()
                .toArray();
        return String.format(Locale.ROOT, "%.2f (%.2f–%.2f)", ms[ms.length / 2], ms[0], ms[ms.length - 1]);
    }

    private static Running startMillrace(Path directory) throws IOException {
        Process job = start("millrace", directory.resolve("millrace").toString());
        return new Running(awaitReady(job), job, null);
    }

    private static Running startKafka(Path directory, int commitMs) throws Exception {
        KafkaBroker broker = KafkaBroker.start(Files.createDirectories(directory), false);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.address()))) {
            admin.createTopics(List.of(
                            new NewTopic(LatencyJob.INPUT, 1, (short) 1),
                            new NewTopic(LatencyJob.OUTPUT, 1, (short) 1)))
                    .all()
                    .get();
        }
        Process job =
                start("streams", directory.resolve("state").toString(), broker.address(), Integer.toString(commitMs));
        return new Running(awaitReady(job), job, broker);
    }

    private static Process start(String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms1g",
                "-Xmx1g",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                "-cp",
                System.getProperty("java.class.path"),
                LatencyJob.class.getName()));
        command.addAll(Arrays.asList(args));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static String awaitReady(Process job) throws IOException {
        BufferedReader said = job.inputReader(StandardCharsets.UTF_8);
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            if (line.startsWith("ready ")) {
                return line.substring("ready ".length());
            }
        }
        throw new IOException("the job ended before it was ready");
    }
}
