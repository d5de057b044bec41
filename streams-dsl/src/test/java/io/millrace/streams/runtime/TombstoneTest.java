package io.millrace.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.FetchResult;
import io.millrace.client.IsolationLevel;
import io.millrace.client.Subscription;
import io.millrace.client.TopicPartition;
import io.millrace.kernel.Signal;
import io.millrace.node.NodeConfig;
import io.millrace.record.RecordBatch;
import io.millrace.record.RecordCursor;
import io.millrace.streams.JobOptions;
import io.millrace.streams.Table;
import io.millrace.streams.Topic;
import io.millrace.streams.Topology;
import io.millrace.streams.codec.Codecs;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is deleted stays deleted: compaction never removes a tombstone that a store may still have to read. */
class TombstoneTest {

    private static final Topic<String, String> ROWS = Topic.of("rows", Codecs.string(), Codecs.string());
    private static final Topic<String, String> QUESTIONS = Topic.of("questions", Codecs.string(), Codecs.string());
    private static final Topic<String, String> ANSWERS = Topic.of("answers", Codecs.string(), Codecs.string());
    private static final TopicPartition CHANGELOG = new TopicPartition("rows-job-changelog", 0);
    private static final int KEYS = 12;

    private static Topology table() {
        var job = Topology.define("rows-job");
        Table<String, String> rows = job.table(ROWS).named("rows");
        job.stream(QUESTIONS).join(rows, (question, row) -> row).to(ANSWERS);
        return job.build();
    }

    /** Small segments, and tombstones that go as soon as they may. */
    private static JobRig rig(long writeIntervalMs, long seed) {
        NodeConfig config = NodeConfig.DEFAULT
                .withTopicDefault("internal.segment.bytes", "600")
                .withTopicDefault("min.cleanable.dirty.ratio", "0.01")
                .withTopicDefault("delete.retention.ms", "1000")
                .withTopicDefault("file.delete.delay.ms", "0");
        JobOptions options = JobOptions.DEFAULT
                .with("state.write.interval.ms", Long.toString(writeIntervalMs))
                .withLanes(1);
        JobRig rig = new JobRig(options, config, seed);
        rig.topic("rows", 1);
        rig.topic("questions", 1);
        return rig;
    }

    private static Object row(JobRig rig, String key) {
        return rig.await(rig.job.runtime().query(Signal.NONE, "rows", key, 0));
    }

    @ParameterizedTest
    @ValueSource(longs = {20_000, 120_000})
    void aDeletedRowNeverComesBackWhateverTheStoreHasForgotten(long writeIntervalMs) {
        for (long seed = 0; seed < 3; seed++) {
            JobRig rig = rig(writeIntervalMs, seed);
            Random random = new Random(seed);
            Map<String, String> rows = new TreeMap<>();
            for (int life = 0; life < 5; life++) {
                rig.run(table());
                for (int round = 0; round < 4; round++) {
                    for (int i = 0; i < 12; i++) {
                        String key = "key-" + random.nextInt(KEYS);
                        String value = random.nextInt(3) == 0 ? "row " + life + round + i : null;
                        rig.send(ROWS, 1, key, value, 1_000);
                        rows.put(key, value);
                        rig.job.drain();
                    }
                    rig.scheduler.runFor(Duration.ofSeconds(20));
                }
                rig.crash();
                rig.scheduler.runFor(Duration.ofSeconds(random.nextInt(60)));
            }
            rig.run(table());
            for (Map.Entry<String, String> row : rows.entrySet()) {
                assertThat(row(rig, row.getKey()))
                        .as("%s, seed %s, write interval %s", row.getKey(), seed, writeIntervalMs)
                        .isEqualTo(row.getValue());
            }
        }
    }

    @Test
    void tombstonesGoOnceEveryStoreHasThem() {
        JobRig rig = rig(0, 5);
        rig.run(table());
        for (int i = 0; i < 40; i++) {
            rig.send(ROWS, 1, "key-" + i, "row", 1_000);
            rig.send(ROWS, 1, "key-" + i, null, 2_000);
            rig.job.drain();
        }
        for (int minute = 0; minute < 5; minute++) {
            rig.send(ROWS, 1, "other", "row " + minute, 3_000);
            rig.scheduler.runFor(Duration.ofMinutes(1));
        }

        assertThat(tombstones(rig)).isLessThan(20);
    }

    private static int tombstones(JobRig rig) {
        int found = 0;
        RecordCursor cursor = new RecordCursor();
        try (Subscription reader = rig.client.openSubscription(IsolationLevel.READ_COMMITTED, 1 << 20)) {
            reader.seek(CHANGELOG, 0);
            while (reader.position(CHANGELOG) < reader.ends(CHANGELOG).lastStableOffset()) {
                if (reader.fetch(CHANGELOG) instanceof FetchResult.Fetched fetched) {
                    for (RecordBatch batch : fetched.batches()) {
                        cursor.wrap(batch);
                        while (cursor.next()) {
                            found += cursor.hasValue() ? 0 : 1;
                        }
                    }
                }
            }
        }
        return found;
    }
}
