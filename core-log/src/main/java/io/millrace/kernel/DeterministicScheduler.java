package io.millrace.kernel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Steps agents on the calling thread, in turn or in an order drawn from a seed, in manual time: the second driver, beside
 * {@link AgentRunner}. The same seed and the same agents give the same run. What an agent throws reaches the caller, and
 * that agent is closed and not stepped again.
 */
public final class DeterministicScheduler {

    /** Steps without coming to rest after which a run is taken for endless. */
    public static final int STEPS_MAX_DEFAULT = 2_000_000;

    private final ManualClock clock;
    private final @Nullable Random order;
    private final List<Agent> agents = new ArrayList<>();
    private int stepsMax = STEPS_MAX_DEFAULT;
    private int next;
    private long steps;

    private DeterministicScheduler(ManualClock clock, @Nullable Random order) {
        this.clock = clock;
        this.order = order;
    }

    /** Steps the agents in turn. */
    public static DeterministicScheduler roundRobin(ManualClock clock) {
        return new DeterministicScheduler(clock, null);
    }

    /** Draws the agent of each step from the seed. */
    public static DeterministicScheduler seeded(ManualClock clock, long seed) {
        return new DeterministicScheduler(clock, new Random(seed));
    }

    /** Makes a run fail that does not come to rest in so many steps. */
    public DeterministicScheduler withStepsMax(int stepsMax) {
        if (stepsMax < 1) {
            throw new IllegalArgumentException("steps must be 1 or more, were " + stepsMax);
        }
        this.stepsMax = stepsMax;
        return this;
    }

    public DeterministicScheduler add(Agent agent) {
        agents.add(agent);
        return this;
    }

    public DeterministicScheduler addAll(List<? extends Agent> more) {
        agents.addAll(more);
        return this;
    }

    /** Takes an agent out without closing it, as if its thread had died. */
    public void remove(Agent agent) {
        agents.remove(agent);
    }

    public ManualClock clock() {
        return clock;
    }

    /** Steps done so far. */
    public long steps() {
        return steps;
    }

    /** Steps one agent. Returns its units of work; 0 if there is none to step. */
    public int stepOne() {
        if (agents.isEmpty()) {
            return 0;
        }
        next = order == null ? (next + 1) % agents.size() : order.nextInt(agents.size());
        return step(agents.get(next));
    }

    /** Steps until no agent has anything to do at this time. */
    public void runUntilIdle() {
        long limit = steps + stepsMax;
        while (stepOne() > 0 || anyHasWork()) {
            requireWithin(limit, "come to rest");
        }
    }

    /**
     * Steps, and moves the clock to the next deadline when nothing else is to do, until the condition holds.
     *
     * @throws IllegalStateException if it does not hold although nothing is left to do, or within the bound
     */
    public void runUntil(BooleanSupplier condition) {
        long limit = steps + stepsMax;
        while (!condition.getAsBoolean()) {
            if (stepOne() == 0) {
                runUntilIdle();
                if (condition.getAsBoolean()) {
                    return;
                }
                if (!advanceToNextDeadline()) {
                    throw new IllegalStateException("nothing is left to do and the condition does not hold; agents: "
                            + agents.stream().map(Agent::name).toList());
                }
            }
            requireWithin(limit, "reach the condition");
        }
    }

    /** Lets this much time pass, stopping at each deadline on the way to do what is due. */
    public void runFor(Duration duration) {
        long endNs = clock.nanoTime() + duration.toNanos();
        long limit = steps + stepsMax;
        runUntilIdle();
        for (long deadlineNs = nextDeadlineNs(); deadlineNs <= endNs; deadlineNs = nextDeadlineNs()) {
            clock.advanceToNs(deadlineNs);
            runUntilIdle();
            requireWithin(limit, "get through " + duration);
            if (nextDeadlineNs() <= clock.nanoTime()) {
                throw new IllegalStateException("an agent is at rest although its deadline is due: "
                        + agents.stream()
                                .filter(agent -> agent.nextDeadlineNs() <= clock.nanoTime())
                                .map(Agent::name)
                                .toList());
            }
        }
        clock.advanceToNs(endNs);
        runUntilIdle();
    }

    /** Moves the clock to the earliest deadline; false if no agent has one. */
    public boolean advanceToNextDeadline() {
        long deadlineNs = nextDeadlineNs();
        if (deadlineNs == Long.MAX_VALUE) {
            return false;
        }
        clock.advanceToNs(deadlineNs);
        return true;
    }

    /** Closes the agents, last one first. */
    public void closeAll() {
        for (int i = agents.size() - 1; i >= 0; i--) {
            agents.get(i).close();
        }
        agents.clear();
    }

    /** A drawn order may leave an agent out for long, so rest is found by asking everybody once. */
    private boolean anyHasWork() {
        for (int i = 0; i < agents.size(); i++) {
            if (step(agents.get(i)) > 0) {
                return true;
            }
        }
        return false;
    }

    private long nextDeadlineNs() {
        long earliest = Long.MAX_VALUE;
        for (Agent agent : agents) {
            earliest = Math.min(earliest, agent.nextDeadlineNs());
        }
        return earliest;
    }

    private int step(Agent agent) {
        steps++;
        try {
            return agent.step();
        } catch (RuntimeException | Error fault) {
            stop(agent, fault);
            throw fault;
        } catch (Exception fault) {
            stop(agent, fault);
            throw new IllegalStateException("agent " + agent.name() + " has stopped: " + fault.getMessage(), fault);
        }
    }

    private void stop(Agent agent, Throwable fault) {
        agents.remove(agent);
        try {
            agent.close();
        } catch (RuntimeException inClose) {
            fault.addSuppressed(inClose);
        }
    }

    private void requireWithin(long limit, String what) {
        if (steps > limit) {
            throw new IllegalStateException("did not " + what + " within " + stepsMax + " steps; still busy: "
                    + agents.stream().map(Agent::name).toList());
        }
    }
}
