package io.millrace.streams.runtime;

import io.millrace.client.Pending;
import io.millrace.kernel.DeterministicScheduler;
import io.millrace.kernel.Signal;
import io.millrace.streams.JobMetrics;
import io.millrace.streams.JobOptions;
import io.millrace.streams.JobState;
import io.millrace.streams.Topology;
import java.util.List;

/**
 * A job on zero threads: its agents are stepped by a scheduler, together with those of its log, in manual time. The same
 * seed gives the same run.
 *
 * <p>A crash is a driver that stops stepping: {@link #abandon} takes the agents out without closing anything.
 */
public final class SteppedJob {

    private final JobRuntime runtime;
    private final DeterministicScheduler scheduler;

    /** Adds a job's agents to a scheduler; {@link #start} makes it run. */
    public SteppedJob(Topology topology, JobOptions options, JobRuntime.Ports ports, DeterministicScheduler scheduler) {
        this.scheduler = scheduler;
        int lanes = Math.max(1, options.lanes());
        this.runtime = new JobRuntime(topology, options, ports, JobRuntime.Signals.none(lanes), lane -> List.of());
        scheduler.addAll(runtime.agents());
    }

    public JobRuntime runtime() {
        return runtime;
    }

    /** Starts the job and steps until it runs, or has failed. */
    public SteppedJob start() {
        runtime.start();
        scheduler.runUntil(() -> state() == JobState.RUNNING || state().isFinal());
        return this;
    }

    /** Steps until everything in the inputs has been read and committed, or the job has ended. */
    public void drain() {
        Pending<Void> drained = runtime.drained(Signal.NONE);
        scheduler.runUntil(() -> drained.isDone() || state().isFinal());
    }

    /** Ends the epoch and steps until it is committed, or the job has ended. */
    public void commit() {
        Pending<Void> committed = runtime.commit(Signal.NONE);
        scheduler.runUntil(() -> committed.isDone() || state().isFinal());
    }

    /** Commits the last epoch, writes the state and takes the agents out. */
    public void stop() {
        runtime.stop();
        scheduler.runUntil(() -> state().isFinal());
        abandon();
    }

    /** As if the process had died: the agents are not stepped any more, and nothing is closed. */
    public void abandon() {
        runtime.agents().forEach(scheduler::remove);
    }

    public JobState state() {
        return runtime.state();
    }

    public JobMetrics metrics() {
        return runtime.metrics();
    }
}
