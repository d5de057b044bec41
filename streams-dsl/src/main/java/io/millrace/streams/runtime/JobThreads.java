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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A job on threads: one for each of its agents. The production driver. */
public final class JobThreads {

    /** How long {@link #close} waits for each thread after the job has ended. */
    private static final Duration THREAD_END_MAX = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(JobThreads.class);

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
        runtime = new JobRuntime(
                topology,
                options,
                ports,
                new JobRuntime.Signals(io, List.<Signal>copyOf(lanes), store),
                lane -> runners.get(1 + lane).stack());
        FaultHandler ending = (agent, fault) -> {
            faults.onFault(agent, fault);
            runtime.stopped(agent, fault);
        };
        runners.add(runner(runtime.ioAgent(), io, clock, ending));
        for (int i = 0; i < lanes.size(); i++) {
            runners.add(runner(runtime.laneAgents().get(i), lanes.get(i), clock, ending));
        }
        runners.add(runner(runtime.storeAgent(), store, clock, ending));
        runners.forEach(AgentRunner::start);
    }

    private static AgentRunner runner(Agent agent, Doorbell bell, Clock clock, FaultHandler faults) {
        return new AgentRunner(agent.name(), bell, List.of(agent), clock, IdleStrategy.DEFAULT, faults);
    }

    public JobRuntime runtime() {
        return runtime;
    }

    /**
     * Ends the threads; what was not committed is given up. Stop the job first. A thread that is in user code and does not
     * come back is left to itself.
     *
     * @return whether all have ended
     */
    public boolean close() {
        boolean ended = true;
        // Lanes and the store first: the I/O agent closes the stores, which nobody may use by then.
        for (int i = runners.size() - 1; i >= 0; i--) {
            ended &= runners.get(i).close(THREAD_END_MAX);
        }
        if (!ended) {
            LOG.error("job={} leaves a thread behind that is in user code", runtime.job());
        }
        return ended;
    }
}
