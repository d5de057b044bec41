package io.millrace.streams;

/** Told when a job's state changes. Called on the job's I/O thread: must return soon, and must not wait for the job. */
@FunctionalInterface
public interface JobStateListener {

    void changed(JobState before, JobState now);
}
