package io.millrace.streams.runtime;

import io.millrace.kernel.Agent;
import io.millrace.kernel.AgentRunner;
import io.millrace.kernel.Clock;
import io.millrace.kernel.Doorbell;
import io.millrace.kernel.FaultHandler;
import io.millrace.kernel.IdleStrategy;
import io.millrace.kernel.Signal;
import io.millrace.streams.JobOptions;
import io.millrace.streams.Topology;
import java.util.ArrayList;
import java.util.List;

/** A job on threads: one for each of its agents. The production driver. */
public final class JobThreads implements AutoCloseable {

    private final JobRuntime runtime;
    private final List<AgentRunner> runners = new ArrayList<>();

    /**
     * Makes the threads and starts them; {@link JobRuntime#start} makes the job run.
     *
     * @param cores of the machine, from which the number of lanes follows unless the options say it
     * @param faults told of an agent that broke; a job that merely fails handles that itself
     */
    public JobThreads(
            Topology topology,
            JobOptions options,
            JobRuntime.Ports ports,
            int cores,
            Clock clock,
            FaultHandler faults) {
        Doorbell io = new Doorbell();
        Doorbell store = new Doorbell();
        List<Doorbell> lanes = new ArrayList<>();
        for (int i = 0; i < options.lanesOn(cores); i++) {
            lanes.add(new Doorbell());
        }
        runtime =
                new JobRuntime(topology, options, ports, new JobRuntime.Signals(io, List.<Signal>copyOf(lanes), store));
        runners.add(runner(runtime.ioAgent(), io, clock, faults));
        for (int i = 0; i < lanes.size(); i++) {
            runners.add(runner(runtime.laneAgents().get(i), lanes.get(i), clock, faults));
        }
        runners.add(runner(runtime.storeAgent(), store, clock, faults));
        runners.forEach(AgentRunner::start);
    }

    private static AgentRunner runner(Agent agent, Doorbell bell, Clock clock, FaultHandler faults) {
        return new AgentRunner(agent.name(), bell, List.of(agent), clock, IdleStrategy.DEFAULT, faults);
    }

    public JobRuntime runtime() {
        return runtime;
    }

    /** Ends the threads; what was not committed is given up. Stop the job first. */
    @Override
    public void close() {
        // Lanes and the store first: the I/O agent closes the stores, which nobody may use by then.
        for (int i = runners.size() - 1; i >= 0; i--) {
            runners.get(i).close();
        }
    }
}
