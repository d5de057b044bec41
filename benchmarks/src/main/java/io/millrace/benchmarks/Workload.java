package io.millrace.benchmarks;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The input of one benchmark job and the hash that its final output must have. The same seed gives the same input to every
 * system; the oracle folds it in plain Java.
 *
 * <p>Values are 100 bytes: an 8-byte number, then filling. Timestamps rise by one ms per record. Inputs of windowed jobs end
 * with one record per partition far in the future, so that every window before it closes.
 */
enum Workload {
    /** Filter (keeps 3 of 4) and map (adds 1 to the number), topic to topic. */
    J1,
    /** Count per key, 100,000 keys. */
    J2,
    /** Count and sum per key in tumbling windows of 10 s, final results only; 1,000 keys. */
    J3,
    /** Inner join of two streams within 5 minutes; each key stands once on each side. */
    J4,
    /** Word count: lines of four words, 10,000 words in a Zipf distribution; one exchange. */
    J6;

    static final int PARTITIONS = 4;
    static final int VALUE_BYTES = 100;
    static final long START_MS = 1_700_000_000_000L;
    static final long WINDOW_MS = 10_000;
    static final long JOIN_MS = 300_000;
    static final long FLUSH_MS = START_MS + 10_000_000_000L;
    static final String INPUT = "input";
    static final String RIGHT = "right";
    static final String OUTPUT = "output";

    /** Takes one input record. */
    interface Sink {
        void accept(String topic, int partition, byte[] key, byte[] value, long timestampMs);
    }

    List<String> inputs() {
        return this == J4 ? List.of(INPUT, RIGHT) : List.of(INPUT);
    }

    /** Hands out {@code count} records, and for windowed jobs one more per partition of each input. */
    void generate(long count, Sink sink) {
        SplittableRandom random = new SplittableRandom(42);
        Zipf words = new Zipf(10_000);
        for (long i = 0; i < count; i++) {
            long timestampMs = START_MS + i;
            switch (this) {
                case J1 -> emit(sink, INPUT, longBytes(i), value(i), timestampMs);
                case J2 -> emit(sink, INPUT, longBytes(random.nextInt(100_000)), value(i), timestampMs);
                case J3 -> emit(sink, INPUT, longBytes(random.nextInt(1_000)), value(i), timestampMs);
                case J4 -> emit(sink, i % 2 == 0 ? INPUT : RIGHT, longBytes(i / 2), value(i), timestampMs);
                case J6 -> {
                    StringBuilder line = new StringBuilder(40);
                    for (int w = 0; w < 4; w++) {
                        line.append(w == 0 ? "" : " ").append("word").append(words.next(random));
                    }
                    emit(sink, INPUT, longBytes(i), line.toString().getBytes(StandardCharsets.UTF_8), timestampMs);
                }
            }
        }
        if (this == J3) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                sink.accept(INPUT, partition, longBytes(-1 - partition), value(0), FLUSH_MS);
            }
        }
    }

    /** The hash the final output must have; see {@link OutputHash}. */
    long expectedHash(long count) {
        OutputHash hash = new OutputHash(this);
        Map<Long, Long> counts = new HashMap<>();
        Map<String, Long> wordCounts = new HashMap<>();
        Map<Long, long[]> windows = new HashMap<>();
        generate(count, (topic, partition, key, value, timestampMs) -> {
            switch (this) {
                case J1 -> {
                    if (keeps(value)) {
                        hash.add(key, mapped(value));
                    }
                }
                case J2 -> counts.merge(ByteBuffer.wrap(key).getLong(), 1L, Long::sum);
                case J3 -> {
                    if (timestampMs < FLUSH_MS) {
                        long start = timestampMs - timestampMs % WINDOW_MS;
                        long[] pair = windows.computeIfAbsent(
                                start * 1_000 + ByteBuffer.wrap(key).getLong(), k -> new long[2]);
                        pair[0]++;
                        pair[1] += number(value);
                    }
                }
                case J4 -> {
                    if (topic.equals(RIGHT)) {
                        hash.add(key, longBytes(2 * number(value) - 1));
                    }
                }
                case J6 -> {
                    for (String word : new String(value, StandardCharsets.UTF_8).split(" ")) {
                        wordCounts.merge(word, 1L, Long::sum);
                    }
                }
            }
        });
        counts.forEach((key, total) -> hash.add(longBytes(key), longBytes(total)));
        wordCounts.forEach((word, total) -> hash.add(word.getBytes(StandardCharsets.UTF_8), longBytes(total)));
        windows.forEach((key, pair) -> hash.add(
                ByteBuffer.allocate(16)
                        .putLong(key % 1_000)
                        .putLong(key / 1_000)
                        .array(),
                ByteBuffer.allocate(16).putLong(pair[0]).putLong(pair[1]).array()));
        return hash.value();
    }

    // ---- what the jobs compute, shared by every system

    static boolean keeps(byte[] value) {
        return number(value) % 4 != 0;
    }

    static byte[] mapped(byte[] value) {
        byte[] changed = value.clone();
        ByteBuffer.wrap(changed).putLong(0, number(value) + 1);
        return changed;
    }

    static byte[] joined(byte[] left, byte[] right) {
        return longBytes(number(left) + number(right));
    }

    static long number(byte[] value) {
        return ByteBuffer.wrap(value).getLong(0);
    }

    static byte[] longBytes(long number) {
        return ByteBuffer.allocate(8).putLong(number).array();
    }

    private static byte[] value(long number) {
        byte[] value = new byte[VALUE_BYTES];
        ByteBuffer.wrap(value).putLong(number);
        for (int i = 8; i < VALUE_BYTES; i++) {
            value[i] = (byte) ('a' + (number + i) % 26);
        }
        return value;
    }

    private static void emit(Sink sink, String topic, byte[] key, byte[] value, long timestampMs) {
        int partition = org.apache.kafka.common.utils.Utils.toPositive(org.apache.kafka.common.utils.Utils.murmur2(key))
                % PARTITIONS;
        sink.accept(topic, partition, key, value, timestampMs);
    }

    /** Ranks 0 to n−1 with probability proportional to 1 / (rank + 1), by inversion. */
    private static final class Zipf {
        private final double[] cumulative;

        Zipf(int n) {
            cumulative = new double[n];
            double sum = 0;
            for (int i = 0; i < n; i++) {
                sum += 1.0 / (i + 1);
                cumulative[i] = sum;
            }
        }

        int next(SplittableRandom random) {
            int at = java.util.Arrays.binarySearch(cumulative, random.nextDouble() * cumulative[cumulative.length - 1]);
            return Math.min(at < 0 ? -at - 1 : at, cumulative.length - 1);
        }
    }
}
