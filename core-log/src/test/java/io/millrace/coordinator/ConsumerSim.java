package io.millrace.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Groups of the consumer protocol whose members come and go at random. At any time: no partition belongs to two members, and who
 * has lost one cannot commit for it. In the end: everybody has what it is to have, and every partition that somebody reads is read.
 */
final class ConsumerSim {

    @Test
    void noPartitionBelongsToTwoWhateverHappens() {
        run(0, 150);
    }

    @Test
    @Tag("long")
    void noPartitionBelongsToTwoWhateverHappensInManyWorlds() {
        run(1_000, 10_000);
    }

    @Test
    void groupsChangeTheirProtocolWhateverHappens() {
        migrate(0, 150);
    }

    @Test
    @Tag("long")
    void groupsChangeTheirProtocolWhateverHappensInManyWorlds() {
        migrate(1_000, 10_000);
    }

    private static void migrate(long firstSeed, int worlds) {
        int migrations = 0;
        for (long seed = firstSeed; seed < firstSeed + worlds; seed++) {
            MigrationWorld world = new MigrationWorld(seed);
            try {
                world.run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
            migrations += world.migrations();
        }
        assertThat(migrations).as("changes of the protocol").isGreaterThan(worlds);
    }

    private static void run(long firstSeed, int worlds) {
        int handedOver = 0;
        int fenced = 0;
        int refusedCommits = 0;
        int restarts = 0;
        for (long seed = firstSeed; seed < firstSeed + worlds; seed++) {
            ConsumerWorld world = new ConsumerWorld(seed);
            try {
                world.run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
            handedOver += world.handedOver();
            fenced += world.fenced();
            refusedCommits += world.refusedCommits();
            restarts += world.restarts();
        }
        assertThat(handedOver).as("assignments that were taken").isGreaterThan(5 * worlds);
        assertThat(fenced).as("members that were fenced").isGreaterThan(worlds);
        assertThat(refusedCommits).as("commits of zombies").isPositive();
        assertThat(restarts).isGreaterThan(worlds);
    }
}
