package io.millrace.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Groups whose members come and go at random. At any time: one generation has one assignment; whoever is told of a generation
 * is in it; a restart changes nothing that is written. In the end: nobody waits for ever, and all who live share one generation.
 */
final class GroupSim {

    @Test
    void membersAgreeWhateverHappens() {
        run(0, 60);
    }

    @Test
    @Tag("long")
    void membersAgreeWhateverHappensInManyWorlds() {
        run(1_000, 10_000);
    }

    private static void run(long firstSeed, int worlds) {
        int completed = 0;
        int restarts = 0;
        for (long seed = firstSeed; seed < firstSeed + worlds; seed++) {
            GroupWorld world = new GroupWorld(seed);
            try {
                world.run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
            completed += world.completed();
            restarts += world.restarts();
        }
        assertThat(completed).as("generations that were assigned").isGreaterThan(5 * worlds);
        assertThat(restarts).isGreaterThan(worlds);
    }
}
