package io.millrace.kernel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that drives one or several agents until it is closed.
 *
 * <p>It steps them in turn; when none did anything it waits as its {@link IdleStrategy} says, until its {@link Doorbell} is
 * rung or the earliest deadline of its agents is due. An agent that throws is closed and never stepped again, the
 * {@link FaultHandler} is told, the others go on. At the end every agent still running is closed on this thread, last one
 * first.
 */
public final class AgentRunner implements AutoCloseable {

    /** How long {@link #close} waits for the step that is running. */
    public static final Duration JOIN_MAX = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(AgentRunner.class);

    private final Doorbell doorbell;
    private final List<Agent> running;
    private final Clock clock;
    private final IdleStrategy idle;
    private final FaultHandler faults;
    private final Thread thread;
    private volatile boolean stopping;

    /**
     * @param name of the thread
     * @param doorbell that those who have work for the agents ring; of this runner alone
     * @param agents in the order in which they are stepped
     */
    public AgentRunner(
            String name,
            Doorbell doorbell,
            List<? extends Agent> agents,
            Clock clock,
            IdleStrategy idle,
            FaultHandler faults) {
        this.doorbell = doorbell;
        this.running = new ArrayList<>(agents);
        this.clock = clock;
        this.idle = idle;
        this.faults = faults;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    /** Starts the thread; once. */
    public AgentRunner start() {
        thread.start();
        return this;
    }

    private void run() {
        while (!stopping && !running.isEmpty()) {
            if (stepAll() == 0 && !doorbell.answer()) {
                doorbell.await(clock, earliestDeadlineNs(), idle);
                if (Thread.interrupted()) {
                    stopping = true;
                }
                doorbell.answer();
            }
        }
        for (int i = running.size() - 1; i >= 0; i--) {
            closeOne(running.get(i));
        }
    }

    private int stepAll() {
        int work = 0;
        for (int i = 0; i < running.size(); i++) {
            Agent agent = running.get(i);
            try {
                work += agent.step();
            } catch (Throwable fault) {
                running.remove(i--);
                closeOne(agent);
                report(agent, fault);
                work++;
            }
        }
        return work;
    }

    private long earliestDeadlineNs() {
        long earliest = Long.MAX_VALUE;
        for (int i = 0; i < running.size(); i++) {
            earliest = Math.min(earliest, running.get(i).nextDeadlineNs());
        }
        return earliest;
    }

    private void closeOne(Agent agent) {
        try {
            agent.close();
        } catch (Throwable fault) {
            report(agent, fault);
        }
    }

    private void report(Agent agent, Throwable fault) {
        try {
            faults.onFault(agent, fault);
        } catch (Throwable inHandler) {
            if (inHandler != fault) { // the machine throws one and the same error whenever memory is used up
                fault.addSuppressed(inHandler);
            }
            LOG.error("agent={} has stopped and its fault handler failed too", agent.name(), fault);
        }
    }

    /** Whether its thread has come to its end. */
    public boolean isStopped() {
        return thread.getState() == Thread.State.TERMINATED;
    }

    /** Where its thread is at this moment, innermost call first; empty if it does not run. Any thread. */
    public List<StackTraceElement> stack() {
        return List.of(thread.getStackTrace());
    }

    /**
     * Ends the thread after the step that is running and returns when the agents are closed. Called on the thread itself it
     * only asks for the end.
     *
     * @throws IllegalStateException if the step does not end within {@link #JOIN_MAX}: the agent broke its promise not to block
     */
    @Override
    public void close() {
        if (!close(JOIN_MAX)) {
            throw new IllegalStateException(
                    "thread " + thread.getName() + " did not end within " + JOIN_MAX + "; it is at " + stack());
        }
    }

    /**
     * As {@link #close()}, for an agent that may have to run somebody else's code: a step that takes longer than the time is
     * left to itself. Its thread ends when the step does, and keeps no process alive.
     *
     * @return whether the thread has ended, or was asked to on itself
     */
    public boolean close(Duration max) {
        stopping = true;
        doorbell.raise();
        if (thread == Thread.currentThread() || thread.getState() == Thread.State.NEW) {
            return true;
        }
        boolean interrupted = false;
        long deadlineNs = clock.nanoTime() + max.toNanos();
        while (thread.isAlive() && clock.nanoTime() < deadlineNs) {
            try {
                thread.join(Math.max(1, max.toMillis()));
            } catch (InterruptedException e) {
                interrupted = true; // the agents must be closed all the same; the caller learns of it below
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }
}
