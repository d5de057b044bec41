package io.millrace.benchmarks;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One system under test in a process of its own. Loads its input, says {@code ready}, then answers each line on standard
 * input with one round, until the input ends.
 */
public final class Child {

    private Child() {}

    /** Arguments: system (millrace or kafka), workload, record count, durability (os or disk), an empty directory. */
    public static void main(String[] args) throws Exception {
        Workload workload = Workload.valueOf(args[1]);
        long count = Long.parseLong(args[2]);
        boolean disk = args[3].equals("disk");
        Path directory = Files.createDirectories(Path.of(args[4]));
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (SystemUnderTest system = args[0].equals("kafka")
                ? new KafkaSide(workload, count, directory, disk)
                : new MillraceSide(workload, count, directory, disk)) {
            System.out.println("ready");
            while (commands.readLine() != null) {
                System.out.println(system.run().toLine());
            }
        }
        System.exit(0);
    }
}
