package io.millrace.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the benchmarks of the wire take.
 *
 * @param systems that take turns: {@code kafka}, {@code millrace}, or {@code NAME=CLASSPATH} for a Millrace whose classes come
 *     from there first, to compare two states of it
 * @param recordBytes sizes of values
 * @param partitions counts of partitions
 * @param megabytes of values per round
 * @param rounds that count
 * @param warmups before them
 * @param durability os or disk
 * @param jvmArgs of Millrace: its heap, and what {@code --jvm} has, separated by blanks
 */
record WireOptions(
        List<String> systems,
        List<Integer> recordBytes,
        List<Integer> partitions,
        int megabytes,
        int rounds,
        int warmups,
        String durability,
        List<String> jvmArgs) {

    /** What Millrace is given unless {@code --heap} says otherwise. */
    private static final String HEAP = "256m";

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
                jvmArgs(given.getOrDefault("--heap", HEAP), given.getOrDefault("--jvm", "")));
    }

    private static List<String> jvmArgs(String heap, String more) {
        List<String> args = new ArrayList<>(List.of("-Xms" + heap, "-Xmx" + heap));
        args.addAll(Arrays.stream(more.split(" ")).filter(arg -> !arg.isEmpty()).toList());
        return args;
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
                + durability + ", " + String.join(" ", jvmArgs) + " (Kafka -Xmx1g), " + rounds + " rounds after "
                + warmups + " warm-ups";
    }
}
