package io.millrace.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DeterministicSchedulerTest {

    private final ManualClock clock = new ManualClock(1_000);
    private final List<String> trace = new ArrayList<>();

    /** Does a number of units of work, one a step. */
    private final class Worker implements Agent {
        private final String name;
        int work;

        Worker(String name, int work) {
            this.name = name;
            this.work = work;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public int step() {
            if (work == 0) {
                return 0;
            }
            work--;
            trace.add(name);
            return 1;
        }
    }

    /** Does something every ten milliseconds. */
    private final class Ticker implements Agent {
        private long dueNs = 10_000_000;

        @Override
        public String name() {
            return "ticker";
        }

        @Override
        public int step() {
            if (clock.nanoTime() < dueNs) {
                return 0;
            }
            trace.add("tick at " + clock.wallMs());
            dueNs += 10_000_000;
            return 1;
        }

        @Override
        public long nextDeadlineNs() {
            return dueNs;
        }
    }

    @Test
    void runsEveryAgentUntilNobodyHasWork() {
        DeterministicScheduler scheduler =
                DeterministicScheduler.seeded(clock, 7).add(new Worker("a", 50)).add(new Worker("b", 3));
        scheduler.runUntilIdle();
        assertThat(trace).hasSize(53);
    }

    @Test
    void repeatsARunFromItsSeedAndVariesItWithAnother() {
        assertThat(traceOf(1)).isEqualTo(traceOf(1)).isNotEqualTo(traceOf(2));
    }

    private List<String> traceOf(long seed) {
        trace.clear();
        DeterministicScheduler.seeded(clock, seed)
                .add(new Worker("a", 20))
                .add(new Worker("b", 20))
                .runUntilIdle();
        return List.copyOf(trace);
    }

    @Test
    void failsInsteadOfHangingWhenAgentsNeverRest() {
        DeterministicScheduler scheduler = DeterministicScheduler.roundRobin(clock)
                .withStepsMax(100)
                .add(new Worker("restless", Integer.MAX_VALUE));
        assertThatThrownBy(scheduler::runUntilIdle)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("within 100 steps")
                .hasMessageContaining("restless");
    }

    @Test
    void letsTimePassFromDeadlineToDeadline() {
        DeterministicScheduler.roundRobin(clock).add(new Ticker()).runFor(Duration.ofMillis(25));
        assertThat(trace).containsExactly("tick at 1010", "tick at 1020");
        assertThat(clock.wallMs()).isEqualTo(1_025);
    }

    @Test
    void movesTheClockToReachACondition() {
        DeterministicScheduler.roundRobin(clock).add(new Ticker()).runUntil(() -> trace.size() == 3);
        assertThat(trace).last().isEqualTo("tick at 1030");
    }

    @Test
    void saysSoWhenAConditionCannotBeReached() {
        DeterministicScheduler scheduler =
                DeterministicScheduler.roundRobin(clock).add(new Worker("a", 1));
        assertThatThrownBy(() -> scheduler.runUntil(() -> false))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("nothing is left to do");
    }

    @Test
    void throwsWhatAnAgentThrowsAndStepsItNoMore() {
        DeterministicScheduler scheduler = DeterministicScheduler.roundRobin(clock)
                .add(new Agent() {
                    @Override
                    public String name() {
                        return "broken";
                    }

                    @Override
                    public int step() throws Exception {
                        throw new java.io.IOException("disk on fire");
                    }
                });
        assertThatThrownBy(scheduler::stepOne).hasMessageContaining("broken").hasMessageContaining("disk on fire");
        assertThat(scheduler.stepOne()).isZero();
    }

    @Test
    void keepsMonotonicTimeWhenTheWallClockJumps() {
        clock.advance(Duration.ofMillis(5));
        clock.jumpWall(Duration.ofMinutes(-1));
        assertThat(clock.nanoTime()).isEqualTo(5_000_000);
        assertThat(clock.wallMs()).isEqualTo(1_005 - 60_000);
    }
}
