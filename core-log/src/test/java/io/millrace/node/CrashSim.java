package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.kernel.ManualClock;
import io.millrace.log.MemoryLogStorage;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A node under load that loses its power, or its process, at a random step, again and again. After each restart: nothing
 * acknowledged is lost, nothing is there twice, no transaction is visible in part, positions agree with what is visible.
 */
final class CrashSim {

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
    @Tag("long")
    void losesNothingInThousandsOfLives() {
        for (long seed = 1_000; seed < 3_000; seed++) {
            run(seed, NodeConfig.DEFAULT, true);
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
