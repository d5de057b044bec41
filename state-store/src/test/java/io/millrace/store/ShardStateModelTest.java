package io.millrace.store;

import io.millrace.store.memory.MemoryBackingStore;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Random lives of a shard over the memory store; a failure names the seed that repeats it. */
class ShardStateModelTest {

    @Test
    void agreesWithTheModelThroughEpochsSlicesPressureAndCrashes() {
        runSeeds(1, 60, 600);
    }

    @Test
    @Tag("long")
    void agreesWithTheModelForLong() {
        runSeeds(1000, 1000, 2000);
    }

    private static void runSeeds(long first, int count, int steps) {
        for (long seed = first; seed < first + count; seed++) {
            MemoryBudget budget = seed % 3 == 0 ? MemoryBudget.unbounded() : new MemoryBudget(seed % 3 * 2000, 1 << 20);
            try {
                new ShardScenario(new SplittableRandom(seed), new MemoryDisk(), budget).run(steps);
            } catch (Throwable failure) {
                throw new AssertionError("seed " + seed, failure);
            }
        }
    }

    private static final class MemoryDisk implements ShardScenario.Disk {
        private MemoryBackingStore store = new MemoryBackingStore();

        @Override
        public BackingStore open() {
            return store;
        }

        @Override
        public BackingStore crash(SplittableRandom random) {
            store.crash(random);
            return store;
        }

        @Override
        public BackingStore lose() {
            store = new MemoryBackingStore();
            return store;
        }
    }
}
