package io.millrace.streams.runtime;

import io.millrace.kernel.Pipeline;
import io.millrace.streams.DropReason;
import io.millrace.streams.JobMetrics;
import io.millrace.streams.JobMetrics.LaneMetrics;
import io.millrace.streams.JobState;
import io.millrace.streams.JobStateListener;
import io.millrace.streams.plan.Plan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What everybody may know of a job. Written by the I/O agent, read from any thread. */
final class JobStatusBoard {

    /** How old the numbers may be. */
    private static final long REFRESH_NS = 100_000_000;

    private static final Logger LOG = LoggerFactory.getLogger(JobAgent.LOGGER);

    /** What the I/O agent knows of an attempt's inputs. */
    private record Inputs(
            long attempts, long commits, long lagRecords, long eventTimeMs, Map<String, Double> progress) {}

    private final String job;
    private final List<LaneGauges> gauges;
    private final List<DropCounters> drops;
    private final List<Pipeline<?>> pipelines;
    private final List<JobStateListener> listeners = new CopyOnWriteArrayList<>();
    private volatile JobState state = JobState.CREATED;
    private volatile @Nullable JobFault fault;
    private volatile @Nullable Plan plan;
    private volatile Inputs inputs = new Inputs(0, 0, 0, Long.MIN_VALUE, Map.of());
    private long refreshedNs = Long.MIN_VALUE;
    private long refreshedCommits = -1;

    /** @param pipelines of the lanes, in their order */
    JobStatusBoard(String job, List<LaneGauges> gauges, List<DropCounters> drops, List<Pipeline<?>> pipelines) {
        this.job = job;
        this.gauges = List.copyOf(gauges);
        this.drops = List.copyOf(drops);
        this.pipelines = List.copyOf(pipelines);
    }

    void listen(JobStateListener listener) {
        listeners.add(listener);
    }

    JobState state() {
        return state;
    }

    @Nullable
    JobFault fault() {
        return fault;
    }

    /** The job goes to a state; nothing happens if it is there. */
    void became(JobState next) {
        JobState before = state;
        if (before == next) {
            return;
        }
        if (!before.mayBecome(next)) {
            throw new IllegalStateException("job " + job + " cannot go from " + before + " to " + next);
        }
        state = next;
        LOG.info("job={} {} → {}", job, before, next);
        for (JobStateListener listener : listeners) {
            try {
                listener.changed(before, next);
            } catch (RuntimeException e) {
                LOG.warn("job={} a state listener failed", job, e);
            }
        }
    }

    @Nullable
    Plan plan() {
        return plan;
    }

    void failed(JobFault why) {
        fault = why;
    }

    /** Publishes what the I/O agent knows, if that is old. */
    void refresh(@Nullable Attempt attempt, long nowNs) {
        if (attempt == null || attempt.running() == null) {
            return;
        }
        long commits = attempt.committedCount();
        if (commits == refreshedCommits && attempt.number() == inputs.attempts() && nowNs - refreshedNs < REFRESH_NS) {
            return;
        }
        refreshedNs = nowNs;
        refreshedCommits = commits;
        Running running = attempt.running();
        Prepared prepared = attempt.prepared();
        plan = prepared == null ? plan : prepared.plan();
        long lag = 0;
        long eventTime = Long.MIN_VALUE;
        Map<String, Double> progress = new HashMap<>();
        if (running != null) {
            for (TaskFeed feed : running.ingest().feeds()) {
                for (InputReader input : feed.inputs) {
                    lag += Math.max(0, input.lag());
                    eventTime = Math.max(eventTime, input.largestMs());
                    if (input instanceof ForeignInput foreign) {
                        progress.put(ForeignInput.positionName(input.input), foreign.progress());
                    }
                }
            }
        }
        inputs = new Inputs(attempt.number(), commits, lag, eventTime, progress);
    }

    JobMetrics metrics() {
        Inputs known = inputs;
        JobFault failure = fault;
        long in = 0;
        long out = 0;
        long held = 0;
        for (LaneGauges lane : gauges) {
            in += lane.recordsIn();
            out += lane.recordsOut();
            held += lane.heldBytes();
        }
        Map<String, Map<DropReason, Long>> dropped = new HashMap<>();
        drops.forEach(counters -> counters.addTo(dropped));
        return new JobMetrics(
                state,
                failure == null ? null : failure.getMessage(),
                known.attempts(),
                known.commits(),
                in,
                out,
                known.lagRecords(),
                known.eventTimeMs(),
                known.progress(),
                held,
                lanes(),
                dropped);
    }

    private List<LaneMetrics> lanes() {
        List<LaneMetrics> lanes = new ArrayList<>();
        for (Pipeline<?> pipeline : pipelines) {
            lanes.add(new LaneMetrics(lanes.size(), pipeline.size(), pipeline.capacity()));
        }
        return lanes;
    }
}
