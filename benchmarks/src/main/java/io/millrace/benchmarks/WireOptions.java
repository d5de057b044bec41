package io.millrace.benchmarks;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the benchmarks of the wire take.
 *
 * @param systems that take turns
 * @param recordBytes sizes of values
 * @param partitions counts of partitions
 * @param megabytes of values per round
 * @param rounds that count
 * @param warmups before them
 * @param durability os or disk
 * @param heap of Millrace, as {@code -Xmx} has it
 */
record WireOptions(
        List<String> systems,
        List<Integer> recordBytes,
        List<Integer> partitions,
        int megabytes,
        int rounds,
        int warmups,
        String durability,
        String heap) {

    static WireOptions of(String[] args) {
        Map<String, String> given = new LinkedHashMap<>();
        for (int i = 0; i + 1 < args.length; i += 2) {
            given.put(args[i], args[i + 1]);
        }
        return new WireOptions(
                List.of(given.getOrDefault("--systems", "millrace,kafka").split(",")),
                numbers(given.getOrDefault("--record-bytes", "100,1000")),
                numbers(given.getOrDefault("--partitions", "1,1000")),
                Integer.parseInt(given.getOrDefault("--megabytes", "500")),
                Integer.parseInt(given.getOrDefault("--rounds", "5")),
                Integer.parseInt(given.getOrDefault("--warmups", "2")),
                given.getOrDefault("--durability", "os"),
                given.getOrDefault("--heap", "384m"));
    }

    private static List<Integer> numbers(String text) {
        return Arrays.stream(text.split(",")).map(Integer::valueOf).toList();
    }

    long records(int bytes) {
        return megabytes * 1_000_000L / bytes;
    }

    String title() {
        return "java " + Runtime.version() + ", "
                + Runtime.getRuntime().availableProcessors() + " processors, " + megabytes + " MB a round, durability "
                + durability + ", heap " + heap + " (Kafka 1g), " + rounds + " rounds after " + warmups + " warm-ups";
    }
}
