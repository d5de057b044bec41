package io.millrace.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.Producer;
import io.millrace.client.ProducerOptions;
import io.millrace.client.TopicPartition;
import io.millrace.client.Transaction;
import io.millrace.kernel.Agent;
import io.millrace.record.Compression;
import io.millrace.record.Header;
import io.millrace.record.RecordBatchBuilder;
import io.millrace.record.TimestampType;
import io.millrace.streams.JobOptions;
import io.millrace.streams.Topic;
import io.millrace.streams.Topology;
import io.millrace.streams.Windows;
import io.millrace.streams.codec.Codecs;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Stream time behind two exchanges in a row, on several lanes in an order drawn from a seed: partitions whose records stand in
 * the order of their timestamps, and are written together, never have a late one, whichever of them fall idle and wake up.
 */
class ProgressSim {

    private static final int PARTITIONS = 6;
    private static final long SEEDS = 80;
    private static final Topic<Long, Long> IN = Topic.of("in", Codecs.longs(), Codecs.longs());

    private long lastMs;

    private static Topology twoExchanges() {
        var job = Topology.define("job");
        job.stream(IN)
                .selectKey((key, value) -> value % 7)
                .repartition()
                .selectKey((key, value) -> value % 5)
                .groupByKey()
                .windowed(Windows.tumbling(Duration.ofMillis(10)))
                .count()
                .named("counts");
        return job.build();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void neverTakesARecordForLate(int lanes) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            run(lanes, seed);
        }
    }

    private void run(int lanes, long seed) {
        Random random = new Random(seed);
        JobOptions options =
                JobOptions.DEFAULT.withLanes(lanes).with("frame.records", Integer.toString(1 + random.nextInt(3)));
        JobRig rig = new JobRig(options, seed);
        rig.topic("in", PARTITIONS);
        rig.run(twoExchanges());
        Producer producer = rig.client.openProducer(ProducerOptions.transactional("writer"));
        rig.await(producer.ready());
        lastMs = 0;
        for (int round = 0; round < 4; round++) {
            Transaction together = producer.begin();
            long firstMs = lastMs;
            for (int partition = 0; partition < PARTITIONS; partition++) {
                int count = random.nextInt(3) == 0 ? 0 : random.nextInt(120);
                if (count > 0) {
                    rig.await(together.append(new TopicPartition("in", partition), records(random, firstMs, count)));
                }
            }
            rig.await(together.commit());
            if (random.nextBoolean()) {
                rig.job.drain();
            }
            stall(rig, random);
            rig.await(together.completed());
        }
        rig.job.drain();

        assertThat(rig.job.metrics().drops())
                .as("records left out, seed %d, %d lanes", seed, lanes)
                .isEmpty();
        rig.job.stop();
    }

    /** Threads get their turns unevenly: now and then a lane gets none for a while. */
    private static void stall(JobRig rig, Random random) {
        List<Agent> lanes = rig.job.runtime().laneAgents();
        for (int i = random.nextInt(20); i > 0; i--) {
            Agent stalled = lanes.get(random.nextInt(lanes.size()));
            rig.scheduler.remove(stalled);
            for (int steps = random.nextInt(200); steps > 0; steps--) {
                rig.scheduler.stepOne();
            }
            rig.scheduler.add(stalled);
        }
    }

    private RecordBatchBuilder records(Random random, long firstMs, int count) {
        RecordBatchBuilder batch = new RecordBatchBuilder(Compression.NONE, TimestampType.CREATE_TIME, 1 << 20);
        long timestampMs = firstMs;
        for (int i = 0; i < count; i++) {
            timestampMs += random.nextInt(5);
            long value = random.nextInt(1_000);
            lastMs = Math.max(lastMs, timestampMs);
            batch.append(timestampMs, IN.keys().encode(0L), IN.values().encode(value), Header.NONE);
        }
        return batch;
    }
}
