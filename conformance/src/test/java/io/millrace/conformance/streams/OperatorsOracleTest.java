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
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random topologies over random records, in ours and in Kafka's: each output topic must have the same keys, values and
 * timestamps in the same order per key. Where records without a key lie in several partitions, their order is not compared.
 *
 * <p>Each case has a seed, which a failure prints. To run one alone, set the system property {@code oracle.seed}. How many whole
 * jobs the long forms run is said by {@code oracle.jobs}.
 */
class OperatorsOracleTest {

    private static final int CASES = 500;
    private static final int CASES_LONG = 10_000;
    private static final int JOBS = 60;
    private static final int JOBS_LONG = Integer.getInteger("oracle.jobs", 1_000);

    @TempDir
    private Path directory;

    /** The operators alone, all fragments in one shard. */
    @Test
    void operatorsWriteWhatKafkaStreamsWrites() {
        compare(1, CASES, Side.OPERATORS).assertComplete();
    }

    /** The whole runtime, with crashes. */
    @Test
    void jobsWriteWhatKafkaStreamsWrites() {
        compare(500_000, JOBS, Side.JOB);
    }

    /** The whole runtime over several partitions, with many records per epoch, on one or several lanes, with crashes. */
    @Test
    void lanesWriteWhatKafkaStreamsWrites() {
        compare(600_000, JOBS, Side.LANES);
    }

    @Test
    @Tag("long")
    void operatorsWriteWhatKafkaStreamsWritesInManyCases() {
        compare(1_000_000, CASES_LONG, Side.OPERATORS).assertComplete();
    }

    @Test
    @Tag("long")
    void jobsWriteWhatKafkaStreamsWritesInManyCases() {
        compare(2_000_000, JOBS_LONG, Side.JOB).assertComplete();
    }

    @Test
    @Tag("long")
    void lanesWriteWhatKafkaStreamsWritesInManyCases() {
        compare(3_000_000, JOBS_LONG, Side.LANES).assertComplete();
    }

    private enum Side {
        OPERATORS,
        JOB,
        LANES;

        OurSide of(TwinBuilder twin, Random random) {
            return switch (this) {
                case OPERATORS -> new SingleShard(plan(twin), random);
                case JOB -> TesterSide.recordByRecord(twin, random);
                case LANES -> TesterSide.inLanes(twin, random);
            };
        }
    }

    private Coverage compare(long firstSeed, int count, Side side) {
        Long only = Long.getLong("oracle.seed");
        long from = only == null ? firstSeed : only;
        long to = only == null ? firstSeed + count : only + 1;
        Coverage coverage = new Coverage();
        int withOutput = 0;
        for (long seed = from; seed < to; seed++) {
            withOutput += compare(seed, side, coverage) ? 1 : 0;
        }
        assertThat(withOutput).as("cases that wrote anything").isGreaterThan((int) (to - from) / 2);
        return coverage;
    }

    /** Answers whether anything was written. */
    private boolean compare(long seed, Side sideOf, Coverage coverage) {
        Random random = new Random(~seed);
        boolean spread = sideOf == Side.LANES;
        long disorderMs = spread ? 0 : random.nextInt(3) * 10;
        TwinBuilder twin = new TwinBuilder(seed, disorderMs, spread);
        coverage.add(twin.topology, twin.script);
        List<Row> records = spread
                ? TwinRecords.inOrder(random, List.copyOf(twin.inputs), TesterSide.PARTITIONS_MAX)
                : TwinRecords.ofOnePartition(random, List.copyOf(twin.inputs), disorderMs);
        try {
            List<Row> kafkas = runKafkas(twin, records);
            try (OurSide side = sideOf.of(twin, random)) {
                List<Row> ours = runOurs(side, records);
                Map<String, List<Row>> ourRows = byTopicAndKey(ours, twin);
                Map<String, List<Row>> kafkaRows = byTopicAndKey(kafkas, twin);
                if (!ourRows.equals(kafkaRows)) {
                    fail(difference(seed, twin, side, records, ourRows, kafkaRows));
                }
                return !ours.isEmpty();
            }
        } catch (Exception e) {
            throw new IllegalStateException("seed " + seed + "\n" + String.join("\n", twin.script), e);
        }
    }

    private static Plan plan(TwinBuilder twin) {
        return Planner.plan(twin.topology, TopicPartitions.of(twin.partitions()));
    }

    private List<Row> runKafkas(TwinBuilder twin, List<Row> records) {
        try (KafkaSide side = new KafkaSide(twin.kafkas.build(), twin.inputs, twin.outputs, directory)) {
            records.forEach(side::pipe);
            return side.output();
        }
    }

    private static List<Row> runOurs(OurSide side, List<Row> records) throws Exception {
        for (Row record : records) {
            side.pipe(record);
        }
        return side.output();
    }

    private static Map<String, List<Row>> byTopicAndKey(List<Row> rows, TwinBuilder twin) {
        Map<String, List<Row>> result = new TreeMap<>();
        for (Row row : rows) {
            // How far the last flush goes depends on how many keys of it a partition sees.
            if (!twin.spread || !Functions.isFlush(row.key())) {
                result.computeIfAbsent(row.topic() + " " + row.key(), name -> new ArrayList<>())
                        .add(row);
            }
        }
        result.forEach((name, list) -> {
            Row first = list.get(0);
            if (twin.unordered.contains(first.topic()) || first.key() == null && twin.spread) {
                list.sort(Comparator.comparingLong(Row::timestampMs).thenComparing(row -> String.valueOf(row.value())));
            }
        });
        return result;
    }

    private static String difference(
            long seed,
            TwinBuilder twin,
            OurSide side,
            List<Row> records,
            Map<String, List<Row>> ours,
            Map<String, List<Row>> kafkas) {
        StringBuilder text = new StringBuilder("seed " + seed + "\n" + String.join("\n", twin.script) + "\n");
        text.append(twin.streams.size()).append(" streams write first, then the ends, then the tables\n");
        text.append(side).append("\nrecords\n");
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
