package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.NewTopic;
import io.millrace.client.Records;
import io.millrace.client.TopicPartition;
import io.millrace.coordinator.TransactionVersion;
import io.millrace.kernel.ManualClock;
import io.millrace.kernel.Signal;
import io.millrace.log.MemoryLogStorage;
import io.millrace.node.ForeignWriter.Fate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Producers of other processes, of both versions of the protocol, write transactions through the power cuts of a node. Whatever
 * they were told is so: what is committed is visible in full and once, what is aborted is not, and what was acknowledged can be
 * committed later.
 */
final class ForeignProducerSim {

    static final int PARTITIONS = 3;

    /** Nothing goes because it is old: the records' timestamps are. */
    private static final NodeConfig CONFIG = NodeConfig.DEFAULT.withTopicDefault("retention.ms", "-1");

    private static final int LIVES = 6;
    private static final int STEPS_MAX = 600;

    @Test
    void losesAndRepeatsNothingInPowerCuts() {
        for (long seed = 1; seed <= 40; seed++) {
            run(seed);
        }
    }

    @Test
    @Tag("long")
    void losesAndRepeatsNothingInThousandsOfLives() {
        for (long seed = 1_000; seed < 4_000; seed++) {
            run(seed);
        }
    }

    private static void run(long seed) {
        try {
            new World(seed).run();
        } catch (RuntimeException | Error e) {
            throw new AssertionError("seed " + seed + ": " + e, e);
        }
    }

    /** A node, life after life, and its clients. */
    private static final class World {

        private final Random random;
        private final ManualClock clock = new ManualClock(SteppedLog.START_MS);
        private final List<ForeignWriter> writers = new ArrayList<>();
        private MemoryLogStorage storage = new MemoryLogStorage();
        private SteppedLog log;

        World(long seed) {
            random = new Random(seed);
            for (int i = 0; i < 2; i++) {
                writers.add(new ForeignWriter("old-" + i, TransactionVersion.V0, random));
                writers.add(new ForeignWriter("new-" + i, TransactionVersion.V2, random));
            }
        }

        void run() {
            for (int life = 0; life < LIVES; life++) {
                begin();
                for (int steps = random.nextInt(STEPS_MAX); steps > 0; steps--) {
                    writers.get(random.nextInt(writers.size())).step(false);
                    log.scheduler().stepOne();
                }
                storage = storage.crash(random.nextLong());
            }
            begin();
            finish();
            check();
            log.close();
        }

        private void begin() {
            log = new SteppedLog(random.nextLong(), storage, CONFIG, clock);
            if (log.client().describeTopic("t").isFailed()) {
                log.answer(log.client().createTopic(new NewTopic("t", PARTITIONS)));
            }
            NodeDoor door = log.node().newDoor(Signal.NONE);
            writers.forEach(writer -> writer.connect(door));
            if (random.nextBoolean()) {
                finish();
                check();
            }
        }

        /** Ends what is open, so that nothing keeps committed readers back. */
        private void finish() {
            log.until(() -> {
                writers.forEach(writer -> writer.step(true));
                return writers.stream().noneMatch(ForeignWriter::isInTransaction);
            });
            log.settle();
        }

        private void check() {
            Map<TopicPartition, List<String>> visible = new HashMap<>();
            for (int i = 0; i < PARTITIONS; i++) {
                TopicPartition partition = new TopicPartition("t", i);
                List<String> values = Records.committed(log.client(), partition);
                assertThat(values).as("%s", partition).doesNotHaveDuplicates();
                visible.put(partition, values);
            }
            for (ForeignWriter writer : writers) {
                writer.fates().forEach((value, fate) -> {
                    TopicPartition place = writer.place(value);
                    assertThat(visible.get(place).contains(value))
                            .as("%s in %s is %s", value, place, fate)
                            .isEqualTo(fate == Fate.VISIBLE);
                });
            }
        }
    }
}
