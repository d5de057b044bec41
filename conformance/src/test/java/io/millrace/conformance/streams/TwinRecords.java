package io.millrace.conformance.streams;

import io.millrace.streams.codec.Codecs;
import io.millrace.streams.codec.KeyPartitioner;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** Random records for both sides: nulls, ties and disorder as far as the outputs stay defined. */
final class TwinRecords {

    private static final int RECORDS_MAX = 80;

    /** Records at the end that pass every operator and leave no window open behind them. */
    private static final int FLUSH_ROUNDS = 3;

    private static final long FLUSH_STEP_MS = 10_000;

    private final List<Row> records = new ArrayList<>();
    private final Random random;
    private final List<String> topics;
    private long clockMs;

    private TwinRecords(Random random, List<String> topics) {
        this.random = random;
        this.topics = topics;
        clockMs = random.nextBoolean() ? 0 : 1_000_000;
    }

    /** With ties, and up to {@code disorderMs} behind the one before. */
    static List<Row> ofOnePartition(Random random, List<String> topics, long disorderMs) {
        TwinRecords made = new TwinRecords(random, topics);
        for (int i = 1 + random.nextInt(RECORDS_MAX); i > 0; i--) {
            made.clockMs += random.nextInt(12) == 0 ? random.nextInt(60) : random.nextInt(4);
            made.add(Math.max(0, made.clockMs - (disorderMs == 0 ? 0 : random.nextInt((int) disorderMs + 1))), 4);
        }
        for (int round = 1; round <= FLUSH_ROUNDS; round++) {
            made.clockMs += FLUSH_STEP_MS;
            for (String topic : topics) {
                made.records.add(new Row(topic, Functions.FLUSH, "v" + round, made.clockMs));
            }
        }
        return made.records;
    }

    /** Each later than the one before: over several partitions time alone says which came first. */
    static List<Row> inOrder(Random random, List<String> topics, int partitionsMax) {
        TwinRecords made = new TwinRecords(random, topics);
        for (int i = 1 + random.nextInt(2 * RECORDS_MAX); i > 0; i--) {
            made.clockMs += 1 + (random.nextInt(12) == 0 ? random.nextInt(60) : random.nextInt(3));
            made.add(made.clockMs, 3 * partitionsMax);
        }
        for (int round = 1; round <= FLUSH_ROUNDS; round++) {
            made.clockMs += FLUSH_STEP_MS;
            for (String topic : topics) {
                for (String key : flushesOf(partitionsMax)) {
                    made.clockMs++;
                    made.records.add(new Row(topic, key, "v" + round, made.clockMs));
                }
            }
        }
        return made.records;
    }

    private void add(long timestampMs, int keys) {
        records.add(new Row(
                topics.get(random.nextInt(topics.size())),
                random.nextInt(15) == 0 ? null : "k" + random.nextInt(keys),
                random.nextInt(7) == 0 ? null : "v" + random.nextInt(30),
                timestampMs));
    }

    /** Keys that reach every partition, whether there are {@code partitionsMax} or fewer. */
    private static Set<String> flushesOf(int partitionsMax) {
        Set<String> keys = new TreeSet<>();
        for (int partitions = 1; partitions <= partitionsMax; partitions++) {
            for (int partition = 0; partition < partitions; partition++) {
                keys.add(flushOf(partition, partitions));
            }
        }
        return keys;
    }

    private static String flushOf(int partition, int partitions) {
        for (int i = 0; ; i++) {
            String key = Functions.FLUSH + i;
            byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
            if (KeyPartitioner.partition(Codecs.string(), bytes, 0, partitions) == partition) {
                return key;
            }
        }
    }
}
