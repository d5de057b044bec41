package io.millrace.conformance.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.millrace.streams.plan.Plan;
import io.millrace.streams.plan.Planner;
import io.millrace.streams.plan.TopicPartitions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random topologies over random records, in ours and in Kafka's: each output topic must have the same keys, values and
 * timestamps in the same order per key.
 *
 * <p>Each case has a seed, which a failure prints. To run one alone, set the system property {@code oracle.seed}.
 */
class OperatorsOracleTest {

    private static final int CASES = 500;
    private static final int CASES_LONG = 10_000;
    private static final int JOBS = 60;
    private static final int JOBS_LONG = 2_000;
    private static final int RECORDS_MAX = 80;

    /** Records at the end that pass every operator and leave no window open behind them. */
    private static final int FLUSH_ROUNDS = 3;

    private static final long FLUSH_STEP_MS = 10_000;

    @TempDir
    private Path directory;

    /** The operators alone, all fragments in one shard. */
    @Test
    void operatorsWriteWhatKafkaStreamsWrites() {
        compare(1, CASES, OperatorsOracleTest::operators);
    }

    /** The whole runtime, with crashes. */
    @Test
    void jobsWriteWhatKafkaStreamsWrites() {
        compare(500_000, JOBS, OperatorsOracleTest::job);
    }

    @Test
    @Tag("long")
    void operatorsWriteWhatKafkaStreamsWritesInManyCases() {
        compare(1_000_000, CASES_LONG, OperatorsOracleTest::operators);
    }

    @Test
    @Tag("long")
    void jobsWriteWhatKafkaStreamsWritesInManyCases() {
        compare(2_000_000, JOBS_LONG, OperatorsOracleTest::job);
    }

    private static OurSide operators(TwinBuilder twin, Random random) {
        return new SingleShard(plan(twin), random);
    }

    private static OurSide job(TwinBuilder twin, Random random) {
        return new TesterSide(twin.topology, twin.outputs, random);
    }

    private interface Sides {
        OurSide of(TwinBuilder twin, Random random);
    }

    private void compare(long firstSeed, int count, Sides sides) {
        Long only = Long.getLong("oracle.seed");
        long from = only == null ? firstSeed : only;
        long to = only == null ? firstSeed + count : only + 1;
        int withOutput = 0;
        for (long seed = from; seed < to; seed++) {
            withOutput += compare(seed, sides) ? 1 : 0;
        }
        assertThat(withOutput).as("cases that wrote anything").isGreaterThan((int) (to - from) / 2);
    }

    /** Answers whether anything was written. */
    private boolean compare(long seed, Sides sides) {
        Random random = new Random(~seed);
        long disorderMs = random.nextInt(3) * 10;
        TwinBuilder twin = new TwinBuilder(seed, disorderMs);
        List<Row> records = records(random, List.copyOf(twin.inputs), disorderMs);
        try {
            List<Row> kafkas = runKafkas(twin, records);
            List<Row> ours = runOurs(sides.of(twin, random), records);
            Map<String, List<Row>> ourRows = byTopicAndKey(ours, twin.unordered);
            Map<String, List<Row>> kafkaRows = byTopicAndKey(kafkas, twin.unordered);
            if (!ourRows.equals(kafkaRows)) {
                fail(difference(seed, twin, records, ourRows, kafkaRows));
            }
            return !ours.isEmpty();
        } catch (Exception e) {
            throw new IllegalStateException("seed " + seed + "\n" + String.join("\n", twin.script), e);
        }
    }

    private static Plan plan(TwinBuilder twin) {
        return Planner.plan(twin.topology, TopicPartitions.of(twin.partitions()));
    }

    private static List<Row> records(Random random, List<String> topics, long disorderMs) {
        List<Row> records = new ArrayList<>();
        long clockMs = random.nextBoolean() ? 0 : 1_000_000;
        for (int i = 1 + random.nextInt(RECORDS_MAX); i > 0; i--) {
            clockMs += random.nextInt(12) == 0 ? random.nextInt(60) : random.nextInt(4);
            long timestampMs = Math.max(0, clockMs - (disorderMs == 0 ? 0 : random.nextInt((int) disorderMs + 1)));
            records.add(new Row(
                    topics.get(random.nextInt(topics.size())),
                    random.nextInt(15) == 0 ? null : "k" + random.nextInt(4),
                    random.nextInt(7) == 0 ? null : "v" + random.nextInt(30),
                    timestampMs));
        }
        for (int round = 1; round <= FLUSH_ROUNDS; round++) {
            clockMs += FLUSH_STEP_MS;
            for (String topic : topics) {
                records.add(new Row(topic, Functions.FLUSH, "v" + round, clockMs));
            }
        }
        return records;
    }

    private List<Row> runKafkas(TwinBuilder twin, List<Row> records) {
        try (KafkaSide side = new KafkaSide(twin.kafkas.build(), twin.inputs, twin.outputs, directory)) {
            records.forEach(side::pipe);
            return side.output();
        }
    }

    private static List<Row> runOurs(OurSide side, List<Row> records) throws Exception {
        try (side) {
            for (Row record : records) {
                side.pipe(record);
            }
            return side.output();
        }
    }

    private static Map<String, List<Row>> byTopicAndKey(List<Row> rows, Set<String> unordered) {
        Map<String, List<Row>> result = new TreeMap<>();
        for (Row row : rows) {
            result.computeIfAbsent(row.topic() + " " + row.key(), name -> new ArrayList<>())
                    .add(row);
        }
        result.forEach((name, list) -> {
            if (unordered.contains(list.get(0).topic())) {
                list.sort(Comparator.comparingLong(Row::timestampMs).thenComparing(Row::value));
            }
        });
        return result;
    }

    private static String difference(
            long seed,
            TwinBuilder twin,
            List<Row> records,
            Map<String, List<Row>> ours,
            Map<String, List<Row>> kafkas) {
        StringBuilder text = new StringBuilder("seed " + seed + "\n" + String.join("\n", twin.script) + "\n");
        text.append(twin.streams.size()).append(" streams write first, then the ends, then the tables\nrecords\n");
        records.forEach(record -> text.append("  ").append(record).append('\n'));
        TreeMap<String, List<Row>> all = new TreeMap<>(kafkas);
        all.putAll(ours);
        for (String name : all.keySet()) {
            List<Row> our = ours.getOrDefault(name, List.of());
            List<Row> kafka = kafkas.getOrDefault(name, List.of());
            if (!our.equals(kafka)) {
                text.append(name)
                        .append("\n  ours   ")
                        .append(our)
                        .append("\n  Kafka  ")
                        .append(kafka)
                        .append('\n');
            }
        }
        return text.toString();
    }
}
