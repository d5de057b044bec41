package io.millrace.benchmarks;

import io.millrace.streams.Windowed;
import io.millrace.streams.codec.StateKeyCodec;
import io.millrace.streams.codec.TypeRegistry;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * What a key in state costs to encode, and to route, in nanoseconds of CPU time: text, numbers, records, windows. The median of
 * the rounds is printed, after as many rounds of warming up; all kinds take turns, so that the code sees all of them.
 */
public final class StateKeyBenchmark {

    private static final int ROUNDS = 15;
    private static final int KEYS = 1_024;
    private static final int PASSES = 300;
    private static final int PARTITIONS = 16;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    record Route(String origin, String destination) {}

    record Seat(long flight, int row) {}

    private record Kind(String name, IntFunction<Object> key) {}

    private StateKeyBenchmark() {}

    public static void main(String[] arguments) {
        Kind[] kinds = {
            new Kind("text", i -> "key-" + i),
            new Kind("long", i -> (long) i),
            new Kind("record of two texts", i -> new Route("LA" + i % 32, "JF" + i / 32)),
            new Kind("record of two numbers", i -> new Seat(i, i % 7)),
            new Kind("window of text", i -> new Windowed<>("key-" + i, 0, 60_000)),
        };
        StateKeyCodec codec = new StateKeyCodec(new TypeRegistry(StateKeyBenchmark.class.getClassLoader(), Set.of()));
        double[][] encode = new double[kinds.length][ROUNDS];
        double[][] route = new double[kinds.length][ROUNDS];
        long checksum = 0;
        for (int round = -ROUNDS; round < ROUNDS; round++) {
            for (int kind = 0; kind < kinds.length; kind++) {
                Object[] keys = new Object[KEYS];
                Arrays.setAll(keys, kinds[kind].key());
                int at = Math.max(round, 0);
                long start = THREADS.getCurrentThreadCpuTime();
                for (int i = 0; i < PASSES * KEYS; i++) {
                    checksum += codec.encode(keys[i % KEYS]).length;
                }
                long encoded = THREADS.getCurrentThreadCpuTime();
                for (int i = 0; i < PASSES * KEYS; i++) {
                    checksum += codec.partition(keys[i % KEYS], PARTITIONS);
                }
                long routed = THREADS.getCurrentThreadCpuTime();
                encode[kind][at] = (encoded - start) / (double) (PASSES * KEYS);
                route[kind][at] = (routed - encoded) / (double) (PASSES * KEYS);
            }
        }
        System.out.printf("%-24s %10s %10s%n", "ns of CPU time per key", "encode", "route");
        for (int kind = 0; kind < kinds.length; kind++) {
            System.out.printf("%-24s %10.1f %10.1f%n", kinds[kind].name(), median(encode[kind]), median(route[kind]));
        }
        System.out.println("checksum " + checksum);
    }

    private static double median(double[] figures) {
        Arrays.sort(figures);
        return figures[figures.length / 2];
    }
}
