package io.millrace.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Runs workloads on Millrace and on Kafka Streams with an Apache Kafka broker, round by round in turn, and prints a table of
 * medians with their spread. A round with a wrong output hash counts as failed.
 *
 * <p>Arguments: {@code [--jobs J1,J2,J3,J4,J6] [--records N] [--rounds N] [--warmups N] [--durability os|disk]
 * [--systems millrace,kafka]}.
 */
public final class Compare {

    private final List<Workload> jobs;
    private final List<String> systems;
    private final long records;
    private final int rounds;
    private final int warmups;
    private final String durability;

    private Compare(Map<String, String> options) {
        this.jobs = Arrays.stream(
                        options.getOrDefault("--jobs", "J1,J2,J3,J4,J6").split(","))
                .map(Workload::valueOf)
                .toList();
        this.systems =
                List.of(options.getOrDefault("--systems", "millrace,kafka").split(","));
        this.records = Long.parseLong(options.getOrDefault("--records", "2000000"));
        this.rounds = Integer.parseInt(options.getOrDefault("--rounds", "5"));
        this.warmups = Integer.parseInt(options.getOrDefault("--warmups", "2"));
        this.durability = options.getOrDefault("--durability", "os");
    }

    public static void main(String[] args) throws Exception {
        Map<String, String> options = new LinkedHashMap<>();
        for (int i = 0; i + 1 < args.length; i += 2) {
            options.put(args[i], args[i + 1]);
        }
        Compare compare = new Compare(options);
        System.out.printf(
                Locale.ROOT,
                "java %s, %d processors, %d records, durability %s, %d rounds after %d warm-ups%n%n",
                Runtime.version(),
                Runtime.getRuntime().availableProcessors(),
                compare.records,
                compare.durability,
                compare.rounds,
                compare.warmups);
        System.out.println(
                "| job | system | records/s | min–max | CPU s per million | min–max | records/s per core | hash |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        for (Workload job : compare.jobs) {
            compare.run(job);
        }
    }

    private void run(Workload job) throws Exception {
        long expected = job.expectedHash(records);
        List<Contender> contenders = new ArrayList<>();
        Path directory = Files.createTempDirectory("millrace-bench-");
        try {
            for (String system : systems) {
                Path home = Files.createDirectory(directory.resolve(system));
                contenders.add(new Contender(
                        system, ChildProcess.start(system, job, records, durability, home), new ArrayList<>()));
            }
            for (int round = -warmups; round < rounds; round++) {
                for (Contender contender : contenders) {
                    Round result = contender.process.run();
                    if (round >= 0) {
                        contender.rounds.add(result);
                    }
                }
            }
        } finally {
            for (Contender contender : contenders) {
                contender.process.close();
            }
            Trees.delete(directory);
        }
        contenders.forEach(contender -> print(job, contender.system, contender.rounds, expected));
    }

    /** One system in the race. */
    private record Contender(String system, ChildProcess process, List<Round> rounds) {}

    private static void print(Workload job, String system, List<Round> list, long expected) {
        double[] rates =
                list.stream().mapToDouble(Round::recordsPerSecond).sorted().toArray();
        double[] cpus =
                list.stream().mapToDouble(Round::cpuSecondsPerMillion).sorted().toArray();
        boolean right = list.stream().allMatch(round -> round.hash() == expected);
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %,.0f | %,.0f–%,.0f | %.2f | %.2f–%.2f | %,.0f | %s |%n",
                job,
                system,
                median(rates),
                rates[0],
                rates[rates.length - 1],
                median(cpus),
                cpus[0],
                cpus[cpus.length - 1],
                1e6 / median(cpus),
                right ? "right" : "WRONG");
    }

    private static double median(double[] sorted) {
        return sorted[sorted.length / 2];
    }
}
