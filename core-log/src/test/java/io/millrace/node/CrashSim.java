package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.kernel.ManualClock;
import io.millrace.log.MemoryLogStorage;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A node under load that loses its power, or its process, at a random step, again and again. After each restart: nothing
 * acknowledged is lost, nothing is there twice, no transaction is visible in part, positions agree with what is visible.
 */
final class CrashSim {

    /** Segments of a few records, compacted whenever there is anything to gain. */
    private static final NodeConfig COMPACTING = NodeConfig.DEFAULT
            .withTopicDefault("internal.segment.bytes", "1500")
            .withTopicDefault("min.cleanable.dirty.ratio", "0.01")
            .withTopicDefault("retention.ms", "-1");

    private static final int LIVES = 6;
    private static final int STEPS_MAX = 400;

    @Test
    void losesNothingAcknowledgedInAPowerCut() {
        for (long seed = 1; seed <= 30; seed++) {
            run(seed, NodeConfig.DEFAULT, true);
        }
    }

    @Test
    void losesNothingAcknowledgedWhenTheProcessDiesWithoutSyncs() {
        for (long seed = 1; seed <= 30; seed++) {
            run(seed, NodeConfig.DEFAULT.withTopicDefault("durability", "os"), false);
        }
    }

    @Test
    void losesNothingAcknowledgedWhileLogsAreCompacted() {
        for (long seed = 1; seed <= 30; seed++) {
            run(seed, COMPACTING, true);
        }
    }

    @Test
    @Tag("long")
    void losesNothingInThousandsOfLives() {
        for (long seed = 1_000; seed < 3_000; seed++) {
            run(seed, NodeConfig.DEFAULT, true);
            run(seed, COMPACTING, true);
        }
    }

    private static void run(long seed, NodeConfig config, boolean powerCut) {
        Random random = new Random(seed);
        ManualClock clock = new ManualClock(SteppedLog.START_MS);
        MemoryLogStorage storage = new MemoryLogStorage();
        CrashWorkload workload = new CrashWorkload(random);
        try {
            for (int life = 0; life < LIVES; life++) {
                SteppedLog log = new SteppedLog(random.nextLong(), storage, config, clock);
                workload.begin(log);
                for (int steps = random.nextInt(STEPS_MAX); steps > 0; steps--) {
                    workload.step();
                    log.scheduler().stepOne();
                    if (config == COMPACTING && random.nextInt(40) == 0) {
                        clock.advance(Duration.ofSeconds(random.nextInt(20)));
                    }
                }
                storage = abandon(storage, powerCut, random);
            }
            SteppedLog log = new SteppedLog(random.nextLong(), storage, config, clock);
            workload.begin(log);
            log.close();
        } catch (RuntimeException | Error e) {
            throw new AssertionError("seed " + seed + ": " + e, e);
        }
        assertThat(workload.transactionsSeen())
                .as("seed %d did something", seed)
                .isPositive();
    }

    /** The node is not closed: it is gone. */
    private static MemoryLogStorage abandon(MemoryLogStorage storage, boolean powerCut, Random random) {
        if (powerCut) {
            return storage.crash(random.nextLong());
        }
        storage.close();
        return storage;
    }
}
