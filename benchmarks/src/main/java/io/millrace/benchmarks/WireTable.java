package io.millrace.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Rounds of the wire benchmarks by what was measured, printed as medians with their spread. */
final class WireTable {

    /**
     * One round.
     *
     * @param records that the client has sent or received
     * @param bytes of their values
     * @param seconds that took
     * @param cpuSeconds of the broker
     * @param p99Ms of the latency, NaN if it was not measured
     */
    record Round(long records, long bytes, double seconds, double cpuSeconds, double p99Ms) {
        static Round of(long records, long bytes, double seconds, double cpuSeconds) {
            return new Round(records, bytes, seconds, cpuSeconds, Double.NaN);
        }

        double recordsPerSecond() {
            return records / seconds;
        }

        double cpuSecondsPerGigabyte() {
            return cpuSeconds / bytes * 1e9;
        }
    }

    private final Map<String, List<Round>> rounds = new LinkedHashMap<>();

    void add(String what, Round round) {
        rounds.computeIfAbsent(what, ignored -> new ArrayList<>()).add(round);
    }

    static void printHead() {
        System.out.println(
                "| what | system | records/s | min–max | MB/s | broker CPU s per GB | min–max | p99 ms | min–max | RSS MB |");
        System.out.println("|---|---|---|---|---|---|---|---|---|---|");
    }

    void print(String system, double residentMegabytes) {
        rounds.forEach((what, list) -> {
            double[] rates =
                    sorted(list.stream().mapToDouble(Round::recordsPerSecond).toArray());
            double[] cpus = sorted(
                    list.stream().mapToDouble(Round::cpuSecondsPerGigabyte).toArray());
            double[] latencies = sorted(list.stream().mapToDouble(Round::p99Ms).toArray());
            double bytesPerRecord = (double) list.get(0).bytes() / list.get(0).records();
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %s | %,.0f | %,.0f–%,.0f | %,.0f | %.2f | %.2f–%.2f | %s | %.0f |%n",
                    what,
                    system,
                    median(rates),
                    rates[0],
                    rates[rates.length - 1],
                    median(rates) * bytesPerRecord / 1e6,
                    median(cpus),
                    cpus[0],
                    cpus[cpus.length - 1],
                    Double.isNaN(latencies[0])
                            ? "| "
                            : String.format(
                                    Locale.ROOT,
                                    "%.2f | %.2f–%.2f",
                                    median(latencies),
                                    latencies[0],
                                    latencies[latencies.length - 1]),
                    residentMegabytes);
        });
    }

    private static double[] sorted(double[] values) {
        Arrays.sort(values);
        return values;
    }

    private static double median(double[] sorted) {
        return sorted[sorted.length / 2];
    }
}
