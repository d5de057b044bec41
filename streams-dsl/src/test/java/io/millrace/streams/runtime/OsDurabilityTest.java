package io.millrace.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.FetchResult;
import io.millrace.client.IsolationLevel;
import io.millrace.client.Subscription;
import io.millrace.client.TopicPartition;
import io.millrace.node.NodeConfig;
import io.millrace.record.RecordBatch;
import io.millrace.record.RecordCursor;
import io.millrace.store.BackingStore;
import io.millrace.store.StorePosition;
import io.millrace.streams.JobOptions;
import io.millrace.streams.Topic;
import io.millrace.streams.Topology;
import io.millrace.streams.codec.Codecs;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With {@code durability=os} a power cut may take records from the log, but no store is ever ahead of what is left. */
class OsDurabilityTest {

    private static final Topic<String, String> IN = Topic.of("in", Codecs.string(), Codecs.string());
    private static final String[] KEYS = {"a", "b", "c", "d", "e"};

    private static Topology counts() {
        var job = Topology.define("counts-job");
        job.stream(IN).groupByKey().count().named("n");
        return job.build();
    }

    @ParameterizedTest
    @CsvSource({"1,0", "2,0", "1,30", "2,30"})
    void noStoreIsAheadOfItsLogAfterAPowerCut(int lanes, int writeIntervalMs) {
        int written = 0;
        for (long seed = 0; seed < 20; seed++) {
            JobRig rig = new JobRig(
                    JobOptions.DEFAULT
                            .withLanes(lanes)
                            .with("frame.records", "3")
                            .with("state.write.interval.ms", Integer.toString(writeIntervalMs)),
                    NodeConfig.DEFAULT.withTopicDefault("durability", "os"),
                    seed);
            rig.topic("in", 2);
            rig.run(counts());
            Random random = new Random(seed);
            for (int i = 0; i < 30; i++) {
                rig.send(IN, 2, KEYS[random.nextInt(KEYS.length)], "x", i);
                for (int steps = random.nextInt(40); steps > 0; steps--) {
                    if (rig.scheduler.stepOne() == 0) {
                        rig.scheduler.advanceToNextDeadline();
                    }
                }
            }

            rig.crash();

            for (int shard = 0; shard < 2; shard++) {
                written += verify(rig, shard, "seed " + seed + " lanes " + lanes + " shard " + shard);
            }
        }
        assertThat(written).as("stores that had something").isGreaterThan(10);
    }

    /** What the store has, and the changelog from its position on, must give what the whole changelog gives. */
    private static int verify(JobRig rig, int shard, String what) {
        TopicPartition changelog = new TopicPartition("counts-job-changelog", shard);
        BackingStore store = rig.stores.open(shard);
        StorePosition position = store.position();
        if (position == null) {
            return 0;
        }
        Map<String, String> restored = new TreeMap<>();
        try (BackingStore.Cursor all = store.range(new byte[0], null)) {
            while (all.next()) {
                restored.put(hex(all.key()), hex(all.value()));
            }
        }
        Map<String, String> fold = new TreeMap<>();
        try (Subscription reader = rig.client.openSubscription(IsolationLevel.READ_COMMITTED, 1 << 20)) {
            reader.seek(changelog, 0);
            rig.scheduler.runUntil(() -> reader.ends(changelog).lastStableOffset()
                    == reader.ends(changelog).logEndOffset());
            assertThat(position.changelogOffset())
                    .as(what)
                    .isLessThanOrEqualTo(reader.ends(changelog).logEndOffset());
            RecordCursor cursor = new RecordCursor();
            while (reader.position(changelog) < reader.ends(changelog).logEndOffset()) {
                if (reader.fetch(changelog) instanceof FetchResult.Fetched fetched) {
                    for (RecordBatch batch : fetched.batches()) {
                        cursor.wrap(batch);
                        while (cursor.next()) {
                            apply(fold, cursor);
                            if (cursor.offset() >= position.changelogOffset()) {
                                apply(restored, cursor);
                            }
                        }
                    }
                }
            }
        }
        assertThat(restored).as(what).isEqualTo(fold);
        return 1;
    }

    private static void apply(Map<String, String> state, RecordCursor cursor) {
        byte[] value = cursor.value();
        if (value == null) {
            state.remove(hex(cursor.key()));
        } else {
            state.put(hex(cursor.key()), hex(value));
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
