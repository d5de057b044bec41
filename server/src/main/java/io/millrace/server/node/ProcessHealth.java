package io.millrace.server.node;

import io.millrace.node.LogNode;
import io.millrace.streams.Job;
import io.millrace.streams.JobState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Whether a process lives and whether it can serve. Any thread. */
final class ProcessHealth {

    private final LogNode log;
    private final Supplier<@Nullable Throwable> fault;
    private final Supplier<? extends Collection<Job>> jobs;

    /**
     * @param fault why an agent has stopped, null if none has
     * @param jobs that were started
     */
    ProcessHealth(LogNode log, Supplier<@Nullable Throwable> fault, Supplier<? extends Collection<Job>> jobs) {
        this.log = log;
        this.fault = fault;
        this.jobs = jobs;
    }

    /** Why the process should be started again, if it should: an agent has failed, or the disk has. */
    Optional<String> deadBecause() {
        Throwable failure = fault.get();
        if (failure != null) {
            return Optional.of("an agent has failed: " + failure);
        }
        return log.failure();
    }

    /** Why it should get no work at the moment, if it should not: one sentence for each thing that is not ready. */
    List<String> notReadyBecause() {
        List<String> reasons = new ArrayList<>();
        deadBecause().ifPresent(reasons::add);
        log.shortage().ifPresent(reasons::add);
        for (Job job : jobs.get()) {
            JobState state = job.state();
            if (state != JobState.RUNNING && state != JobState.STOPPED) {
                String why = job.metrics().failure();
                reasons.add("job " + job.name() + " is " + state + (why == null ? "" : ": " + why));
            }
        }
        return reasons;
    }
}
