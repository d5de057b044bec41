package io.millrace.server.node;

import io.millrace.streams.Job;
import io.millrace.streams.JobMetrics;
import io.millrace.streams.JobState;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** How the jobs of this process are. Labels are the names of jobs, which the program sets, their lanes and their states. */
final class JobMeters {

    private static final String JOB = "job";
    private static final double MS_PER_SECOND = 1_000;

    private final Supplier<? extends Collection<Job>> jobs;

    /** @param jobs that were started; of several with one name the last counts */
    JobMeters(Supplier<? extends Collection<Job>> jobs) {
        this.jobs = jobs;
    }

    void addTo(Snapshots to) {
        Map<String, Job> byName = new TreeMap<>();
        jobs.get().forEach(job -> byName.put(job.name(), job));
        byName.forEach((name, job) -> add(to, name, job, job.metrics()));
    }

    private static void add(Snapshots to, String job, Job running, JobMetrics now) {
        for (JobState state : JobState.values()) {
            to.gauge(
                    "millrace_job_state",
                    "1 for the state in which the job is, restoring among them",
                    now.state() == state ? 1 : 0,
                    JOB,
                    job,
                    "state",
                    state.name().toLowerCase(Locale.ROOT));
        }
        to.counter(
                "millrace_job_attempts", "How often the job was begun, by itself or again", now.attempts(), JOB, job);
        to.counter("millrace_job_commits", "Epochs committed by the current attempt", now.commits(), JOB, job);
        to.counter("millrace_job_records_in", "Input records run by the current attempt", now.recordsIn(), JOB, job);
        to.counter("millrace_job_records_out", "Records written by the current attempt", now.recordsOut(), JOB, job);
        to.counter("millrace_job_drops", "Records left out, whatever the reason", drops(now), JOB, job);
        to.gauge("millrace_job_lag_records", "Records in the inputs that were not taken", now.lagRecords(), JOB, job);
        to.gauge(
                "millrace_job_lag_seconds",
                "How far the event time reached is behind the clock, while there is something to read",
                running.lagTime().toMillis() / MS_PER_SECOND,
                JOB,
                job);
        to.gauge(
                "millrace_job_held_bytes",
                "State and records that are not written below yet",
                now.heldBytes(),
                JOB,
                job);
        now.progress().values().stream()
                .filter(share -> share >= 0)
                .mapToDouble(Double::doubleValue)
                .min()
                .ifPresent(share -> to.gauge(
                        "millrace_job_source_progress", "The slowest foreign source, 0 to 1", share, JOB, job));
        for (JobMetrics.LaneMetrics lane : now.lanes()) {
            String[] labels = {JOB, job, "lane", Integer.toString(lane.lane())};
            to.gauge("millrace_pipeline_queued", "Frames in the pipeline of a lane", lane.queued(), labels);
            to.gauge("millrace_pipeline_queued_max", "How many there may be", lane.queuedMax(), labels);
        }
    }

    private static long drops(JobMetrics now) {
        return now.drops().values().stream()
                .flatMap(byReason -> byReason.values().stream())
                .mapToLong(Long::longValue)
                .sum();
    }
}
