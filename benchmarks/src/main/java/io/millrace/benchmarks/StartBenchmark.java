package io.millrace.benchmarks;

import io.millrace.benchmarks.peer.Processes;
import io.millrace.streams.Job;
import io.millrace.streams.Millrace;
import io.millrace.streams.Topic;
import io.millrace.streams.Topology;
import io.millrace.streams.codec.Codecs;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * S1: how long a fresh JVM takes to open an embedded node on an empty directory and to have the smallest stateful job
 * running, what the process holds in memory then, and what it costs while nothing happens.
 *
 * <p>Arguments: {@code [runs]}.
 */
public final class StartBenchmark {

    private static final int IDLE_SECONDS = 10;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private StartBenchmark() {}

    public static void main(String[] args) throws Exception {
        if (args.length == 2 && args[0].equals("child")) {
            beStarted(Path.of(args[1]));
            return;
        }
        int runs = args.length > 0 ? Integer.parseInt(args[0]) : 5;
        double[] nodeMs = new double[runs];
        double[] jobMs = new double[runs];
        double[] idlePercent = new double[runs];
        double[] rssMb = new double[runs];
        for (int run = 0; run < runs; run++) {
            Path directory = Files.createTempDirectory("millrace-start-");
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            StartBenchmark.class.getName(),
                            "child",
                            directory.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
                String[] words = out.readLine().split(" ");
                nodeMs[run] = Double.parseDouble(words[0]);
                jobMs[run] = Double.parseDouble(words[1]);
                TimeUnit.SECONDS.sleep(2);
                double before = ProcessCpu.secondsOf(process.pid());
                TimeUnit.SECONDS.sleep(IDLE_SECONDS);
                idlePercent[run] = (ProcessCpu.secondsOf(process.pid()) - before) / IDLE_SECONDS * 100;
                rssMb[run] = residentMb(process.pid());
            } finally {
                process.getOutputStream().close();
                Processes.awaitEnd(process);
                Trees.delete(directory);
            }
        }
        System.out.println("| S1 | median | min–max |");
        System.out.println("|---|---|---|");
        print("JVM start to open node, ms", nodeMs);
        print("JVM start to running job, ms", jobMs);
        print("idle, % of a core", idlePercent);
        print("resident memory, MB", rssMb);
    }

    private static void print(String what, double[] values) {
        Arrays.sort(values);
        System.out.printf(
                Locale.ROOT,
                "| %s | %.1f | %.1f–%.1f |%n",
                what,
                values[values.length / 2],
                values[0],
                values[values.length - 1]);
    }

    /** Opens a node, starts the smallest job with state, says how long that took, and waits for its input to end. */
    private static void beStarted(Path directory) throws Exception {
        long startedMs = ManagementFactory.getRuntimeMXBean().getStartTime();
        var words = Topic.of("words", Codecs.string(), Codecs.string()).partitions(1);
        var topology = Topology.define("smallest");
        topology.stream(words).groupByKey().count().toStream().to(Topic.of("counts", Codecs.string(), Codecs.longs()));
        try (Millrace millrace = Millrace.open(directory)) {
            long nodeMs = System.currentTimeMillis() - startedMs;
            try (Job job = millrace.start(topology.build())) {
                job.awaitRunning(PATIENCE);
                long jobMs = System.currentTimeMillis() - startedMs;
                System.out.println(nodeMs + " " + jobMs);
                List<String> rest = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
                        .lines()
                        .toList();
                if (!rest.isEmpty()) {
                    throw new IOException("nothing was to be said to the child");
                }
            }
        }
    }

    private static double residentMb(long pid) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024.0;
            }
        }
        throw new IOException("no VmRSS of process " + pid);
    }
}
