package io.millrace.store.rocks;

import io.millrace.store.BackingStore;
import io.millrace.store.MemoryBudget;
import io.millrace.store.ShardScenario;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random lives of a shard over RocksDB; a failure names the seed that repeats it. */
class RocksShardStateTest {

    @TempDir
    Path directory;

    @Test
    void agreesWithTheModelThroughCrashesAndReplay() {
        runSeeds(1, 6, 600);
    }

    @Test
    @Tag("long")
    void agreesWithTheModelForLong() {
        runSeeds(100, 100, 2000);
    }

    private void runSeeds(long first, int count, int steps) {
        try (RocksEnvironment environment = new RocksEnvironment(RocksDisk.SMALL)) {
            for (long seed = first; seed < first + count; seed++) {
                MemoryBudget budget =
                        seed % 3 == 0 ? MemoryBudget.unbounded() : new MemoryBudget(seed % 3 * 2000, 1 << 20);
                Path root = directory.resolve("seed-" + seed);
                try {
                    new ShardScenario(new SplittableRandom(seed), new Disk(root, environment), budget).run(steps);
                } catch (Throwable failure) {
                    throw new AssertionError("seed " + seed, failure);
                }
            }
        }
    }

    private static final class Disk implements ShardScenario.Disk {
        private final RocksDisk disk;
        private final RocksEnvironment environment;
        private RocksBackingStore store;

        Disk(Path root, RocksEnvironment environment) {
            disk = new RocksDisk(root);
            this.environment = environment;
            store = environment.open(disk.current());
        }

        @Override
        public BackingStore open() {
            return store;
        }

        @Override
        public BackingStore crash(SplittableRandom random) throws Exception {
            store = disk.crash(store, environment);
            return store;
        }

        @Override
        public BackingStore lose() {
            store.close();
            store = environment.open(disk.next());
            return store;
        }
    }
}
