package io.millrace.kernel;

/** Told when an agent threw. By then the agent is stopped: it has been closed and will not be stepped again. */
@FunctionalInterface
public interface FaultHandler {

    /**
     * Called on the agent's own thread. What it throws itself is lost.
     *
     * @param agent that is stopped now
     * @param fault what its {@code step} or {@code close} threw
     */
    void onFault(Agent agent, Throwable fault);
}
